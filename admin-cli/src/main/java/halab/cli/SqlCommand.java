package halab.cli;

import halab.cli.lab.LiveLab;
import halab.cli.sql.Passwords;
import halab.cli.sql.ServiceFile;
import halab.cli.sql.ServiceSession;
import halab.cli.sql.SqlSession;
import halab.cli.sql.Standpoint;
import halab.systems.dm.SvcService;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code halab sql}: statements to an instance. */
@Command(
    name = "sql",
    mixinStandardHelpOptions = true,
    description = {
      "Send SQL to the lab: through its movable addresses (where it has none: to the instance that"
          + " takes writes), or to the instance of one host.",
      "Any PostgreSQL client does as well; --url prints where it connects."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  halab sql -c \"select * from v\\$instance\"     whoever has the first address",
      "  halab sql n2 -c \"select * from v\\$instance\"  the instance of n2",
      "  halab sql                                    a console",
      "  halab sql n2 --answer-within 2000 -c \"select 1\"  give up after 2 s",
      "  halab sql --service dsc                      as a client of the vendor's driver",
      "  halab sql user ann                           a user, where passwords are asked for",
      "  psql \"$(halab sql --url)\""
    })
final class SqlCommand implements Callable<Integer> {
  /** Nobody is there to interrupt statements that are given or piped in. */
  private static final int ANSWER_MS = 60_000;

  @ParentCommand private Main main;
  @Mixin private Labs labs;
  @Mixin private From from;

  @Parameters(
      arity = "0..1",
      paramLabel = "HOST",
      description =
          "The instance of this host; without, whoever has the lab's addresses or takes writes.")
  private String host;

  @Option(
      names = "--service",
      paramLabel = "NAME",
      description =
          "By this service of dm_svc.conf in the lab's folder: the vendor's driver chooses the"
              + " instance, switches and says so.")
  private String service;

  @Option(
      names = "-c",
      paramLabel = "SQL",
      description = "Run this and leave; may be given more than once.")
  private List<String> statements = new ArrayList<>();

  @Option(
      names = "--answer-within",
      paramLabel = "MS",
      description =
          "How long the answer to a statement is waited for; 0 for ever (in a console that somebody"
              + " types into 0, else "
              + ANSWER_MS
              + " ms).")
  private Integer answerMs;

  @Option(
      names = "--user",
      defaultValue = "halab",
      description =
          "User name (${DEFAULT-VALUE}); a password is taken from PGPASSWORD or ~/.pgpass.")
  private String user;

  @Option(names = "--url", description = "Print where PostgreSQL clients connect, and leave.")
  private boolean url;

  @Option(
      names = "--output",
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table or json: one object per row (${DEFAULT-VALUE}).")
  private Output output;

  /** How rows are printed. */
  enum Output {
    TABLE,
    JSON
  }

  @Override
  public Integer call() throws IOException {
    if (answerMs != null && answerMs < 0) {
      throw Failure.usage("--answer-within wants milliseconds, or 0 for ever");
    }
    try (LiveLab lab = labs.open()) {
      Integer code = from.elsewhere(lab);
      return code == null ? here(lab) : code;
    }
  }

  @Command(
      name = "user",
      mixinStandardHelpOptions = true,
      description = {
        "Add a user of the lab's SQL, or set the user's password anew.",
        "The password is asked for, or is the first line of standard input. Users count in a lab"
            + " with sql_auth = scram-sha-256 in its lab.ini, from the instances' next start on."
      },
      footerHeading = "%nExamples:%n",
      footer = {
        "  halab sql user ann                    asks for the password",
        "  halab sql user ann < password-file"
      })
  int user(
      @Mixin Labs which,
      @Parameters(paramLabel = "NAME", description = "Letters, digits and _ . @ -") String name)
      throws IOException {
    try (LiveLab lab = which.open()) {
      Passwords.require(lab.model(), name);
      Console console = typed() ? System.console() : null;
      String password =
          console == null
              ? Passwords.read(
                  new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)))
              : Passwords.asked(console, name);
      main.out.line(Passwords.store(lab.model(), name, password));
      return halab.kernel.ExitCode.OK;
    }
  }

  private boolean typed() {
    return main.out.terminal() && "1".equals(System.getenv("HALAB_TTY_IN"));
  }

  private int answerWithin() {
    if (answerMs != null) {
      return answerMs;
    }
    return statements.isEmpty() && typed() ? 0 : ANSWER_MS;
  }

  private int here(LiveLab lab) throws IOException {
    return service == null ? direct(lab) : byService(lab);
  }

  private int byService(LiveLab lab) throws IOException {
    if (host != null || url) {
      throw Failure.usage("--service chooses the instance; leave out HOST and --url");
    }
    SvcService chosen = ServiceFile.service(lab, service, main.out);
    try (Standpoint place = from.of(lab);
        ServiceSession session = ServiceSession.of(place, chosen, user, answerWithin())) {
      return session.talk(main.out, output == Output.JSON, statements, typed());
    }
  }

  private int direct(LiveLab lab) throws IOException {
    try (Standpoint place = from.of(lab);
        SqlSession session = SqlSession.of(place, host, user, answerWithin())) {
      if (url && from.given()) {
        throw Failure.usage("--url and --from: the ways of a host end with this command");
      }
      if (url) {
        main.out.line(session.libpqUrl());
        return halab.kernel.ExitCode.OK;
      }
      return session.talk(main.out, output == Output.JSON, statements, typed());
    }
  }
}
