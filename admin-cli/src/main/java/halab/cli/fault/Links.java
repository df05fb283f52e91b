package halab.cli.fault;

import halab.sim.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The links of a lab, brought into the state that the held faults describe. */
public interface Links {
  /**
   * One link fault between two hosts.
   *
   * @param id names it in the journal and in whatever puts it into force
   */
  record Held(String id, Fault.Link link) {}

  /**
   * What is to be, and what changed.
   *
   * @param held everything in force from now on
   * @param fresh the part of it that begins now and has to be proven
   * @param lifted what ends now; what was queued on a link that was cut is dropped with it
   * @param sweep whatever else stands between hosts goes too, as far as HALab can take it away
   */
  record Change(List<Held> held, List<Held> fresh, List<Held> lifted, boolean sweep) {}

  /**
   * Makes it so.
   *
   * @return the receipt: what was done where, and what proves it
   * @throws halab.cli.Failure when a fresh fault does not bite
   */
  String apply(Change change) throws IOException;

  /** What these faults have bitten outside the daemons, by id; status asks the daemons itself. */
  Map<String, Long> bitten(List<Held> held);

  /** The link faults among entries of the journal. */
  static List<Held> in(List<Journal.Entry> entries) {
    List<Held> links = new ArrayList<>();
    for (Journal.Entry entry : entries) {
      if (entry.fault() instanceof Fault.Link link) {
        links.add(new Held(entry.id(), link));
      }
    }
    return links;
  }
}
