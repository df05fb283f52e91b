package halab.cli;

import halab.systems.EmulatedSystem;
import halab.systems.Systems;
import java.util.ArrayList;

/** The systems that HALab knows, for help and completion. */
final class SystemNames extends ArrayList<String> {
  /** The one that is meant where none is named. */
  static final String DEFAULT = "dsc";

  private static final long serialVersionUID = 1L;

  SystemNames() {
    super(Systems.ALL.stream().map(EmulatedSystem::name).toList());
  }
}
