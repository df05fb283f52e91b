package halab.systems.dsc.asmcmd;

/** dmasmcmd does not do what it was told to; the message is what it prints. */
final class AsmRefusal extends Exception {
  private static final long serialVersionUID = 1L;

  /** The disk is in use (reference 7.4). */
  static final int IN_USE = -11034;

  /** Import without an export before (reference 7.4). */
  static final int NOT_EXPORTED = -802;

  /** The disk cannot be opened (reference 7.4). */
  static final int OPEN_FAILED = -4546;

  /** A refusal to which the vendor has given a number. */
  AsmRefusal(int code, String text) {
    super("[code:" + code + "] error info :" + text);
  }

  AsmRefusal(String text) {
    super(text);
  }
}
