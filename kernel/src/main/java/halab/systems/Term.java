package halab.systems;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A part of a flow: what is waited for, and how long that takes in milliseconds of lab time. A
 * prediction is a sum of {@code expectedMs}, a bound the sum of {@code mostMs} of the same terms.
 *
 * @param step name of the part, the same in a prediction and in what was measured: "DB CRASH_STEP1"
 * @param leastMs below zero where the part may have begun before what it is counted from
 * @param expectedMs on a machine that has nothing else to do
 * @param mostMs granted by bounds
 * @param parameter the vendor's parameter that decides, with its value; empty: none does
 * @param why what is waited for, in a few words
 */
public record Term(
    String step, long leastMs, long expectedMs, long mostMs, String parameter, String why) {

  /** The sum of one number of all terms. */
  public static long sum(List<Term> terms, ToLongFunction<Term> what) {
    return terms.stream().mapToLong(what).sum();
  }
}
