package halab.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code halab fsm}: the tables that the daemons run, printed. */
@Command(name = "fsm", description = "Print the state machines of a system as they run.")
final class FsmCommand implements Runnable {
  @ParentCommand private Main main;

  @Override
  public void run() {
    main.out.line("fsm");
  }
}
