package halab.systems.dsc;

/**
 * What was wrong with a redo thread when it was read last.
 *
 * @param reason names the place; empty when nothing was
 * @param times how often in turn it was the same
 */
record ThreadDamage(String reason, int times) {
  static final ThreadDamage NONE = new ThreadDamage("", 0);

  ThreadDamage seen(String again) {
    return new ThreadDamage(again, again.equals(reason) ? times + 1 : 1);
  }
}
