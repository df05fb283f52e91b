package halab.cli.demo;

import halab.systems.LabPlan;
import java.io.IOException;
import java.util.List;

/** The main job of one system as a story. */
interface Play {
  /** Name of the system. */
  String system();

  /** The lab that it plays in; see {@link halab.cli.lab.Creator.Planner}. */
  LabPlan plan(int portBase, String publicNet);

  /**
   * Plays, from a lab that is off to one in which everything is read back.
   *
   * @return what was shown, as the verdict tells it
   */
  String play(Stage stage) throws Broken, IOException;

  /** Commands worth trying on a lab that is kept. */
  List<String> goOn(String lab);
}
