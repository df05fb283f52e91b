package halab.systems.dsc.monitor;

import halab.dsc.proto.MonAnswer;
import halab.dsc.proto.MonPush;
import halab.dsc.proto.MonRefused;
import halab.dsc.proto.MonRelay;
import halab.dsc.proto.MonWelcome;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import java.util.List;

/** What the monitor's rows are written against: a CSS's messages and an operator's words. */
sealed interface MonTrigger {
  record Welcome(Endpoint from, MonWelcome message) implements MonTrigger {}

  record Refused(Endpoint from, MonRefused message) implements MonTrigger {}

  record Push(Endpoint from, MonPush message) implements MonTrigger {
    @Override
    public String toString() {
      return "Push[from=" + from + ", control=" + message.getControlCss() + "]";
    }
  }

  record Relay(Endpoint from, MonRelay message) implements MonTrigger {}

  record Answer(Endpoint from, MonAnswer message) implements MonTrigger {}

  /** An operator's command: exactly one last reply is owed to it. */
  sealed interface Asked extends MonTrigger {
    long request();
  }

  /** {@code show [G]}; group is empty for all. */
  record Show(long request, String group) implements Asked {}

  record ShowConfig(long request) implements Asked {}

  record ShowMonitor(long request) implements Asked {}

  /** A command for CSSs. {@code group} and {@code ep} are empty unless it means one. */
  record Change(long request, Verb verb, String group, String ep) implements Asked {
    /** The command as its last line repeats it, in capitals. */
    String title() {
      return verb.title(group, ep);
    }
  }

  record Help(long request) implements Asked {}

  record Exit(long request) implements Asked {}

  /** Words that are no command. */
  record Unknown(long request, String words, String meant) implements Asked {}

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
          Welcome.class,
          Refused.class,
          Push.class,
          Relay.class,
          Answer.class,
          Show.class,
          ShowConfig.class,
          ShowMonitor.class,
          Change.class,
          Help.class,
          Exit.class,
          Unknown.class,
          Stray.class);

  /** Names the trigger that an event is. Messages count only from a CSS of dmcssm.ini. */
  static Object decode(DmcssmState state, Event event) {
    if (event instanceof Event.Received received) {
      return state.css(received.from()) == null ? stray(event) : message(received);
    }
    if (event instanceof Event.Command command) {
      return Words.parse(state.style().dialect(), command.requestId(), command.words());
    }
    return ALL.contains(event.getClass()) ? event : stray(event);
  }

  private static Object message(Event.Received received) {
    Endpoint from = received.from();
    if (received.message() instanceof MonPush push) {
      return new Push(from, push);
    } else if (received.message() instanceof MonRelay relay) {
      return new Relay(from, relay);
    } else if (received.message() instanceof MonAnswer answer) {
      return new Answer(from, answer);
    } else if (received.message() instanceof MonWelcome welcome) {
      return new Welcome(from, welcome);
    } else if (received.message() instanceof MonRefused refused) {
      return new Refused(from, refused);
    }
    return stray(received);
  }

  private static Stray stray(Event event) {
    return new Stray(event.getClass().getSimpleName());
  }
}
