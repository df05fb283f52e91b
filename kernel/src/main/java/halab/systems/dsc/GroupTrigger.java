package halab.systems.dsc;

import halab.dsc.proto.DcrGroup;
import java.util.List;

/** What the rows of a group's table are written against. */
final class GroupTrigger {
  static final List<Class<?>> ALL =
      List.of(
          Look.class,
          MarksDurable.class,
          MarksSeen.class,
          VipSet.class,
          Stop.class,
          HaltEp.class,
          Force.class,
          CrashEp.class,
          Break.class,
          Recover.class,
          Extend.class);

  private GroupTrigger() {}

  /** The control CSS looked at the VOTE disk: once a tick, and again where a step falls through. */
  record Look() {}

  /** The fault marks in the DCR are durable as wanted. */
  record MarksDurable() {}

  /** The group's block of the DCR was read before a start. */
  record MarksSeen(DcrGroup dcr) {}

  /** An address on this host was configured, or could not be. */
  record VipSet(String nic, String address, String mask, boolean up, String failure) {}

  /** Monitor: EP STOP. */
  record Stop() {}

  /** Monitor: EP HALT. */
  record HaltEp(int ep) {}

  /** Monitor: OPEN FORCE. */
  record Force() {}

  /** Monitor: EP CRASH; the EP counts as failed now. */
  record CrashEp(int ep) {}

  /** Monitor: EP BREAK; whoever is lost is handled. */
  record Break() {}

  /** Monitor: EP RECOVER; the next one that asks rejoins. */
  record Recover() {}

  /** Monitor: EXTEND NODE; the group as it stands in the DCR now. */
  record Extend(DcrGroup dcr) {}
}
