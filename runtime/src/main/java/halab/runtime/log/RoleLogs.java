package halab.runtime.log;

import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Level;
import halab.kernel.Now;
import halab.kernel.RowKind;
import halab.runtime.lab.Lab;
import halab.systems.VendorLog;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What a daemon writes down: the vendor's log under the vendor's name, {@code decision.log} with
 * one line per row that moved or refused, and {@code events.jsonl} for machines. A line that says
 * again what the line before said is counted, not repeated. Loop thread only.
 */
public final class RoleLogs {
  private static final long MAX_BYTES = 8 << 20;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private final Endpoint self;
  private final Path ownDir;
  private final VendorLog vendor;
  private final long pid;
  private final ZoneId zone = ZoneId.systemDefault();
  private final VendorFiles vendorFiles;
  private final LogFile decisions = new LogFile(MAX_BYTES);
  private final LogFile events = new LogFile(MAX_BYTES);
  private String lastDecision = "";
  private long repeated;

  /**
   * @param limits of the vendor's log
   */
  public RoleLogs(Lab lab, Endpoint self, VendorLog vendor, VendorLog.Limits limits, long pid) {
    this.self = self;
    Path vendorDir = lab.log(self.host());
    this.vendorFiles = new VendorFiles(vendorDir, vendor, limits);
    this.ownDir = vendorDir.resolve(self.role());
    this.vendor = vendor;
    this.pid = pid;
  }

  private LocalDateTime at(Now now) {
    return LocalDateTime.ofInstant(Instant.ofEpochMilli(now.wallMs()), zone);
  }

  /** A line of the vendor's own log. */
  public void say(String instance, Level level, String text, Now now) {
    LocalDateTime at = at(now);
    text.lines()
        .forEach(line -> vendorFiles.append(instance, at, vendor.line(at, level, pid, line)));
    event("say", now, new JsonLine().put("level", level.name()).put("text", text));
  }

  /** A row fired; logged when it moved or refused. */
  public void fired(Effect.Fired fired, Now now) {
    if (fired.kind() != RowKind.MOVE && fired.kind() != RowKind.REFUSE) {
      return;
    }
    String arrow = fired.kind() == RowKind.MOVE ? fired.from() + "->" + fired.to() : fired.from();
    String what =
        fired.table()
            + " row="
            + fired.row()
            + " "
            + arrow
            + (fired.kind() == RowKind.REFUSE ? " refused" : "")
            + " on="
            + fired.on();
    if (what.equals(lastDecision)) {
      repeated++;
      return;
    }
    endRepetition(now);
    lastDecision = what;
    decide(now, what + " \"" + fired.why() + "\"");
    event(
        fired.kind() == RowKind.MOVE ? "moved" : "refused",
        now,
        new JsonLine()
            .put("table", fired.table())
            .put("row", fired.row())
            .put("from", fired.from())
            .put("to", fired.to())
            .put("on", fired.on())
            .put("why", fired.why()));
  }

  private void endRepetition(Now now) {
    if (repeated > 0) {
      decide(now, "(the same " + repeated + " more times)");
      repeated = 0;
    }
  }

  private void decide(Now now, String what) {
    String line = TIME.format(at(now)) + " " + self + " " + what;
    decisions.append(ownDir.resolve("decision.log"), line.replace('\n', ' '));
  }

  /** Something for machines, with {@code detail} as an object of its own. */
  public void event(String kind, Now now, JsonLine detail) {
    String head =
        new JsonLine()
            .put("wall_ms", now.wallMs())
            .put("mono_ms", now.monoMs())
            .put("endpoint", self.toString())
            .put("pid", pid)
            .put("kind", kind)
            .toString();
    String line = head.substring(0, head.length() - 1) + ",\"detail\":" + detail + "}";
    events.append(ownDir.resolve("events.jsonl"), line);
  }

  /** Hands everything to the operating system. */
  public void flush() {
    vendorFiles.flush();
    decisions.flush();
    events.flush();
  }

  /** Writes down what was still being counted. */
  public void finish(Now now) {
    endRepetition(now);
    flush();
  }

  /** Lines lost because they could not be written. */
  public long lost() {
    return vendorFiles.lost() + decisions.lost() + events.lost();
  }
}
