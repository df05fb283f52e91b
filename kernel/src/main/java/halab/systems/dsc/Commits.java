package halab.systems.dsc;

import halab.bricks.Certifier;
import halab.dsc.proto.EpRecord;
import halab.redo.proto.RlogPkg;
import java.util.List;
import java.util.function.Consumer;
import org.pcollections.TreePMap;

/**
 * What a dmserver knows of commits: its own transactions on their way, the packages of the total
 * order that it has and has not applied, and, as control EP, what it granted. Frozen once made:
 * {@link #with} changes a fresh copy.
 *
 * <p>One number says where an EP stands: its {@link #position}, the end of the prefix of the order
 * that it has applied, LSNs without a package (void) left out.
 */
final class Commits implements Cloneable {
  /** Stands in the pool at an LSN that no package will ever have. */
  static final RlogPkg VOID = RlogPkg.getDefaultInstance();

  static final Commits NONE = new Commits();

  /**
   * A transaction of an own session.
   *
   * @param lsn its place; 0: none yet
   * @param askedMs when it was asked for last; 0: not yet
   */
  record Own(RlogPkg pkg, long lsn, long askedMs) {}

  /** Packages that are being written to the own redo thread. */
  record Batch(long request, List<RlogPkg> pkgs, long askedMs, int failures) {}

  /** A durable package that some member has not shown yet. */
  record Offer(RlogPkg pkg, long sentMs) {}

  /** Control EP: a place that was given away. */
  record Grant(int ep, long tx, long sentMs) {}

  /** Rises with every START2 or STEP2 with which a control EP begins; 0: belongs to none yet. */
  long epoch;

  /** Control EP of this epoch. */
  int control = DscText.NONE;

  /** EPs that have to show a package before it is committed, this one included. */
  List<Integer> members = List.of();

  /** A crash is being handled: no new places. */
  boolean frozen;

  // ---- own transactions, in the order of their way

  TreePMap<Long, Own> own = TreePMap.empty();

  /** Highest LSN granted to this EP. */
  long grantedLsn;

  /** Packages with a place that wait to be written, by LSN. */
  TreePMap<Long, RlogPkg> queue = TreePMap.empty();

  /** Null: nothing is being written. */
  Batch writing;

  /** By LSN: own ones, and after a crash those of the dead at the control EP. */
  TreePMap<Long, Offer> offered = TreePMap.empty();

  // ---- the order

  /** Packages, or {@link #VOID}, behind the handed prefix. */
  TreePMap<Long, RlogPkg> pool = TreePMap.empty();

  boolean engineOpen;

  /** End of the prefix that was handed to the engine. */
  long handed;

  /** LSN of the last package handed to the engine. */
  long lastHanded;

  /** What the engine has applied. */
  long applied;

  /** Highest LSN heard of. */
  long known;

  /** Positions of the other EPs, as they told. */
  TreePMap<Integer, Long> shown = TreePMap.empty();

  // ---- control EP (the certifier is kept by all, for whoever takes over)

  Certifier certifier = Certifier.from(0, Certifier.WINDOW);

  /** Grants, by LSN, that their EP may not know yet or that are not applied here yet. */
  TreePMap<Long, Grant> grants = TreePMap.empty();

  /** Up to which LSN each EP knows its grants. */
  TreePMap<Integer, Long> confirmed = TreePMap.empty();

  /**
   * Control EP: the epoch in which all have handed the role over to it; 0: it was not handed over.
   */
  long adjusted;

  /** When something may have to be asked or sent again; MAX_VALUE: nothing is open. */
  long againAtMs = Long.MAX_VALUE;

  // ---- checkpoints

  /** When the next one is due; MAX_VALUE: not while one is under way, or not by the interval. */
  long checkpointAtMs = Long.MAX_VALUE;

  /** Redo that the engine was handed since the last one began, in bytes. */
  long handedBytes;

  /** Under way; 0: none. */
  long checkpointRequest;

  /** The own record that says so is being written under this number; 0: none is. */
  long recordRequest;

  /** How often in a row it could not be written. */
  int recordFailures;

  long imageRequest;
  long imageAskedMs;

  /** What outlives a crash of the engine here, and at the others as they told. */
  long durable;

  TreePMap<Integer, Long> durables = TreePMap.empty();

  /** By EP that a crash handling left out: every LSN up to here has a package or is void. */
  TreePMap<Integer, Long> settled = TreePMap.empty();

  /** What the image on the shared disk holds; 0: there is none. */
  long image;

  /** Up to where the own redo thread is released. */
  long released;

  /** The own record as it was written last. */
  EpRecord record = EpRecord.getDefaultInstance();

  Commits with(Consumer<Commits> change) {
    try {
      Commits copy = (Commits) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  long position() {
    return applied >= lastHanded ? handed : applied;
  }

  /** What every member has shown, this EP being {@code self}. */
  long shownByAll(int self) {
    long least = position();
    for (int member : members) {
      if (member != self) {
        least = Math.min(least, shown.getOrDefault(member, 0L));
      }
    }
    return least;
  }

  /** Nothing of this EP is on its way, and all that it has heard of is applied. */
  boolean drained() {
    return own.values().stream().allMatch(o -> o.askedMs() == 0)
        && queue.isEmpty()
        && writing == null
        && offered.isEmpty()
        && position() >= known;
  }

  /** Something is on its way that may get lost. */
  boolean waits() {
    return !own.isEmpty() || writing != null || !offered.isEmpty() || !grants.isEmpty();
  }

  /** Packages that this EP has and that some member has not shown, without payload, by LSN. */
  List<RlogPkg> claims() {
    TreePMap<Long, RlogPkg> all = queue;
    if (writing != null) {
      for (RlogPkg pkg : writing.pkgs()) {
        all = all.plus(pkg.getLsn(), pkg);
      }
    }
    for (Offer offer : offered.values()) {
      all = all.plus(offer.pkg().getLsn(), offer.pkg());
    }
    return all.values().stream().map(p -> p.toBuilder().clearPayload().build()).toList();
  }

  /** Takes a package, or {@link #VOID}, that is not applied or on its way to the engine yet. */
  void put(long lsn, RlogPkg pkg) {
    known = Math.max(known, lsn);
    if (lsn > handed) {
      pool = pool.plus(lsn, pkg);
      note(pkg);
    }
  }

  /** From now on whoever did not see this package conflicts with it. */
  void note(RlogPkg pkg) {
    if (pkg != VOID) {
      certifier = certifier.note(pkg.getLsn(), pkg.getThread(), pkg.getTx(), pkg.getKeyList());
    }
  }
}
