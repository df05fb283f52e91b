package halab.systems;

import java.util.List;

/**
 * What follows a kind of fault or an operator's act, with the parts of its time.
 *
 * @param name as bounds call it: "crash"
 * @param what from where to where its time counts, in a few words
 * @param terms in the order of their coming, as far as it goes
 * @param never why it does not come to its end with these parameters; empty: it does
 */
public record Flow(String name, String what, List<Term> terms, String never) {
  public Flow {
    terms = List.copyOf(terms);
  }

  /** One that comes to its end. */
  public Flow(String name, String what, List<Term> terms) {
    this(name, what, terms, "");
  }

  /** Whether it comes to its end. */
  public boolean ends() {
    return never.isEmpty();
  }

  /** How long it may take: what {@code bound(NAME)} means in scenarios. */
  public long boundMs() {
    return Term.sum(terms, Term::mostMs);
  }
}
