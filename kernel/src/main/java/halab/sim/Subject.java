package halab.sim;

import halab.systems.EmulatedSystem;
import halab.systems.dsc.Dsc;
import halab.systems.dsc.DscChecks;
import halab.systems.dw.Dw;
import halab.systems.dw.DwChecks;
import java.util.List;

/** A system together with what is needed to judge it. */
public record Subject(EmulatedSystem system, SystemChecks checks) {
  /** Every system that scenarios and seeded runs know, one line each. */
  public static final List<Subject> ALL =
      List.of(new Subject(Dsc.SYSTEM, new DscChecks()), new Subject(Dw.SYSTEM, new DwChecks()));

  /** The subject of this name, or an {@link IllegalArgumentException} that lists the known ones. */
  public static Subject named(String name) {
    return find(ALL, name);
  }

  static Subject find(List<Subject> subjects, String name) {
    for (Subject subject : subjects) {
      if (subject.system().name().equals(name)) {
        return subject;
      }
    }
    throw new IllegalArgumentException(
        "no system '"
            + name
            + "'; known: "
            + String.join(", ", subjects.stream().map(s -> s.system().name()).toList()));
  }
}
