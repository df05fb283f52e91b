package halab.systems;

import halab.kernel.Endpoint;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Something that is written down about a lab: a line of a daemon's {@code events.jsonl}, or a fault
 * of the journal.
 *
 * @param atMs wall clock, lab time, milliseconds since 1970
 * @param who the daemon; null for a fault
 * @param kind as {@code events.jsonl} has it, or {@link #FAULT}
 * @param detail fields by name; numbers as their digits
 */
public record Happened(long atMs, Endpoint who, String kind, SortedMap<String, String> detail) {
  /** Kind of a fault; its {@code text} is in the words of scenarios. */
  public static final String FAULT = "fault";

  public Happened {
    detail = Collections.unmodifiableSortedMap(new TreeMap<>(detail));
  }

  /** A fault that was injected. */
  public static Happened fault(long atMs, String text) {
    return new Happened(atMs, null, FAULT, new TreeMap<>(Map.of("text", text)));
  }

  /** The field, empty when there is none. */
  public String get(String field) {
    return detail.getOrDefault(field, "");
  }
}
