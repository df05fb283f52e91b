package halab.runtime;

import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.runtime.disk.DiskClient;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.Lab;
import halab.systems.Role;
import halab.systems.Serving;
import halab.systems.SqlView;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What holds the rows of an instance: engine, redo and SQL. Called on the loop's thread alone, so
 * nothing here blocks; outcomes come back as events.
 */
public interface DataPlane {
  /** Begins to carry out an effect on data; an {@link IllegalStateException} for any other. */
  void perform(Effect effect);

  /** What the role says after each step about answering users. */
  void serving(Serving serving);

  /** The process ends in order: sessions end, files are closed, within some seconds. */
  void close();

  /**
   * Where an instance stands.
   *
   * @param events takes outcomes from any thread
   * @param faults of this process, those of its host's own disks among them
   * @param clock lab time, the role's own
   * @param oneEngine see {@link Role.Data}
   * @param procedures see {@link Role.Data}
   * @param archive how archived redo is laid out
   * @param views the vendor's views over the role's state
   */
  record Place(
      Lab lab,
      Endpoint self,
      Consumer<Event> events,
      DiskClient disks,
      FaultRules faults,
      LabClock clock,
      boolean oneEngine,
      List<String> procedures,
      Role.Archive archive,
      List<View> views) {}

  /**
   * One of the vendor's views.
   *
   * @param rows looks at the role's state, and at a disk where the view needs it; blocks, within
   *     bounds, so never for the loop's thread. An {@link IllegalStateException} says what did not
   *     answer.
   */
  record View(String name, List<SqlView.Column> columns, Supplier<List<List<Object>>> rows) {}

  /** Makes one for a role that holds rows. */
  interface Maker {
    DataPlane make(Place place);
  }
}
