package halab.runtime;

import halab.admin.proto.FiredRow;
import halab.admin.proto.StepReply;
import halab.kernel.Effect;
import halab.kernel.Explanation;
import halab.kernel.OneLine;
import halab.systems.Role;
import java.util.List;
import java.util.function.Consumer;

/** Puts into an answer what one event did to a held role. */
final class Steps<S> implements Hold.Asker<S> {
  private final Role<S> role;
  private final Loop<S> loop;
  private final Consumer<StepReply> answer;

  Steps(Role<S> role, Loop<S> loop, Consumer<StepReply> answer) {
    this.role = role;
    this.loop = loop;
    this.answer = answer;
  }

  @Override
  public void stepped(Hold.Stepped<S> stepped) {
    S after = stepped.step().state();
    List<String> shown = role.view().apply(after).changesSince(role.view().apply(stepped.before()));
    StepReply.Builder reply =
        here()
            .setCame(true)
            .addAllLine(
                Explanation.lines(stepped.before(), stepped.event(), stepped.step(), shown));
    for (Effect.Fired row : Explanation.rows(stepped.step())) {
      reply.addRow(
          FiredRow.newBuilder()
              .setTable(row.table())
              .setRow(row.row())
              .setFrom(row.from())
              .setTo(row.to()));
    }
    if (stepped.exitCode() != null) {
      reply.setEnded(true).setExitCode(stepped.exitCode());
    }
    answer.accept(reply.build());
  }

  @Override
  public void nothingCame() {
    answer.accept(here().build());
  }

  private StepReply.Builder here() {
    return StepReply.newBuilder()
        .setPhase(role.core().phase(loop.state()))
        .setWaiting(waiting(loop.waiting()));
  }

  static halab.admin.proto.Waiting waiting(Loop.Waiting waiting) {
    return halab.admin.proto.Waiting.newBuilder()
        .setEvents(waiting.events())
        .setNext(waiting.next() == null ? "" : OneLine.of(waiting.next()))
        .setDueInMs(waiting.dueInMs() == Long.MAX_VALUE ? -1 : waiting.dueInMs())
        .build();
  }
}
