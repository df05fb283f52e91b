package halab.cli.demo;

/** What stops a demo: a promise that was not kept. */
final class Broken extends Exception {
  private static final long serialVersionUID = 1L;

  Broken(String message) {
    super(message);
  }
}
