package halab.runtime.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import halab.admin.proto.FaultAction;
import halab.admin.proto.FaultRule;
import halab.admin.proto.FaultSet;
import halab.kernel.Core;
import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.kernel.Now;
import halab.kernel.Step;
import halab.kernel.Table;
import halab.kernel.Wire;
import halab.runtime.Await;
import halab.runtime.LabClock;
import halab.runtime.Loop;
import halab.runtime.Mailbox;
import halab.runtime.Net;
import halab.runtime.faults.FaultRules;
import halab.runtime.toy.Toy;
import halab.runtime.toy.ToyLab;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MalLinksTest {
  private static final Endpoint N1 = new Endpoint("n1", Toy.ROLE);
  private static final Endpoint N2 = new Endpoint("n2", Toy.ROLE);
  @TempDir Path dir;
  private ToyLab toy;
  private End a;
  private End b;

  /** One end: links, and everything its role would be told, in order. */
  private final class End implements AutoCloseable {
    final List<Event> told = new CopyOnWriteArrayList<>();
    final Net net = new Net(toy.lab.secret());
    final Mailbox mailbox = new Mailbox(1000);
    final FaultRules faults;
    final MalLinks links;
    private final Thread reader;

    End(Endpoint self, long life) {
      faults = new FaultRules(self.toString());
      LabClock clock = new LabClock(toy.lab.epochWallMs(), 1);
      Toy system = new Toy();
      List<Message> known = List.of(StringValue.getDefaultInstance());
      links =
          new MalLinks(
              self, life, toy.lab, net, clock, new Wire(known), faults, mailbox, system::network);
      net.serve(
          toy.lab, self.toString(), "127.0.0.1", toy.lab.port(self), List.of(links.service()));
      Loop<Integer> loop =
          new Loop<>(new Listener(told), 0, mailbox, clock, (e, now) -> null, System.err);
      reader =
          new Thread(
              () -> {
                try {
                  loop.run(new Event.Started(life, 1));
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      reader.setDaemon(true);
      reader.start();
    }

    long count(Class<? extends Event> kind) {
      return told.stream().filter(kind::isInstance).count();
    }

    boolean isUp() {
      List<Event> changes =
          told.stream()
              .filter(e -> e instanceof Event.LinkUp || e instanceof Event.LinkDown)
              .toList();
      return !changes.isEmpty() && changes.get(changes.size() - 1) instanceof Event.LinkUp;
    }

    List<String> heard() {
      return told.stream()
          .filter(Event.Received.class::isInstance)
          .map(e -> ((StringValue) ((Event.Received) e).message()).getValue())
          .toList();
    }

    void set(FaultAction action, int percent, long delayMs) {
      FaultRule rule =
          FaultRule.newBuilder()
              .setId("r")
              .setNetwork("private")
              .setOut(true)
              .setAction(action)
              .setPercent(percent)
              .setDelayMs(delayMs)
              .build();
      faults.replace(FaultSet.newBuilder().addRule(rule).build());
    }

    @Override
    public void close() {
      reader.interrupt();
      net.close();
    }
  }

  /** A role that remembers. */
  private record Listener(List<Event> told) implements Core<Integer> {
    @Override
    public Step<Integer> step(Integer state, Event event, Now now) {
      told.add(event);
      return new Step<>(state, List.<Effect>of(), 1);
    }

    @Override
    public long wakeAtMs(Integer state) {
      return Long.MAX_VALUE;
    }

    @Override
    public String phase(Integer state) {
      return "ONLY";
    }

    @Override
    public Table<?, ?> table() {
      return null;
    }
  }

  @BeforeEach
  void makeLab() throws IOException {
    toy = new ToyLab(dir);
  }

  @AfterEach
  void closeAll() {
    for (End end : new End[] {a, b}) {
      if (end != null) {
        end.close();
      }
    }
    toy.close();
  }

  private void both() {
    a = new End(N1, 1);
    b = new End(N2, 1);
    a.links.connect(N2);
    Await.until("the link stands", () -> a.isUp() && b.isUp());
  }

  private void say(End from, Endpoint to, String text) {
    from.links.send(to, StringValue.of(text));
  }

  @Test
  void oneDialsBothAreToldAndMessagesGoBothWaysInOrder() {
    both();
    for (int i = 0; i < 100; i++) {
      say(a, N2, "a" + i);
      say(b, N1, "b" + i);
    }
    Await.until("all arrive", () -> a.heard().size() == 100 && b.heard().size() == 100);
    assertThat(b.heard().get(99)).isEqualTo("a99");
    assertThat(a.told).contains(new Event.LinkUp(N2, 1));
    assertThat(b.told).contains(new Event.LinkUp(N1, 1));
  }

  @Test
  void whenBothDialAtOnceOneStreamStaysAndNobodySeesItBreak() {
    a = new End(N1, 1);
    b = new End(N2, 1);
    a.links.connect(N2);
    b.links.connect(N1);
    Await.until("the link stands", () -> a.isUp() && b.isUp());
    say(a, N2, "x");
    say(b, N1, "y");
    Await.until("messages pass", () -> a.heard().size() == 1 && b.heard().size() == 1);
    assertThat(b.count(Event.LinkDown.class)).isZero();
  }

  @Test
  void aPeerThatIsNotThereIsToldOnceAndDialledUntilItComes() {
    a = new End(N1, 1);
    a.links.connect(N2);
    Await.until("refused", () -> a.count(Event.LinkDown.class) == 1);
    say(a, N2, "lost");
    b = new End(N2, 1);
    Await.until("the link stands", () -> a.isUp() && b.isUp());
    assertThat(a.count(Event.LinkDown.class)).isEqualTo(1);
    assertThat(b.heard()).isEmpty();
  }

  @Test
  void aNewLifeOfThePeerReplacesTheOld() {
    both();
    b.close();
    Await.until("the break is told", () -> a.count(Event.LinkDown.class) == 1);
    b = new End(N2, 2);
    Await.until("the new life is linked", () -> a.told.contains(new Event.LinkUp(N2, 2)));
  }

  @Test
  void aBlackHoleIsSilentAndItsEndBringsANewStream() {
    both();
    a.set(FaultAction.BLACK_HOLE, 0, 0);
    say(a, N2, "swallowed");
    say(b, N1, "comes through");
    Await.until("one way still works", () -> a.heard().contains("comes through"));
    assertThat(a.isUp() && b.isUp()).isTrue();
    a.faults.replace(FaultSet.getDefaultInstance());
    Await.until("reset on both ends", () -> b.count(Event.LinkUp.class) == 2);
    Await.until("up again", () -> a.isUp() && b.isUp());
    say(a, N2, "after");
    Await.until("messages pass", () -> b.heard().contains("after"));
    assertThat(b.heard()).doesNotContain("swallowed");
  }

  @Test
  void aRefusedPairIsToldAtOnceAndComesBackAfterHealing() {
    both();
    a.set(FaultAction.REFUSE, 0, 0);
    Await.until("both are told", () -> !a.isUp() && !b.isUp());
    assertThat(a.count(Event.LinkDown.class)).isEqualTo(1);
    a.faults.replace(FaultSet.getDefaultInstance());
    Await.until("up again", () -> a.isUp() && b.isUp());
  }

  @Test
  void delayKeepsTheOrderAndDuplicatesArriveTwice() {
    both();
    a.set(FaultAction.DELAY, 0, 150);
    say(a, N2, "1");
    a.set(FaultAction.DELAY, 0, 1);
    say(a, N2, "2");
    Await.until("both arrive", () -> b.heard().size() == 2);
    assertThat(b.heard()).containsExactly("1", "2");
    a.set(FaultAction.DUPLICATE, 100, 0);
    say(a, N2, "3");
    Await.until("twice", () -> b.heard().size() == 4);
  }

  @Test
  void aMessageOfUnknownTypeIsCountedAndHarmsNothing() {
    both();
    a.links.send(N2, BoolValue.of(true));
    say(a, N2, "still here");
    Await.until("the next one passes", () -> b.heard().contains("still here"));
    assertThat(b.count(Event.LinkDown.class)).isZero();
  }
}
