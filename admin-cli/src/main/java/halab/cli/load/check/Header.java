package halab.cli.load.check;

/**
 * What a history begins with: what was run, and what it is to be judged by.
 *
 * @param run name of the run, part of the names of its tables
 * @param seed of the clients' choices
 * @param clients how many clients; process p belongs to client {@code p % (clients + 1)}, and the
 *     last of these reads at the end
 * @param total sum of all balances of a bank; 0 for other workloads
 * @param oneSide true if one side only may accept writes at a time
 * @param maxOutageMs longest outage allowed, in milliseconds; 0 for no bound
 * @param wallMs wall clock at time 0 of the history, milliseconds since 1970
 * @param place where the clients were and whom they asked, for people
 */
public record Header(
    String run,
    Workload workload,
    long seed,
    int clients,
    long total,
    boolean oneSide,
    long maxOutageMs,
    long wallMs,
    String place) {

  /** Each client and the reader at the end have a slot; process numbers go round by this. */
  public int slots() {
    return clients + 1;
  }
}
