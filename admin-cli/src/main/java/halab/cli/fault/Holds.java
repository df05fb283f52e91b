package halab.cli.fault;

import halab.admin.proto.HoldReply;
import halab.admin.proto.Waiting;
import halab.cli.Failure;
import halab.cli.lab.LabClient;
import halab.kernel.Endpoint;
import halab.sim.Fault;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * Roles whose events wait. The daemon itself holds, so a hold outlives the tool that asked for it
 * and ends with the daemon's process; the journal says who is meant to be held.
 */
final class Holds {
  private final LabClient client;
  private final Consumer<String> receipts;

  Holds(LabClient client, Consumer<String> receipts) {
    this.client = client;
    this.receipts = receipts;
  }

  void hold(Journal journal, Fault.Hold fault) throws IOException {
    ended(journal, fault.target());
    Journal.Entry entry = journal.begin(fault.text(), true);
    HoldReply reply = client.hold(fault.target(), true);
    if (!reply.getFailure().isEmpty()) {
      // The question may have arrived and the answer not; a daemon that never held is released too.
      client.hold(fault.target(), false);
      journal.healed(entry, "not held: " + reply.getFailure());
      throw Failure.no("cannot hold " + fault.target() + ": it " + reply.getFailure());
    }
    told(
        journal,
        entry,
        fault.target()
            + (reply.getChanged() ? " is held" : " was held already")
            + " (life "
            + reply.getIncarnation()
            + ") in "
            + reply.getPhase()
            + "; "
            + waiting(reply.getWaiting()));
  }

  void release(Journal journal, Fault.Hold fault) throws IOException {
    Journal.Entry entry = journal.begin(fault.text(), false);
    HoldReply reply = client.hold(fault.target(), false);
    if (!reply.getFailure().isEmpty()) {
      throw Failure.no("cannot release " + fault.target() + ": it " + reply.getFailure());
    }
    told(journal, entry, fault.target() + released(reply));
    lift(journal, fault.target(), "released");
  }

  private static String released(HoldReply reply) {
    return reply.getChanged()
        ? " is released; events that waited and come in now: " + reply.getWaiting().getEvents()
        : " was not held";
  }

  /**
   * Releases all of them, whatever the journal says.
   *
   * @param daemons those that answer; no other holds anything
   */
  void releaseAll(Journal journal, Collection<Endpoint> daemons) throws IOException {
    List<Journal.Entry> held = journal.held();
    for (Endpoint daemon : daemons) {
      HoldReply reply = client.hold(daemon, false);
      if (reply.getChanged()) {
        Journal.Entry entry = journal.begin(new Fault.Hold(daemon, false).text(), false);
        told(journal, entry, daemon + released(reply));
      }
    }
    for (Journal.Entry entry : held) {
      if (entry.fault() instanceof Fault.Hold) {
        journal.healed(entry, "nothing is held any more");
      }
    }
  }

  /** The daemon's process is gone or about to be held anew: what was held before is over. */
  void ended(Journal journal, Endpoint daemon) throws IOException {
    lift(journal, daemon, "ended with its process, or held again");
  }

  private void lift(Journal journal, Endpoint daemon, String why) throws IOException {
    for (Journal.Entry entry : journal.held()) {
      if (entry.fault() instanceof Fault.Hold hold && hold.target().equals(daemon)) {
        journal.healed(entry, why);
      }
    }
  }

  private void told(Journal journal, Journal.Entry entry, String receipt) throws IOException {
    journal.receipt(entry, receipt);
    receipts.accept(receipt);
  }

  /** What has not come in yet, for people. */
  static String waiting(Waiting waiting) {
    if (waiting.getEvents() > 0) {
      return waiting.getEvents()
          + (waiting.getEvents() == 1 ? " event waits" : " events wait")
          + ", next: "
          + waiting.getNext();
    }
    return waiting.getDueInMs() < 0
        ? "nothing waits"
        : "nothing waits, next deadline in " + waiting.getDueInMs() + " ms";
  }
}
