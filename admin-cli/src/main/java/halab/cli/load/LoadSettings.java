package halab.cli.load;

import halab.cli.load.check.Workload;
import java.nio.file.Path;

/**
 * What a load is to do and what it is to be judged by.
 *
 * @param clients how many, each with a connection of its own; 1 to 256
 * @param seed of the clients' choices
 * @param history file that the history is written to; null for none
 * @param answerMs how long a client waits for an answer before it gives the connection up
 * @param maxOutageMs an outage of all clients above this is a failure; 0 for no bound
 * @param oneSide true if one instance only may accept writes at a time
 */
public record LoadSettings(
    Workload workload,
    int clients,
    long seed,
    Path history,
    long answerMs,
    long maxOutageMs,
    boolean oneSide) {
  public static final int MOST_CLIENTS = 256;
  public static final long ANSWER_MS = 10_000;

  public LoadSettings {
    if (clients < 1 || clients > MOST_CLIENTS) {
      throw new IllegalArgumentException("clients must be 1 to " + MOST_CLIENTS);
    }
    if (answerMs < 1 || maxOutageMs < 0) {
      throw new IllegalArgumentException("times must not be negative, and an answer needs some");
    }
  }

  /** Eight clients, no file, every instance may accept. */
  public static LoadSettings of(Workload workload) {
    return new LoadSettings(workload, 8, 1, null, ANSWER_MS, 0, false);
  }
}
