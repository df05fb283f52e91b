package halab.kernel;

import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;

/** Events and effects in one line each, for people. Long content is cut, words of commands too. */
public final class OneLine {
  private static final int LONGEST = 200;

  private OneLine() {}

  /** What came. Of an operator's command the first word alone: what follows may be a password. */
  public static String of(Event event) {
    if (event instanceof Event.Received received) {
      return "Received " + message(received.message()) + " from " + received.from();
    }
    if (event instanceof Event.BlocksRead read) {
      int last = read.first() + read.blocks().size() - 1;
      return "BlocksRead " + read.disk() + " blocks " + read.first() + " to " + last;
    }
    if (event instanceof Event.Command command) {
      return "Command " + (command.words().isEmpty() ? "without words" : command.words().get(0));
    }
    return of(event.toString());
  }

  /** What is wanted done. */
  public static String of(Effect effect) {
    if (effect instanceof Effect.Send send) {
      return "Send " + message(send.message()) + " to " + send.to();
    }
    if (effect instanceof Effect.WriteBlock write) {
      return "WriteBlock "
          + write.disk()
          + " block "
          + write.block()
          + ": "
          + message(write.payload());
    }
    if (effect instanceof Effect.Say say) {
      return "Say " + say.level() + ": " + of(say.text());
    }
    if (effect instanceof Effect.Print print) {
      return "Print " + of(print.text());
    }
    return of(effect.toString());
  }

  /** Any text with its line ends taken out, cut where it is long. */
  public static String of(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }

  private static String message(Message message) {
    String fields = TextFormat.printer().emittingSingleLine(true).printToString(message);
    return message.getDescriptorForType().getName() + of("{" + fields.strip() + "}");
  }
}
