package halab.node.sql;

import static org.assertj.core.api.Assertions.assertThat;

import halab.bricks.Rng;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two instances behind one total order, both written to: they stay equal, and nothing is lost. */
class TwoInstancesTest {
  private static final int ROUNDS = 200;
  private static final int SESSIONS = 2;
  private static final int ACCOUNTS = 12;
  private static final Set<String> EXPECTED = Set.of("40001", "40P01", "23505", "23503", "55P03");

  @Test
  void randomTransactionsOnBothLeaveBothEqual() throws Exception {
    Rng seed = new Rng(20261126);
    try (Ring ring = new Ring(2, "equal")) {
      try (Session session = ring.database(0).session("setup")) {
        Sql.commit(
            session,
            "create table acc(id int primary key, u int unique, bal int not null)",
            "create table hist(acc int, amount int)",
            "create table parent(id int primary key, n varchar(10))",
            "create table child(id serial primary key, p int references parent on delete cascade)");
        for (int i = 0; i < ACCOUNTS; i++) {
          Sql.run(session, "insert into acc values(?, ?, 100)", i, i);
        }
        session.commit();
      }
      ring.settle();
      AtomicInteger committed = new AtomicInteger();
      List<Session> sessions = new ArrayList<>();
      for (int i = 0; i < 2 * SESSIONS; i++) {
        sessions.add(ring.database(i % 2).session("s" + i));
      }
      for (int round = 0; round < ROUNDS; round++) {
        List<Thread> threads = new ArrayList<>();
        List<String> surprises = new ArrayList<>();
        for (int i = 0; i < sessions.size(); i++) {
          Session session = sessions.get(i);
          Rng rng = seed.fork(round).fork(i);
          threads.add(
              new Thread(
                  () -> {
                    for (int t = 0; t < 3; t++) {
                      String state = transaction(session, rng);
                      if (state.equals("none")) {
                        committed.incrementAndGet();
                      } else if (!EXPECTED.contains(state)) {
                        synchronized (surprises) {
                          surprises.add(state);
                        }
                      }
                    }
                  }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
          thread.join();
        }
        assertThat(surprises).as("round %d", round).isEmpty();
        ring.settle();
        for (String table : List.of("acc", "hist", "parent", "child")) {
          assertThat(Sql.dump(ring.database(1), table))
              .as("%s after round %d", table, round)
              .isEqualTo(Sql.dump(ring.database(0), table));
        }
        sessions.forEach(Session::rollback);
        check(sessions.get(round % sessions.size()), round);
      }
      assertThat(committed.get()).isGreaterThan(ROUNDS * SESSIONS * 2);
    }
  }

  /** A session that needs numbers holds rows that an applier needs, beside definitions. */
  @Test
  @Timeout(180)
  void nobodyWaitsInACircleForNumbersOfASequence() throws Exception {
    try (Ring ring = new Ring(2, "numbers", true);
        Session setup = ring.database(0).session("setup")) {
      Sql.commit(setup, "create table hot(id int primary key, n int not null)");
      Sql.commit(setup, "insert into hot values(1, 0)");
      for (int round = 0; round < 15; round++) {
        for (int i = 0; i < 2 * SESSIONS; i++) {
          Sql.commit(setup, "create table t" + round + i + "(id serial, h int)");
        }
        ring.settle();
        List<String> surprises = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 2 * SESSIONS; i++) {
          Session session = ring.database(i % 2).session("s" + i);
          String own = "t" + round + i;
          threads.add(new Thread(() -> surprises.addAll(fill(session, own))));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
          thread.join();
        }
        assertThat(surprises).as("round %d", round).isEmpty();
        ring.settle();
        assertThat(Sql.dump(ring.database(1), "hot")).isEqualTo(Sql.dump(ring.database(0), "hot"));
      }
    }
  }

  /** Gives the states that may not be. */
  private static List<String> fill(Session session, String table) {
    List<String> surprises = new ArrayList<>();
    try (session) {
      for (int t = 0; t < 40; t++) {
        String alter = "alter table " + table + " add column c" + t + " int";
        String state = t % 10 == 5 ? Sql.state(session, alter) : hotThenNumber(session, table);
        if (!Set.of("none", "40001", "40P01").contains(state)) {
          surprises.add(state);
        }
      }
    }
    return surprises;
  }

  private static String hotThenNumber(Session session, String table) {
    try {
      Sql.run(session, "update hot set n = n + 1 where id = 1");
      Sql.commit(session, "insert into " + table + "(h) values (1)");
      return "none";
    } catch (SqlFailure e) {
      session.rollback();
      return e.error().sqlState();
    }
  }

  private static void check(Session session, int round) throws SqlFailure {
    assertThat(Sql.run(session, "select sum(bal), count(distinct u), count(*) from acc"))
        .as("balance after round %d", round)
        .containsExactly(ACCOUNTS * 100 + "|" + ACCOUNTS + "|" + ACCOUNTS);
    assertThat(Sql.run(session, "select * from child where p not in (select id from parent)"))
        .as("children without a parent after round %d", round)
        .isEmpty();
    session.commit();
  }

  private static String transaction(Session session, Rng rng) {
    try {
      int steps = 1 + rng.below(3);
      for (int i = 0; i < steps; i++) {
        step(session, rng);
      }
      if (rng.chance(100)) {
        session.rollback();
      } else {
        session.commit();
      }
      return "none";
    } catch (SqlFailure e) {
      session.rollback();
      if (!EXPECTED.contains(e.error().sqlState())) {
        e.printStackTrace();
      }
      return e.error().sqlState();
    }
  }

  private static void step(Session session, Rng rng) throws SqlFailure {
    int a = rng.below(ACCOUNTS);
    int b = rng.below(ACCOUNTS);
    int amount = rng.below(10);
    switch (rng.below(9)) {
      case 0, 1, 2 -> {
        Sql.run(session, "update acc set bal = bal - ? where id = ?", amount, Math.min(a, b));
        Sql.run(session, "update acc set bal = bal + ? where id = ?", amount, Math.max(a, b));
        Sql.run(session, "insert into hist values(?, ?)", a, amount);
      }
      case 3 ->
          Sql.run(
              session,
              "update acc set u = case when id = ? then (select u from acc where id = ?)"
                  + " else (select u from acc where id = ?) end where id in (?, ?)",
              a,
              b,
              a,
              a,
              b);
      case 4 ->
          Sql.run(
              session,
              "merge into parent t using (values(cast(? as int), cast(? as varchar))) s(id, n)"
                  + " on t.id = s.id when matched then update set n = s.n"
                  + " when not matched then insert values(s.id, s.n)",
              a,
              "n" + amount);
      case 5 -> Sql.run(session, "insert into child(p) values(?)", a);
      case 6 -> Sql.run(session, "delete from parent where id = ?", a);
      case 7 -> {
        session.savepoint("s");
        Sql.run(session, "update acc set bal = 0 where id = ?", a);
        Sql.run(session, "insert into hist values(-1, -1)");
        session.rollbackTo("s");
      }
      default -> Sql.run(session, "delete from hist where acc = ? and amount = ?", a, amount);
    }
  }
}
