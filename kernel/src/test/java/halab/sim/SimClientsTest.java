package halab.sim;

import static org.assertj.core.api.Assertions.assertThat;

import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.redo.proto.RlogPkg;
import halab.systems.Serving;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Users of instances that change what they serve within one life. */
class SimClientsTest {
  /** Writes down what it is told. */
  private static final class Listener implements Ledger {
    final List<String> told = new ArrayList<>();

    @Override
    public void applied(SimProcess who, long before, RlogPkg pkg) {
      told.add("applied " + who.endpoint() + " " + before + " " + pkg.getLsn());
    }

    @Override
    public void committed(SimProcess who, long lsn, RlogPkg pkg) {
      told.add("committed " + who.endpoint() + " " + lsn);
    }

    @Override
    public void reads(SimProcess who) {
      told.add("reads " + who.endpoint());
    }

    @Override
    public List<String> differences(List<SimProcess> engines) {
      return List.of();
    }
  }

  private static List<Event.CommitAsked> asked(Errand lab, Endpoint who) {
    return lab.heard(who, Event.CommitAsked.class);
  }

  @Test
  void onlyAnInstanceThatServesWritesIsAskedToCommit() {
    Errand lab = new Errand(1);
    lab.serves(Errand.LEFT, Serving.Mode.OPEN);
    lab.serves(Errand.FAR, Serving.Mode.READ_ONLY);
    lab.runs(60_000);
    assertThat(lab.world.process(Errand.FAR).servesReads()).isTrue();
    assertThat(lab.world.process(Errand.FAR).servesWrites()).isFalse();
    assertThat(asked(lab, Errand.LEFT)).isNotEmpty();
    assertThat(asked(lab, Errand.FAR)).isEmpty();
  }

  @Test
  void whoWaitsWhileAnInstanceIsSuspendedMayBeRefusedMuchLater() {
    Errand lab = new Errand(1);
    lab.serves(Errand.LEFT, Serving.Mode.OPEN);
    lab.runs(60_000);
    lab.serves(Errand.LEFT, Serving.Mode.SUSPENDED);
    lab.runs(600_000);
    List<Event.CommitAsked> owed = asked(lab, Errand.LEFT);
    assertThat(lab.world.clients().unanswered()).hasSameSizeAs(owed);
    lab.serves(Errand.LEFT, Serving.Mode.READ_ONLY);
    for (Event.CommitAsked each : owed) {
      lab.does(Errand.LEFT, new Effect.Refused(each.tx(), "25006", "standby"));
    }
    lab.runs(60_000);
    assertThat(lab.world.clients().unanswered()).isEmpty();
    assertThat(asked(lab, Errand.LEFT)).isEqualTo(owed);
  }

  @Test
  void whatUsersArePromisedIsTheSystemsAffair() {
    Listener ledger = new Listener();
    Errand lab = new Errand(1, ledger);
    lab.serves(Errand.LEFT, Serving.Mode.OPEN);
    lab.runs(60_000);
    Event.CommitAsked first = asked(lab, Errand.LEFT).get(0);
    RlogPkg pkg = first.pkg().toBuilder().setLsn(5).build();
    lab.does(Errand.LEFT, new Effect.Apply(5, pkg, first.tx()));
    lab.does(Errand.FAR, new Effect.Apply(5, pkg, 0));
    lab.runs(100);
    lab.does(Errand.LEFT, new Effect.Committed(first.tx(), 5));
    assertThat(ledger.told)
        .startsWith("reads n1/left")
        .contains("applied n1/left 0 5", "applied n2/left 0 5")
        .contains("committed n1/left 5");
    Seeds seeds = new Seeds(new Subject(lab.system(), new ErrandChecks(0, ledger)));
    assertThat(seeds.world(seeds.schedule(1)).ledger()).isSameAs(ledger);
  }
}
