package halab.kernel;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * A role's behaviour as rows: in which phases, on which trigger, under which condition, into which
 * phase, doing what, and why. The first matching row wins and one event fires one row. The table is
 * the only place that assigns a phase: an action that tries is a {@link Check} failure.
 *
 * <p>A trigger is the event itself, the message inside a {@link Event.Received}, or whatever the
 * {@code decode} function makes of them, so that rows name things as the vendor's manual does.
 *
 * @param <S> state; holds the phase
 * @param <P> phases, each a guarantee of what holds while the role is in it
 */
public final class Table<S, P extends Enum<P>> implements Core<S> {
  /** Condition of a row. */
  public interface Guard<S, T> {
    boolean holds(S state, T trigger, Now now);
  }

  /** What a row does: returns the next state (phase untouched) and appends effects. */
  public interface Action<S, T> {
    S apply(S state, T trigger, Now now, List<Effect> out);
  }

  /** Turns an event into the trigger that rows are written against. */
  public interface Decoder<S> {
    Object decode(S state, Event event);
  }

  /**
   * One row. {@code when} is null for an unconditional row, {@code to} is null unless it moves.
   *
   * @param number stable for good; rises down the table
   */
  public record Row<S, P extends Enum<P>, T>(
      int number,
      RowKind kind,
      Set<P> from,
      Class<T> on,
      Guard<S, T> when,
      P to,
      Action<S, T> then,
      String why) {
    boolean holds(S state, Object trigger, Now now) {
      return when == null || when.holds(state, on.cast(trigger), now);
    }

    S act(S state, Object trigger, Now now, List<Effect> out) {
      return then == null ? state : then.apply(state, on.cast(trigger), now, out);
    }
  }

  private final String name;
  private final Class<P> phases;
  private final Function<S, P> phaseOf;
  private final BiFunction<S, P, S> withPhase;
  private final ToLongFunction<S> wakeAt;
  private final Decoder<S> decoder;
  private final List<Class<?>> triggers;
  private final Function<S, String> label;
  private final List<Row<S, P, ?>> rows = new ArrayList<>();

  /**
   * By the class of a trigger and the phase: the rows that hear it, in their order. Most events are
   * heard by few of many rows, and guards of the others are none of their business. Grows as
   * triggers come, by a new map each time: all threads of a process share a table.
   */
  private volatile Map<Class<?>, Map<P, List<Row<S, P, ?>>>> hearing = Map.of();

  /**
   * @param name what decision logs call this table
   * @param label the name for one run of it; a table run per group adds the group
   * @param triggers every trigger class a row may be asked about; the matrix check enumerates them
   */
  public Table(
      String name,
      Class<P> phases,
      Function<S, P> phaseOf,
      BiFunction<S, P, S> withPhase,
      ToLongFunction<S> wakeAt,
      Decoder<S> decoder,
      Function<S, String> label,
      List<Class<?>> triggers) {
    this.name = name;
    this.phases = phases;
    this.phaseOf = phaseOf;
    this.withPhase = withPhase;
    this.wakeAt = wakeAt;
    this.decoder = decoder;
    this.label = label;
    this.triggers = List.copyOf(triggers);
  }

  /** Enters phase {@code to}. A null guard always holds. */
  public <T> Table<S, P> move(
      int row, Set<P> from, Class<T> on, Guard<S, T> when, P to, Action<S, T> then, String why) {
    return add(new Row<>(row, RowKind.MOVE, from, on, when, to, then, why));
  }

  public <T> Table<S, P> move(
      int row, P from, Class<T> on, Guard<S, T> when, P to, Action<S, T> then, String why) {
    return move(row, EnumSet.of(from), on, when, to, then, why);
  }

  /** Acts and stays in the phase. */
  public <T> Table<S, P> stay(
      int row, Set<P> from, Class<T> on, Guard<S, T> when, Action<S, T> then, String why) {
    return add(new Row<>(row, RowKind.STAY, from, on, when, null, then, why));
  }

  public <T> Table<S, P> stay(
      int row, P from, Class<T> on, Guard<S, T> when, Action<S, T> then, String why) {
    return stay(row, EnumSet.of(from), on, when, then, why);
  }

  /** Hears the trigger and does nothing, on purpose. */
  public <T> Table<S, P> ignore(int row, Set<P> from, Class<T> on, String why) {
    return add(new Row<>(row, RowKind.IGNORE, from, on, null, null, null, why));
  }

  /** Says no: the action answers whoever asked; logged as a decision. */
  public <T> Table<S, P> refuse(
      int row, Set<P> from, Class<T> on, Guard<S, T> when, Action<S, T> answer, String why) {
    return add(new Row<>(row, RowKind.REFUSE, from, on, when, null, answer, why));
  }

  private Table<S, P> add(Row<S, P, ?> row) {
    int last = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).number();
    Check.that(row.number() > last, "%s: row %d must rise above %d", name, row.number(), last);
    Check.that(!row.from().isEmpty(), "%s: row %d has no phase", name, row.number());
    Check.that(
        triggers.contains(row.on()), "%s: row %d: undeclared %s", name, row.number(), row.on());
    rows.add(row);
    hearing = Map.of();
    return this;
  }

  @Override
  public Step<S> step(S state, Event event, Now now) {
    return fire(state, decoder.decode(state, event), now);
  }

  /** Runs a trigger that is already decoded; how a table nested in another role is driven. */
  public Step<S> fire(S state, Object trigger, Now now) {
    P phase = phaseOf.apply(state);
    List<Row<S, P, ?>> candidates = hearing(trigger.getClass()).get(phase);
    for (int i = 0; i < candidates.size(); i++) {
      Row<S, P, ?> row = candidates.get(i);
      if (row.holds(state, trigger, now)) {
        return fireRow(row, state, phase, trigger, now);
      }
    }
    throw new Check.Failed(name + ": no row for " + trigger + " in " + phase);
  }

  private Map<P, List<Row<S, P, ?>>> hearing(Class<?> trigger) {
    Map<P, List<Row<S, P, ?>>> known = hearing.get(trigger);
    if (known != null) {
      return known;
    }
    Map<Class<?>, Map<P, List<Row<S, P, ?>>>> more = new LinkedHashMap<>(hearing);
    more.put(trigger, whoHears(trigger));
    hearing = more;
    return more.get(trigger);
  }

  private Map<P, List<Row<S, P, ?>>> whoHears(Class<?> trigger) {
    Map<P, List<Row<S, P, ?>>> byPhase = new EnumMap<>(phases);
    for (P phase : phases.getEnumConstants()) {
      byPhase.put(
          phase,
          rows.stream()
              .filter(row -> row.from().contains(phase) && row.on().isAssignableFrom(trigger))
              .toList());
    }
    return byPhase;
  }

  private Step<S> fireRow(Row<S, P, ?> row, S state, P phase, Object trigger, Now now) {
    List<Effect> out = new ArrayList<>();
    out.add(null); // the place of Fired, known only afterwards
    S next = row.act(state, trigger, now, out);
    if (phaseOf.apply(next) != phase) {
      throw new Check.Failed(name + ": row " + row.number() + " assigned the phase itself");
    }
    if (row.kind() == RowKind.MOVE) {
      next = withPhase.apply(next, row.to());
    }
    boolean decided = row.kind() == RowKind.MOVE || row.kind() == RowKind.REFUSE;
    String on = decided ? String.valueOf(trigger) : row.on().getSimpleName();
    String to = row.kind() == RowKind.MOVE ? row.to().name() : phase.name();
    out.set(
        0,
        new Effect.Fired(
            label.apply(state), row.number(), row.kind(), phase.name(), to, on, row.why()));
    return new Step<>(next, out, row.number());
  }

  @Override
  public long wakeAtMs(S state) {
    return wakeAt.applyAsLong(state);
  }

  @Override
  public String phase(S state) {
    return phaseOf.apply(state).name();
  }

  @Override
  public Table<?, ?> table() {
    return this;
  }

  public String name() {
    return name;
  }

  public List<P> phases() {
    return List.of(phases.getEnumConstants());
  }

  public List<Class<?>> triggers() {
    return triggers;
  }

  public List<Row<S, P, ?>> rows() {
    return List.copyOf(rows);
  }

  /** A copy with one row left out: what guards of the guard (canary, row deletion) run. */
  public Table<S, P> without(int number) {
    Table<S, P> copy =
        new Table<>(name, phases, phaseOf, withPhase, wakeAt, decoder, label, triggers);
    rows.stream().filter(row -> row.number() != number).forEach(copy::add);
    Check.that(copy.rows.size() == rows.size() - 1, "%s: there is no row %d", name, number);
    return copy;
  }
}
