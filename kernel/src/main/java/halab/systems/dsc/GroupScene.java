package halab.systems.dsc;

import java.util.function.Consumer;

/** A group in the light of one tick: what the rows of a group's table are written over. */
record GroupScene(GroupState g, Scene c) {
  GroupScene with(Consumer<GroupState> change) {
    return new GroupScene(g.with(change), c);
  }

  GroupScene withPhase(GroupPhase phase) {
    return with(x -> x.phase = phase);
  }
}
