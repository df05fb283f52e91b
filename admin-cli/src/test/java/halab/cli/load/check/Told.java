package halab.cli.load.check;

import halab.cli.load.check.Value.Balances;
import halab.cli.load.check.Value.Books;
import halab.cli.load.check.Value.Cas;
import halab.cli.load.check.Value.Ledger;
import halab.cli.load.check.Value.Read;
import halab.cli.load.check.Value.Run;
import halab.cli.load.check.Value.Step;
import halab.cli.load.check.Value.Transfer;
import halab.cli.load.check.Value.Txn;
import halab.cli.load.check.Value.Write;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A history told step by step, a millisecond each. */
final class Told {
  static final long TOTAL = 100;
  private static final long MS = 1_000_000;
  private final Findings findings = new Findings();
  private final Judge judge;
  private final Map<Integer, Op> begun = new HashMap<>();
  private long nowNs;
  private String address = "n1";

  private Told(Function<Findings, Judge> judge) {
    this.judge = judge.apply(findings);
  }

  static Told bank() {
    return new Told(findings -> new BankJudge(TOTAL, findings));
  }

  static Told append() {
    return new Told(AppendJudge::new);
  }

  static Told registers() {
    return new Told(RegisterJudge::new);
  }

  static Told sides() {
    return new Told(TwoSides::new);
  }

  Told at(String where) {
    address = where;
    return this;
  }

  Told after(long ms) {
    nowNs += ms * MS;
    return this;
  }

  Told begin(int process, Value value) {
    nowNs += MS;
    Op invoke = Op.invoke(process, value, nowNs);
    begun.put(process, invoke);
    judge.invoked(invoke);
    return this;
  }

  Told ok(int process, Value value) {
    nowNs += MS;
    Op invoke = begun.remove(process);
    judge.done(invoke, invoke.ok(value, nowNs, address));
    return this;
  }

  Told ok(int process) {
    return ok(process, begun.get(process).value());
  }

  Told fail(int process) {
    nowNs += MS;
    Op invoke = begun.remove(process);
    judge.done(invoke, invoke.fail(nowNs, "no"));
    return this;
  }

  Told info(int process) {
    nowNs += MS;
    Op invoke = begun.remove(process);
    judge.done(invoke, invoke.info(nowNs, "lost"));
    return this;
  }

  /** An operation without anything between its beginning and its end. */
  Told does(int process, Value asked, Value found) {
    return begin(process, asked).ok(process, found);
  }

  Told does(int process, Value value) {
    return does(process, value, value);
  }

  /** A reading at the end. */
  Told finds(Value asked, Value found) {
    nowNs += MS;
    Op invoke = Op.invoke(99, asked, nowNs).atTheEnd();
    judge.invoked(invoke);
    judge.done(invoke, invoke.ok(found, nowNs, address));
    return this;
  }

  /** Ends the history and returns the faults, each in one line. */
  List<String> faults() {
    judge.end(true);
    return findings.of(Finding.Kind.FAULT).stream().map(Finding::what).toList();
  }

  Findings ended() {
    judge.end(true);
    return findings;
  }

  Tally tally() {
    return judge.tally();
  }

  static Transfer row(int client, long row) {
    return new Transfer(client, row, 0, 1, 5);
  }

  static Balances balances(long... balances) {
    return new Balances(Arrays.stream(balances).boxed().toList());
  }

  /** The ledger of this client to its end, and then books that are right. */
  Told ledger(int client, long... rows) {
    List<Run> runs = Arrays.stream(rows).mapToObj(r -> new Run(r, r)).toList();
    finds(new Ledger(client, 0, Long.MAX_VALUE, null), new Ledger(client, 0, Long.MAX_VALUE, runs));
    return books(List.of(45L, 55L));
  }

  Told books(List<Long> both) {
    return finds(new Books(null, null), new Books(both, both));
  }

  static Txn txn(Step... steps) {
    return new Txn(List.of(steps));
  }

  static Step add(int key, int number) {
    return Step.append(key, number);
  }

  static Step see(int key, Integer... list) {
    return Step.read(key, List.of(list));
  }

  static Read read(int key, Integer value) {
    return new Read(key, value);
  }

  static Write write(int key, int value) {
    return new Write(key, value);
  }

  static Cas cas(int key, int old, int value) {
    return new Cas(key, old, value);
  }
}
