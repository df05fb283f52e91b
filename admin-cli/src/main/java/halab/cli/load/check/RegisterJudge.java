package halab.cli.load.check;

import halab.cli.load.check.Value.Cas;
import halab.cli.load.check.Value.Read;
import halab.cli.load.check.Value.Write;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Register: each register by itself is linearizable, which means that there is one order of its
 * operations that fits what they returned and in which each has its place between its beginning and
 * its end. The reading at the end is one more read, so a lost write shows as one that fits nowhere.
 */
public final class RegisterJudge implements Judge {
  private final Findings findings;
  private final Map<Integer, Register> registers = new TreeMap<>();
  private final Map<Integer, RegisterOp> pending = new HashMap<>();
  private final Map<Integer, Boolean> readBack = new TreeMap<>();
  private long acknowledged;
  private long unknown;

  public RegisterJudge(Findings findings) {
    this.findings = findings;
  }

  @Override
  public void invoked(Op invoke) {
    RegisterOp op = op(invoke);
    if (op != null) {
      pending.put(invoke.process(), op);
      registers.computeIfAbsent(key(invoke), k -> new Register(k, findings)).invoked(op);
    }
  }

  @Override
  public void done(Op invoke, Op done) {
    RegisterOp op = pending.remove(invoke.process());
    if (op == null) {
      return;
    }
    if (done.type() == Op.Type.OK && done.value() instanceof Read read) {
      op.value = read.value() == null ? RegisterOp.NONE : read.value();
      if (done.last()) {
        readBack.put(read.key(), true);
      }
    } else if (done.type() == Op.Type.OK) {
      acknowledged++;
      readBack.putIfAbsent(key(invoke), false);
    } else if (done.type() == Op.Type.INFO) {
      unknown++;
    }
    registers.get(key(invoke)).done(op, done.type());
  }

  private static int key(Op op) {
    if (op.value() instanceof Read read) {
      return read.key();
    }
    return op.value() instanceof Write write ? write.key() : ((Cas) op.value()).key();
  }

  private static RegisterOp op(Op invoke) {
    if (invoke.value() instanceof Read) {
      return new RegisterOp(RegisterOp.Kind.READ, 0, 0, invoke);
    }
    if (invoke.value() instanceof Write write) {
      return new RegisterOp(RegisterOp.Kind.WRITE, 0, write.value(), invoke);
    }
    if (invoke.value() instanceof Cas cas) {
      return new RegisterOp(RegisterOp.Kind.CAS, cas.old(), cas.value(), invoke);
    }
    return null;
  }

  @Override
  public void end(boolean whole) {
    registers.values().forEach(Register::end);
    long missing = readBack.values().stream().filter(read -> !read).count();
    if (missing > 0) {
      findings.notReadBack(missing + " registers", whole);
    }
  }

  /** Writes that were acknowledged; found are all of them if every register fits. */
  @Override
  public Tally tally() {
    boolean all = !readBack.containsValue(false);
    boolean fits = registers.values().stream().noneMatch(Register::wrong);
    return new Tally("writes", acknowledged, all && fits ? acknowledged : -1, unknown, 0);
  }
}
