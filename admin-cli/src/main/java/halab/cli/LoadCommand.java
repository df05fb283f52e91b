package halab.cli;

import halab.cli.lab.LiveLab;
import halab.cli.load.HistoryReader;
import halab.cli.load.JdbcWhere;
import halab.cli.load.LabWhere;
import halab.cli.load.Load;
import halab.cli.load.LoadSettings;
import halab.cli.load.Progress;
import halab.cli.load.Report;
import halab.cli.load.ReportJson;
import halab.cli.load.ReportText;
import halab.cli.load.ServiceWhere;
import halab.cli.load.Where;
import halab.cli.load.check.Workload;
import halab.cli.sql.ServiceFile;
import halab.cli.sql.Standpoint;
import halab.systems.dm.SvcService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code halab load}: clients that never stop writing, and a verdict on what they were told. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = {
      "Write to a database without a pause, go on through failovers, and say whether anything that"
          + " was acknowledged is lost.",
      "",
      "bank: transfers between accounts with a row each in a ledger; the total has to stay.",
      "append: transactions that append to lists and read them; lists tell the order of all"
          + " writes.",
      "register: reads, writes and compare-and-set of single rows; each has to be linearizable.",
      "",
      "The tables are made by the load, named load_RUN_..., and stay. A password is taken from"
          + " PGPASSWORD or ~/.pgpass."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  halab load --workload append           to the lab, by its addresses, then its hosts",
      "  halab load --from n1 --seconds 60      as a client on n1",
      "  halab load --url jdbc:postgresql://127.0.0.1:5236/test?user=SYSDBA --seconds 60",
      "  halab load --workload register --until-interrupt --history h.jsonl \\",
      "      --url 'jdbc:postgresql://h1:5236,h2:5236/test?user=a&targetServerType=primary'",
      "  halab load check h.jsonl               the verdict on a history, once more"
    })
final class LoadCommand implements Callable<Integer> {
  private static final long SHOW_EVERY_MS = 1_000;

  @ParentCommand private Main main;
  @Mixin private Labs labs;
  @Mixin private From from;

  /** How long. */
  static final class Until {
    @Option(names = "--seconds", paramLabel = "N", description = "Stop after so long (30).")
    int seconds;

    @Option(names = "--until-interrupt", description = "Stop at Ctrl-C or SIGTERM, with a verdict.")
    boolean interrupt;
  }

  /** Forms of the output. */
  enum Output {
    TABLE,
    JSON
  }

  @Option(
      names = "--workload",
      defaultValue = "bank",
      description = "bank, append or register (${DEFAULT-VALUE}).")
  private Workload workload;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "8",
      description = "How many at a time, 1 to 256 (${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Instead of a lab: JDBC URL of PostgreSQL; several hosts and targetServerType as pgjdbc"
              + " has it.")
  private String url;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description =
          "By this service of dm_svc.conf in the lab's folder: the vendor's driver chooses each"
              + " client's instance.")
  private String service;

  @Option(
      names = "--user",
      defaultValue = LabWhere.USER,
      description = "Who the clients are, in a lab (${DEFAULT-VALUE}); a URL names its own.")
  private String user;

  @ArgGroup private Until until;

  @Option(
      names = "--history",
      paramLabel = "FILE",
      description = "Write what every client did and was told, as JSON lines.")
  private Path history;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Seed of the clients' choices (${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--answer-within",
      paramLabel = "MS",
      defaultValue = "10000",
      description = "How long a client waits for an answer (${DEFAULT-VALUE} ms).")
  private long answerMs;

  @Option(
      names = "--max-outage",
      paramLabel = "MS",
      defaultValue = "0",
      description = "FAIL if no client could write for longer; 0 for no bound.")
  private long maxOutageMs;

  @Option(
      names = "--one-side",
      description = "FAIL if two instances accept writes at the same time.")
  private boolean oneSide;

  @Option(
      names = "--output",
      defaultValue = "table",
      description = "table or json (${DEFAULT-VALUE}).")
  private Output output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    LoadSettings settings = settings();
    if (url != null) {
      if (from.given()) {
        throw Failure.usage("--from goes with a lab; --url names no hosts of one");
      }
      if (service != null) {
        throw Failure.usage("--service goes with a lab, --url without; leave one out");
      }
      return run(settings, where());
    }
    try (LiveLab lab = labs.open()) {
      if (from.given() && !lab.model().oneMachine()) {
        requireNothingLeftBehind();
      }
      Integer code = from.elsewhere(lab);
      if (code != null) {
        return code;
      }
      try (Standpoint place = from.of(lab)) {
        return run(settings, of(lab, place));
      }
    }
  }

  private Where of(LiveLab lab, Standpoint place) throws IOException {
    if (service == null) {
      return LabWhere.of(place, user, answerMs);
    }
    SvcService chosen = ServiceFile.service(lab, service, main.out);
    return ServiceWhere.of(place, chosen, user, answerMs);
  }

  private void requireNothingLeftBehind() {
    if (history != null) {
      throw Failure.usage("--history and --from: the file would be written within the container");
    }
    if (until != null && until.interrupt && !main.out.terminal()) {
      throw Failure.usage("--until-interrupt and --from: Ctrl-C gets there from a terminal only");
    }
  }

  private int run(LoadSettings settings, Where where) throws IOException, InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    try (Load load = Load.start(settings, where)) {
      // TERM too: a shell's background jobs may have been started deaf to INT.
      Object beforeInt = Signals.register("INT", interrupted::countDown);
      Object beforeTerm = Signals.register("TERM", interrupted::countDown);
      try {
        watch(load, interrupted);
      } finally {
        Signals.unregister("INT", beforeInt);
        Signals.unregister("TERM", beforeTerm);
      }
      if (output == Output.TABLE) {
        main.out.done();
        main.out.line(main.out.dim("reading back tables load_" + load.header().run() + "_*"));
      }
      return show(main.out, load.stop(), output);
    }
  }

  private LoadSettings settings() {
    if (until != null && !until.interrupt && until.seconds < 1) {
      throw Failure.usage("--seconds must be 1 or more");
    }
    if (history != null && (Files.isDirectory(history) || !hasFolder(history))) {
      throw Failure.usage("--history " + history + ": a folder, or in a folder that is not there");
    }
    try {
      return new LoadSettings(workload, clients, seed, history, answerMs, maxOutageMs, oneSide);
    } catch (IllegalArgumentException e) {
      throw Failure.usage(e.getMessage());
    }
  }

  private static boolean hasFolder(Path file) {
    return Files.isDirectory(file.toAbsolutePath().getParent());
  }

  private Where where() {
    try {
      return new JdbcWhere(url, answerMs);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--url: " + e.getMessage());
    }
  }

  private void watch(Load load, CountDownLatch interrupted) throws InterruptedException {
    int seconds = until == null ? 30 : until.seconds;
    boolean forEver = until != null && until.interrupt;
    long endNs = System.nanoTime() + seconds * 1_000_000_000L;
    if (output == Output.TABLE) {
      String place = load.header().place();
      main.out.line(clients + " clients, " + name(workload) + ", at " + place);
    }
    long before = 0;
    while (forEver || System.nanoTime() < endNs) {
      long leftMs = forEver ? SHOW_EVERY_MS : (endNs - System.nanoTime()) / 1_000_000 + 1;
      if (interrupted.await(Math.min(SHOW_EVERY_MS, leftMs), TimeUnit.MILLISECONDS)) {
        return;
      }
      if (output == Output.TABLE && main.out.terminal()) {
        main.out.progress(progress(load, before));
        before = load.progress().acknowledged();
      }
    }
  }

  private static String name(Workload workload) {
    return workload.name().toLowerCase(Locale.ROOT);
  }

  private String progress(Load load, long before) {
    Progress now = load.progress();
    String text = now.acknowledged() + " writes acknowledged, ";
    text +=
        load.failingForMs() > SHOW_EVERY_MS
            ? main.out.red("none for " + load.failingForMs() + " ms")
            : now.acknowledged() - before + "/s";
    return now.fault() == null ? text : text + "  " + main.out.red(now.fault());
  }

  private static int show(Out out, Report report, Output output) throws IOException {
    if (output == Output.JSON) {
      out.line(ReportJson.of(report));
    } else {
      ReportText.lines(report, out).forEach(out::line);
    }
    return report.verdict().exitCode();
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Judge a history file; the verdict is the same as at the end of its load.",
        "The format is in docs/operations/history.md."
      })
  int check(
      @Parameters(paramLabel = "FILE", description = "What --history wrote.") Path file,
      @Option(
              names = "--output",
              defaultValue = "table",
              description = "table or json (${DEFAULT-VALUE}).")
          Output form)
      throws IOException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw Failure.usage(file + " is not there, or cannot be read");
    }
    try {
      return show(main.out, HistoryReader.report(file), form);
    } catch (IllegalArgumentException e) {
      throw Failure.config(e.getMessage());
    }
  }
}
