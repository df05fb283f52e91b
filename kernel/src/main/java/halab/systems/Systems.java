package halab.systems;

import halab.systems.dsc.Dsc;
import halab.systems.dw.Dw;
import java.util.List;

/** The systems that HALab emulates, one line each. */
public final class Systems {
  public static final List<EmulatedSystem> ALL = List.of(Dsc.SYSTEM, Dw.SYSTEM);

  private Systems() {}

  /** The system of this name, or an {@link IllegalArgumentException} that lists the known ones. */
  public static EmulatedSystem named(String name) {
    return ALL.stream()
        .filter(s -> s.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no system '"
                        + name
                        + "'; known: "
                        + String.join(", ", ALL.stream().map(EmulatedSystem::name).toList())));
  }
}
