package halab.systems;

import java.util.List;

/**
 * What follows a kind of fault or an operator's act, with the parts of its time.
 *
 * @param name as bounds call it: "crash"
 * @param what from where to where its time counts, in a few words
 * @param terms in the order of their coming
 */
public record Flow(String name, String what, List<Term> terms) {
  public Flow {
    terms = List.copyOf(terms);
  }

  /** How long it may take: what {@code bound(NAME)} means in scenarios. */
  public long boundMs() {
    return Term.sum(terms, Term::mostMs);
  }
}
