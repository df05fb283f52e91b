package halab.kernel;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Names and bytes of a system's messages. The name is the protobuf full name, so a message keeps
 * its meaning however the list grows; a name that is not in the list is refused.
 */
public final class Wire {
  private final Map<String, Message> byName = new TreeMap<>();

  public Wire(List<Message> messages) {
    for (Message message : messages) {
      byName.put(message.getDescriptorForType().getFullName(), message.getDefaultInstanceForType());
    }
  }

  public static String nameOf(Message message) {
    return message.getDescriptorForType().getFullName();
  }

  /** Reads a message; throws {@link InvalidProtocolBufferException} for a stranger or bad bytes. */
  public Message parse(String name, byte[] bytes) throws InvalidProtocolBufferException {
    Message known = byName.get(name);
    if (known == null) {
      throw new InvalidProtocolBufferException("unknown message type '" + name + "'");
    }
    return known.getParserForType().parseFrom(bytes);
  }
}
