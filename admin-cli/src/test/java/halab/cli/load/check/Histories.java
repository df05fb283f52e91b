package halab.cli.load.check;

import halab.bricks.Rng;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Random histories of some clients and a {@link Model}: what they do overlaps, takes effect at some
 * moment in between, is refused at times, and at times the answer is lost.
 */
final class Histories {
  private static final int OPERATIONS = 120;

  private final Rng rng;
  private final Model model;
  private final List<Op> history = new ArrayList<>();
  private final Op[] begun = new Op[Model.CLIENTS];
  private final Value[] answers = new Value[Model.CLIENTS];
  private final boolean[] tookEffect = new boolean[Model.CLIENTS];
  private final int[] process = new int[Model.CLIENTS];
  private final List<Value> late = new ArrayList<>();

  private Histories(Workload workload, long seed) {
    rng = new Rng(seed);
    model = new Model(workload, rng.fork("model"));
  }

  static Header header(Workload workload) {
    return new Header("t", workload, 1, Model.CLIENTS, Model.TOTAL, false, 0, 0, "test");
  }

  static List<Op> good(Workload workload, long seed) {
    return new Histories(workload, seed).run();
  }

  static void feed(List<Op> history, Judge judge) {
    Map<Integer, Op> begun = new HashMap<>();
    for (Op op : history) {
      if (op.type() == Op.Type.INVOKE) {
        begun.put(op.process(), op);
        judge.invoked(op);
      } else {
        judge.done(begun.remove(op.process()), op);
      }
    }
  }

  private List<Op> run() {
    for (int client = 0; client < Model.CLIENTS; client++) {
      process[client] = client;
    }
    for (int left = OPERATIONS; left > 0; ) {
      int client = rng.below(Model.CLIENTS);
      if (begun[client] == null) {
        begin(client);
        left--;
      } else {
        goOn(client);
      }
      if (!late.isEmpty() && rng.chance(100)) {
        model.done(late.remove(rng.below(late.size())));
      }
    }
    for (int client = 0; client < Model.CLIENTS; client++) {
      while (begun[client] != null) {
        goOn(client);
      }
    }
    end();
    return history;
  }

  private void begin(int client) {
    begun[client] = Op.invoke(process[client], model.asked(client), now());
    tookEffect[client] = false;
    history.add(begun[client]);
  }

  private void goOn(int client) {
    Op invoke = begun[client];
    if (!tookEffect[client] && rng.chance(900)) {
      answers[client] = model.done(invoke.value());
      tookEffect[client] = true;
      return;
    }
    begun[client] = null;
    boolean lost = rng.chance(50);
    if (lost && invoke.value().writes()) {
      history.add(invoke.info(now(), "lost"));
      process[client] += Model.CLIENTS + 1;
      if (!tookEffect[client]) {
        late.add(invoke.value());
      }
    } else if (!tookEffect[client] || answers[client] == null) {
      history.add(invoke.fail(now(), "refused"));
    } else {
      history.add(invoke.ok(answers[client], now(), "n1"));
    }
  }

  private void end() {
    for (Value asked : model.ending()) {
      Op invoke = Op.invoke(Model.CLIENTS, asked, now()).atTheEnd();
      history.add(invoke);
      history.add(invoke.ok(model.done(asked), now(), "n1"));
    }
  }

  private long now() {
    return history.size() * 1_000_000L;
  }
}
