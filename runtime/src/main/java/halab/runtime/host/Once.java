package halab.runtime.host;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;

/** The outcome of a unary call as one of two callbacks, called once. */
final class Once<T> implements StreamObserver<T> {
  private final Consumer<T> answered;
  private final Consumer<String> failed;
  private boolean over;

  Once(Consumer<T> answered, Consumer<String> failed) {
    this.answered = answered;
    this.failed = failed;
  }

  @Override
  public synchronized void onNext(T value) {
    if (!over) {
      over = true;
      answered.accept(value);
    }
  }

  @Override
  public synchronized void onError(Throwable cause) {
    if (!over) {
      over = true;
      Status status = Status.fromThrowable(cause);
      failed.accept(
          switch (status.getCode()) {
            case UNAVAILABLE -> "is not running";
            case DEADLINE_EXCEEDED -> "does not answer";
            default -> status.getCode() + ": " + status.getDescription();
          });
    }
  }

  @Override
  public synchronized void onCompleted() {
    if (!over) {
      over = true;
      failed.accept("gave no answer");
    }
  }
}
