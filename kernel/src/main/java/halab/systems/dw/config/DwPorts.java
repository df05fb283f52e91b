package halab.systems.dw.config;

/**
 * Where a new lab's daemons listen. Within a host: {@code portBase + 0} the instance for its peers,
 * 1 the watcher, 2 the instance for its watcher, 3 SQL; 9 a monitor. Hosts that share a machine
 * have ten ports each, the ninth to sixteenth the unused half of the first eight's; {@code portBase
 * + 80} and up are left to the lab.
 *
 * @param oneMachine whether hosts share a machine's ports
 */
record DwPorts(int base, boolean oneMachine) {
  /** Most database hosts, and most monitors, that find a place on one machine. */
  static final int MOST = 16;

  private static final int TENS = 8;
  private static final int SECOND_HALF = 4;
  private static final int MONITOR = 9;

  private int of(int host, int use) {
    int within = host < TENS ? use : SECOND_HALF + use;
    return base + (oneMachine ? 10 * (host % TENS) + within : use);
  }

  int mal(int host) {
    return of(host, 0);
  }

  int watcher(int host) {
    return of(host, 1);
  }

  int instanceForWatcher(int host) {
    return of(host, 2);
  }

  int sql(int host) {
    return of(host, 3);
  }

  /** Monitor k's port, which a vendor's file knows only of confirm monitors with several parts. */
  int monitor(int k) {
    return base + (oneMachine ? 10 * (k % TENS) + MONITOR - k / TENS : MONITOR);
  }
}
