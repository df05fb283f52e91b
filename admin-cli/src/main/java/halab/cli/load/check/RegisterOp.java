package halab.cli.load.check;

/** An operation on one register while it is judged. */
final class RegisterOp {
  /** The value of a register that was never written; no operation writes it. */
  static final int NONE = Integer.MIN_VALUE;

  /** What it does. */
  enum Kind {
    READ,
    WRITE,
    CAS
  }

  final Kind kind;
  final int old;
  final Op invoke;

  /** What is written, or what a read has found. */
  int value;

  /** How it ended; null while nobody knows. */
  Op.Type outcome;

  /** Its bit in a {@link Register}'s configurations while it may still take place. */
  int slot = -1;

  RegisterOp(Kind kind, int old, int value, Op invoke) {
    this.kind = kind;
    this.old = old;
    this.value = value;
    this.invoke = invoke;
  }

  /** True if it can take place while the register has this value. */
  boolean fits(int current) {
    return switch (kind) {
      case READ -> current == value;
      case WRITE -> true;
      case CAS -> current == old;
    };
  }

  /** The register's value afterwards. */
  int after(int current) {
    return kind == Kind.READ ? current : value;
  }

  @Override
  public String toString() {
    String by = " by process " + invoke.process() + " at " + invoke.timeNs() / 1_000_000 + " ms";
    return switch (kind) {
      case READ -> "read of " + (value == NONE ? "nothing" : value) + by;
      case WRITE -> "write of " + value + by;
      case CAS -> "change of " + old + " to " + value + by;
    };
  }
}
