package halab.systems.dw.monitor;

import halab.dw.proto.DwState;
import halab.dw.proto.MonDone;
import halab.dw.proto.MonRefused;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import java.util.List;

/** What the monitor's rows are written against: a watcher's messages and an operator's words. */
sealed interface MonTrigger {
  record State(Endpoint from, DwState message) implements MonTrigger {
    @Override
    public String toString() {
      return "State[from=" + from + ", " + MonText.watcher(message.getStatus()) + "]";
    }
  }

  record Done(Endpoint from, MonDone message) implements MonTrigger {}

  record Refused(Endpoint from, MonRefused message) implements MonTrigger {}

  /** An operator's command: exactly one last reply is owed to it. */
  sealed interface Asked extends MonTrigger {
    long request();
  }

  /** A command that shows something. Names are empty where none was given. */
  record Screen(long request, Verb verb, String group, String db, String value) implements Asked {}

  /** A command that changes something through the watchers. */
  record Change(long request, Verb verb, String group, String db, String para, String value)
      implements Asked {
    /** The command in capitals, as it was given. */
    String title() {
      return (verb.title() + " " + String.join(" ", List.of(group, db, para, value)))
          .strip()
          .replaceAll("\\s+", " ");
    }
  }

  /** {@code login}; user and password are empty when not given. Never printed with a password. */
  record Login(long request, String user, String password) implements Asked {
    @Override
    public String toString() {
      return "Login[user=" + user + "]";
    }
  }

  /** {@code login /@service}: by a wallet, which this monitor does not have. */
  record Wallet(long request) implements Asked {}

  record Logout(long request) implements Asked {}

  /** A command for another kind of system than this. */
  record Foreign(long request, Verb verb) implements Asked {}

  record Exit(long request) implements Asked {}

  /**
   * Words that are no command.
   *
   * @param usage commands that begin so; empty: none does
   */
  record Unknown(long request, String words, String usage) implements Asked {}

  /** Anything that a monitor has no use for: strangers, answers to nothing it asked. */
  record Stray(String what) implements MonTrigger {}

  /** Every class a row may name. */
  List<Class<?>> ALL =
      List.of(
          Event.Started.class,
          Event.Tick.class,
          Event.LinkUp.class,
          Event.LinkDown.class,
          Event.StopRequested.class,
          State.class,
          Done.class,
          Refused.class,
          Screen.class,
          Change.class,
          Login.class,
          Wallet.class,
          Logout.class,
          Foreign.class,
          Exit.class,
          Unknown.class,
          Stray.class);

  /** Names the trigger that an event is. Messages count only from a watcher of dmmonitor.ini. */
  static Object decode(MonState state, Event event) {
    if (event instanceof Event.Received received) {
      boolean known = state.seats.stream().anyMatch(s -> s.at.equals(received.from()));
      return known ? message(received) : stray(event);
    }
    if (event instanceof Event.Command command) {
      return Words.parse(command.requestId(), command.words());
    }
    return ALL.contains(event.getClass()) ? event : stray(event);
  }

  private static Object message(Event.Received received) {
    Endpoint from = received.from();
    if (received.message() instanceof DwState state) {
      return new State(from, state);
    } else if (received.message() instanceof MonDone done) {
      return new Done(from, done);
    } else if (received.message() instanceof MonRefused refused) {
      return new Refused(from, refused);
    }
    return stray(received);
  }

  private static Stray stray(Event event) {
    return new Stray(event.getClass().getSimpleName());
  }
}
