package halab.runtime.admin;

import halab.admin.proto.AdminGrpc;
import halab.admin.proto.ConsoleLine;
import halab.admin.proto.ConsoleRequest;
import halab.admin.proto.DaemonStatus;
import halab.admin.proto.FaultReceipt;
import halab.admin.proto.FaultSet;
import halab.admin.proto.FaultsRequest;
import halab.admin.proto.HoldReply;
import halab.admin.proto.HoldRequest;
import halab.admin.proto.RunOutput;
import halab.admin.proto.RunRequest;
import halab.admin.proto.StatusRequest;
import halab.admin.proto.StepReply;
import halab.admin.proto.StepRequest;
import halab.runtime.Net;
import halab.runtime.faults.FaultRules;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The admin service of a process: status, operator's words, console, fault rules. Everything is
 * bounded: pending commands, consoles, and what a slow console may keep waiting.
 */
public final class AdminServer extends AdminGrpc.AdminImplBase {
  private static final int MAX_PENDING = 64;
  private static final int MAX_CONSOLES = 32;
  private static final int MAX_WORDS = 256;
  private static final long MAX_STEP_WAIT_MS = 60_000;

  private final Net net;
  private final FaultRules faults;
  private final AdminTarget target;

  // Network thread only, from here on.
  private final Map<Long, ServerCallStreamObserver<RunOutput>> pending = new TreeMap<>();
  private final List<Console> consoles = new ArrayList<>();
  private long lastRequest;

  private static final class Console {
    final ServerCallStreamObserver<ConsoleLine> out;
    long lost;

    Console(ServerCallStreamObserver<ConsoleLine> out) {
      this.out = out;
    }
  }

  public AdminServer(Net net, FaultRules faults, AdminTarget target) {
    this.net = net;
    this.faults = faults;
    this.target = target;
  }

  @Override
  public void status(StatusRequest request, StreamObserver<DaemonStatus> out) {
    ServerCallStreamObserver<DaemonStatus> call = (ServerCallStreamObserver<DaemonStatus>) out;
    call.setOnCancelHandler(() -> {});
    target.status(status -> net.run(() -> complete(call, status)));
  }

  @Override
  public void hold(HoldRequest request, StreamObserver<HoldReply> out) {
    ServerCallStreamObserver<HoldReply> call = (ServerCallStreamObserver<HoldReply>) out;
    call.setOnCancelHandler(() -> {});
    target.hold(!request.getRelease(), reply -> net.run(() -> complete(call, reply)));
  }

  @Override
  public void step(StepRequest request, StreamObserver<StepReply> out) {
    ServerCallStreamObserver<StepReply> call = (ServerCallStreamObserver<StepReply>) out;
    call.setOnCancelHandler(() -> {});
    long waitMs = Math.max(0, Math.min(MAX_STEP_WAIT_MS, request.getWaitMs()));
    target.step(waitMs, () -> !call.isCancelled(), reply -> net.run(() -> complete(call, reply)));
  }

  private static <T> void complete(ServerCallStreamObserver<T> call, T answer) {
    if (!call.isCancelled()) {
      call.onNext(answer);
      call.onCompleted();
    }
  }

  @Override
  public void run(RunRequest request, StreamObserver<RunOutput> out) {
    ServerCallStreamObserver<RunOutput> call = (ServerCallStreamObserver<RunOutput>) out;
    net.run(
        () -> {
          if (pending.size() >= MAX_PENDING || request.getWordCount() > MAX_WORDS) {
            call.onError(
                Status.RESOURCE_EXHAUSTED
                    .withDescription("too many commands at once, or too many words")
                    .asRuntimeException());
            return;
          }
          long id = ++lastRequest;
          pending.put(id, call);
          call.setOnCancelHandler(() -> net.run(() -> pending.remove(id)));
          target.run(id, List.copyOf(request.getWordList()));
        });
  }

  /** A piece of an answer, from any thread; {@code last} ends it. Unknown requests are ignored. */
  public void reply(long requestId, int exitCode, String text, boolean last) {
    net.run(
        () -> {
          ServerCallStreamObserver<RunOutput> call =
              last ? pending.remove(requestId) : pending.get(requestId);
          if (call == null || call.isCancelled()) {
            return;
          }
          call.onNext(
              RunOutput.newBuilder().setText(text).setLast(last).setExitCode(exitCode).build());
          if (last) {
            call.onCompleted();
          }
        });
  }

  @Override
  public void console(ConsoleRequest request, StreamObserver<ConsoleLine> out) {
    ServerCallStreamObserver<ConsoleLine> call = (ServerCallStreamObserver<ConsoleLine>) out;
    net.run(
        () -> {
          if (consoles.size() >= MAX_CONSOLES) {
            call.onError(
                Status.RESOURCE_EXHAUSTED
                    .withDescription(MAX_CONSOLES + " consoles are attached already")
                    .asRuntimeException());
            return;
          }
          Console console = new Console(call);
          consoles.add(console);
          call.setOnCancelHandler(() -> net.run(() -> consoles.remove(console)));
        });
  }

  /** Shows text on every attached console, from any thread; a full one loses it and is told. */
  public void print(String text) {
    net.run(() -> List.copyOf(consoles).forEach(console -> show(console, text)));
  }

  private void show(Console console, String text) {
    if (console.out.isCancelled()) {
      consoles.remove(console);
    } else if (!console.out.isReady()) {
      console.lost++;
    } else {
      if (console.lost > 0) {
        line(console, "[" + console.lost + " messages lost: this console was too slow]");
        console.lost = 0;
      }
      line(console, text);
    }
  }

  private static void line(Console console, String text) {
    console.out.onNext(ConsoleLine.newBuilder().setText(text).build());
  }

  @Override
  public void setFaults(FaultSet request, StreamObserver<FaultReceipt> out) {
    out.onNext(faults.replace(request));
    out.onCompleted();
  }

  @Override
  public void faults(FaultsRequest request, StreamObserver<FaultReceipt> out) {
    out.onNext(faults.receipt());
    out.onCompleted();
  }
}
