package halab.node.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One database: what is captured, what is refused, and that a replay gives the same rows. */
class EngineTest {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final Recorder recorder = new Recorder();
  private final Gate gate = new Gate(Gate.State.OPEN, 100);
  private Database database;
  private Session session;

  @BeforeEach
  void open() throws SqlFailure {
    database =
        Database.open(
            new Options(null, "engine" + NAMES.incrementAndGet(), 0, 50, 4 << 20),
            recorder,
            recorder,
            gate);
    session = database.session("u");
  }

  @AfterEach
  void close() throws SqlFailure {
    database.close();
    assertThat(recorder.broken()).isNull();
  }

  /** Replays all that was recorded into an empty database and compares these tables. */
  private void replays(String... tables) throws Exception {
    Recorder other = new Recorder();
    try (Database copy =
        Database.open(
            Options.memory("copy" + NAMES.incrementAndGet()),
            other,
            other,
            new Gate(Gate.State.OPEN, 0))) {
      copy.applyAll(recorder.log());
      for (String table : tables) {
        assertThat(Sql.dump(copy, table)).isNotEmpty().isEqualTo(Sql.dump(database, table));
      }
      assertThat(copy.appliedPositions()).isEqualTo(database.appliedPositions());
      int packages = recorder.log().size();
      copy.applyAll(recorder.log());
      assertThat(recorder.log()).hasSize(packages);
      for (String table : tables) {
        assertThat(Sql.dump(copy, table)).as("replayed twice").isEqualTo(Sql.dump(database, table));
      }
    }
  }

  @Test
  void everyCommonTypeIsCarried() throws Exception {
    Sql.commit(
        session,
        "create table t(id int primary key, a smallint, b bigint, n numeric(20,5), f real,"
            + " g double precision, tx text, v varchar(20), c char(5), bo boolean, d date, ti time,"
            + " ts timestamp, tz timestamp with time zone, by bytea, u uuid, j json,"
            + " ar int array, iv interval day to second)",
        "insert into t values(1, -32768, 9223372036854775807, -12345.67891, 1.5, 1e300, 'text é',"
            + " 'varchar', 'ab', true, date '0044-03-15', time '23:59:59.123456',"
            + " timestamp '1969-12-31 23:59:59.999999',"
            + " timestamp with time zone '2020-06-01 12:00:00+05:30', X'00ff10',"
            + " '550e8400-e29b-41d4-a716-446655440000', '{\"a\": [1, null]}' format json,"
            + " array[1, null, 3], interval '1 2:03:04.5' day to second)",
        "insert into t(id) values(2)",
        "insert into t(id, n, g, v) values(3, 0, 'NaN', '')");
    replays("t");
  }

  @Test
  void aCancelCountsOnceTheClientHasAsked() throws Exception {
    Sql.commit(session, "create table t(id int primary key)");
    session.cancel();
    assertThat(Sql.state(session, "insert into t values(1)"))
        .as("nothing was asked")
        .isEqualTo("none");
    session.commit();
    for (String sql : List.of("insert into t values(2)", "create table late(id int)")) {
      session.asked();
      session.cancel();
      assertThat(Sql.state(session, sql)).as("before it runs: " + sql).isEqualTo("57014");
      assertThat(Sql.state(session, "select 1")).as("the next in that turn").isEqualTo("none");
      session.answered();
    }
    session.asked();
    session.cancel();
    session.answered();
    assertThat(Sql.run(session, "select id from t")).as("the turn after").containsExactly("1");
  }

  @Test
  void aTransactionIsOnePackageOfNetChanges() throws Exception {
    Sql.commit(session, "create table t(id int primary key, v int)");
    Sql.commit(session, "insert into t values(1, 1), (2, 2), (3, 3)");
    Sql.commit(
        session,
        "update t set v = 10 where id = 1",
        "update t set v = 11 where id = 1",
        "delete from t where id = 2",
        "insert into t values(2, 22)",
        "insert into t values(4, 4)",
        "delete from t where id = 4",
        "update t set id = 5 where id = 3");
    assertThat(recorder.last())
        .containsExactly("UPDATE t [1, 11]", "UPDATE t [2, 22]", "DELETE t [3]", "INSERT t [5, 3]");
    replays("t");
  }

  @Test
  void whatIsRolledBackIsNotCarried() throws Exception {
    Sql.commit(session, "create table t(id int primary key, v int)");
    Sql.run(session, "insert into t values(1, 1)");
    session.savepoint("a");
    Sql.run(session, "insert into t values(2, 2)");
    session.savepoint("b");
    Sql.run(session, "update t set v = 9");
    session.rollbackTo("a");
    Sql.run(session, "insert into t values(3, 3)");
    assertThat(Sql.state(session, "insert into t values(7, 7), (1, 1)")).isEqualTo("23505");
    assertThat(Sql.state(session, "select 1/0")).isEqualTo("22012");
    session.commit();
    assertThat(recorder.last()).containsExactly("INSERT t [1, 1]", "INSERT t [3, 3]");
    int packages = recorder.log().size();
    Sql.run(session, "insert into t values(8, 8)");
    session.rollback();
    session.commit();
    Sql.commit(session, "select * from t");
    assertThat(recorder.log()).hasSize(packages);
    assertThatThrownBy(() -> session.rollbackTo("a"))
        .isInstanceOfSatisfying(
            SqlFailure.class, e -> assertThat(e.error().sqlState()).isEqualTo("3B001"));
    replays("t");
  }

  @Test
  void mergeConflictCascadeAndDeltaAreCarried() throws Exception {
    Sql.commit(
        session,
        "create table p(id int primary key, v int)",
        "create table c(id int primary key, p int references p on delete cascade)",
        "create table d(id int primary key, p int references p on delete set null)",
        "insert into p values(1, 1), (2, 2), (3, 3)",
        "insert into c values(10, 1), (11, 1), (12, 2)",
        "insert into d values(20, 1), (21, 3)");
    Sql.commit(session, "delete from p where id = 1");
    assertThat(recorder.last())
        .containsExactlyInAnyOrder(
            "DELETE p [1]", "DELETE c [10]", "DELETE c [11]", "UPDATE d [20, NULL]");
    Sql.commit(
        session,
        "merge into p using (values(2, 20), (5, 50)) s(id, v) on p.id = s.id when matched then"
            + " update set v = s.v when not matched then insert values(s.id, s.v)",
        "insert into p values(2, 99), (6, 60) on conflict do nothing");
    assertThat(recorder.last())
        .containsExactly("UPDATE p [2, 20]", "INSERT p [5, 50]", "INSERT p [6, 60]");
    assertThat(Sql.run(session, "select id from final table (insert into p values(7, 70))"))
        .containsExactly("7");
    session.commit();
    assertThat(recorder.last()).containsExactly("INSERT p [7, 70]");
    replays("p", "c", "d");
  }

  @Test
  void uniqueValuesMayChangePlaces() throws Exception {
    Sql.commit(
        session,
        "create table t(id int primary key, u int unique)",
        "insert into t values(1, 1), (2, 2), (3, 3)",
        "update t set u = 4 - u",
        "update t set id = 4 - id");
    Sql.commit(session, "delete from t where u = 2", "insert into t values(9, 2)");
    Sql.commit(session, "create table k(id int primary key, v int)");
    Sql.commit(session, "insert into k values(1, 7), (2, 7), (3, 7), (5, 7)");
    Sql.commit(session, "update k set id = 4 - id where id < 4");
    Sql.commit(session, "update k set id = id + 1", "update k set v = 8 where id = 2");
    Sql.commit(
        session,
        "insert into k values(1, 1)",
        "update k set id = id - 1",
        "delete from k where id = 0");
    assertThat(Sql.run(session, "select id, v from k order by id"))
        .containsExactly("1|8", "2|7", "3|7", "5|7");
    replays("t", "k");
  }

  @Test
  void aTableWithoutPrimaryKeyHasAHiddenOne() throws Exception {
    Sql.commit(
        session,
        "create table t(a int, b int)",
        "insert into t values(1, 1), (1, 1), (1, 1)",
        "update t set b = 2 where a = 1");
    assertThat(Sql.run(session, "select * from t")).containsOnly("1|2").hasSize(3);
    Sql.commit(session, "insert into t select a + x, b from t, (values 1, 2) v(x)");
    replays("t");
    Sql.commit(
        session,
        "create table q(a int, b int)",
        "insert into q values(1, 1), (2, 2)",
        "alter table q add primary key(a)",
        "update q set b = 7 where a = 2");
    assertThat(recorder.last().get(0)).startsWith("UPDATE q [2, 7, ");
    assertThat(Sql.state(session, "select halab_rowid from t")).isEqualTo("42501");
    assertThat(Sql.state(session, "alter table q drop constraint q_pkey")).isEqualTo("42704");
    Sql.commit(session, "create table r(a int primary key, b int)");
    assertThat(Sql.state(session, "alter table r drop primary key")).isEqualTo("0A000");
    assertThat(Sql.state(session, "alter table r drop column a")).isEqualTo("0A000");
    replays("t", "q");
  }

  @Test
  void definitionsAreReplayedFailedOnesToo() throws Exception {
    Sql.commit(session, "create table t(id serial primary key, a varchar(5), b int)");
    Sql.commit(session, "insert into t(a, b) values('a', 1), ('b', 2)");
    assertThat(Sql.state(session, "create table t(id int)")).isEqualTo("42P07");
    Sql.commit(session, "alter table t add column c int default 5");
    Sql.commit(session, "insert into t(a, b, c) values('c', 3, 6)");
    Sql.commit(session, "alter table t alter column a type varchar(50)");
    Sql.commit(session, "update t set a = 'a longer one' where id = 1");
    assertThat(Sql.state(session, "alter table t add constraint x foreign key(b) references no(a)"))
        .isEqualTo("42P01");
    Sql.commit(session, "alter table t drop column b");
    Sql.commit(session, "insert into t(a) values('d')");
    Sql.commit(session, "alter table t rename to tt");
    Sql.commit(session, "insert into tt(a) values('e')", "create index i on tt(a)");
    Sql.commit(session, "create schema s", "create table s.t(a int)", "insert into s.t values(1)");
    Sql.commit(session, "create view v as select a from tt");
    Sql.commit(session, "comment on table tt is 'a table'");
    Sql.commit(session, "create domain pos as int check (value > 0)", "create table e(a pos)");
    assertThat(Sql.state(session, "insert into e values(-1)")).isEqualTo("23514");
    replays("tt");
    Sql.commit(session, "truncate table s.t", "insert into s.t values(2)");
    replays("s.t");
    assertThat(Sql.run(session, "select count(*) from v")).containsExactly("5");
    assertThat(Sql.run(session, "select table_name from information_schema.tables"))
        .noneMatch(name -> name.contains("COPY"));
  }

  @Test
  void rowsThatAreOnlyLockedAreNoChange() throws Exception {
    Sql.commit(session, "create table t(id int primary key)", "insert into t values(1)");
    int packages = recorder.log().size();
    Sql.commit(session, "select * from t for update", "update t set id = 5 where id = 3");
    assertThat(recorder.log()).hasSize(packages);
  }

  /** A lock of a transaction that was rolled back in part is waited for like any other. */
  @Test
  void whoWaitsBehindAPartialRollbackCanBeEnded() throws Exception {
    Sql.commit(session, "create table t(id int primary key, n int)");
    Sql.commit(session, "insert into t values(1, 0), (2, 0)");
    Sql.run(session, "update t set n = 1 where id = 1");
    session.savepoint("s");
    Sql.run(session, "update t set n = 1 where id = 2");
    session.rollbackTo("s");
    try (Session other = database.session("other")) {
      other.statementTimeoutMs(300);
      assertThat(Sql.state(other, "update t set n = 2 where id = 1")).isEqualTo("57014");
      assertThat(Sql.state(session, "insert into t values(2, 0)")).isEqualTo("23505");
      assertThat(Sql.state(other, "update t set n = 2 where id = 1")).isEqualTo("57014");
      other.rollback();
      assertThat(Sql.state(other, "update t set n = 2 where id = 2")).isEqualTo("none");
      other.commit();
    }
    session.commit();
  }

  @Test
  void tablesAreCapturedFromTheirFirstRow() throws Exception {
    AtomicReference<SqlFailure> failure = new AtomicReference<>();
    Thread maker =
        new Thread(
            () -> {
              try (Session other = database.session("maker")) {
                for (int i = 0; i < 20; i++) {
                  Sql.run(other, "create table t(a int)");
                  Sql.run(other, "alter table t add column b int");
                  Sql.run(other, "drop table t");
                }
                Sql.run(other, "create table t(a int)");
              } catch (SqlFailure e) {
                failure.set(e);
              }
            });
    maker.start();
    do {
      try {
        Sql.commit(session, "insert into t(a) values(1)");
      } catch (SqlFailure e) {
        assertThat(e.error().sqlState()).as("%s", e.getCause()).isIn("42P01", "42703", "40001");
        session.rollback();
      }
    } while (maker.isAlive());
    assertThat(failure).hasNullValue();
    Sql.commit(session, "insert into t(a) values(1)");
    replays("t");
  }

  @Test
  void aDefinitionCommitsWhatIsOpen() throws Exception {
    Sql.commit(session, "create table t(id int primary key)");
    Sql.run(session, "insert into t values(1)");
    Sql.run(session, "create table u(id int primary key)");
    session.rollback();
    assertThat(Sql.run(session, "select * from t")).containsExactly("1");
  }

  /** H2 checks a foreign key in no session while one of them cascades. */
  @Test
  void aCascadeElsewhereLetsNoOrphanIn() throws Exception {
    Sql.commit(
        session,
        "create table parent(id int primary key)",
        "create table child(id int primary key, p int references parent on delete cascade"
            + " on update cascade)",
        "insert into parent values(1), (2)",
        "insert into child select id, 1 from system_range(1, 20000) as r(id)");
    Thread cascade =
        new Thread(
            () -> {
              try {
                Sql.run(session, "delete from parent where id = 1");
              } catch (SqlFailure e) {
                throw new AssertionError(e);
              }
            });
    try (Session other = database.session("other")) {
      int tries = 0;
      cascade.start();
      while (cascade.isAlive()) {
        assertThat(Sql.state(other, "insert into child values(?, 9)", 30_000 + tries))
            .isEqualTo("23503");
        tries++;
      }
      assertThat(tries).isPositive();
      session.commit();
      other.rollback();
      Sql.run(other, "insert into child values(1000000, 2)");
      assertThat(Sql.state(other, "update child set p = 9 where id = 1000000")).isEqualTo("23503");
      other.commit();
    }
    Sql.commit(session, "update parent set id = 3 where id = 2");
    assertThat(Sql.run(session, "select * from child")).containsExactly("1000000|3");
    replays("parent", "child");
  }

  @Test
  void sequencesDrawFromTheSource() throws Exception {
    Sql.commit(
        session,
        "create sequence s start with 100 increment by -10 minvalue -1000000",
        "create table t(id bigserial primary key, a int)");
    assertThat(Sql.run(session, "select nextval('s'), nextval('s')")).containsExactly("100|90");
    Sql.commit(session, "insert into t(a) select x from (values 1, 2, 3) v(x)");
    Sql.run(session, "insert into t(a) select a.x from " + hundreds() + " a, " + hundreds() + " b");
    session.commit();
    assertThat(Sql.run(session, "select count(distinct id), count(*) from t"))
        .containsExactly("10003|10003");
    Sql.commit(session, "alter sequence s restart with 7");
    assertThat(Sql.run(session, "select nextval('s')")).containsExactly("7");
    Sql.commit(session, "truncate table t restart identity", "insert into t(a) values(1)");
    assertThat(Sql.run(session, "select id from t")).containsExactly("1");
    session.commit();
    assertThat(Sql.state(session, "alter sequence s increment by 2")).isEqualTo("0A000");
    assertThat(Sql.state(session, "create sequence z cycle")).isEqualTo("0A000");
    Sql.commit(session, "create sequence m maxvalue 2");
    assertThat(Sql.state(session, "select nextval('m'), nextval('m')")).isEqualTo("none");
    assertThat(Sql.state(session, "select nextval('m')")).isEqualTo("2200H");
  }

  private static String hundreds() {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      values.add(String.valueOf(i));
    }
    return "(select x from (values " + String.join(", ", values) + ") v(x))";
  }

  @Test
  void viewsOverStateAreReadOnlyAndFound() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    List<Views.Column> columns =
        List.of(
            new Views.Column("NAME", "VARCHAR"),
            new Views.Column("STATUS$", "VARCHAR"),
            new Views.Column("N", "BIGINT"));
    database
        .views()
        .define(
            "V$INSTANCE",
            columns,
            () ->
                List.of(
                    new Object[] {"DSC0", "OPEN", (long) asked.incrementAndGet()},
                    new Object[] {"DSC1", null, null}));
    assertThat(Sql.run(session, "select * from v$instance"))
        .containsExactly("DSC0|OPEN|1", "DSC1|null|null");
    assertThat(Sql.run(session, "SELECT n FROM V$Instance WHERE Status$ = 'OPEN'"))
        .containsExactly("2");
    assertThat(Sql.state(session, "delete from v$instance")).isNotEqualTo("none");
    assertThat(Sql.state(session, "insert into v$instance values('x', 'y', 1)"))
        .isNotEqualTo("none");
    session.rollback();
    database.views().define("v$instance", columns, () -> List.of());
    assertThat(Sql.run(session, "select * from v$instance")).isEmpty();
    assertThat(Sql.state(session, "drop table v$instance")).isNotEqualTo("none");
    assertThat(Sql.run(session, "select * from v$instance")).isEmpty();
  }

  @Test
  void aRefusedCommitIsRolledBack() throws Exception {
    Sql.commit(session, "create table t(id int primary key)");
    Sql.run(session, "insert into t values(1)");
    recorder.refuseNext.set(SqlError.concurrentUpdate());
    assertThatThrownBy(session::commit)
        .isInstanceOfSatisfying(
            SqlFailure.class, e -> assertThat(e.error().sqlState()).isEqualTo("40001"));
    assertThat(Sql.run(session, "select * from t")).isEmpty();
    recorder.refuseNext.set(SqlError.of("57P03", "no"));
    assertThat(Sql.state(session, "create table u(id int)")).isEqualTo("57P03");
    assertThat(Sql.state(session, "select * from u")).isEqualTo("42P01");
  }

  @Test
  void theGateIsPassedByStatementsAndCommits() throws Exception {
    Sql.commit(session, "create table t(id int primary key)");
    Sql.run(session, "insert into t values(1)");
    gate.set(Gate.State.SUSPENDED);
    assertThat(Sql.state(session, "select 1")).isEqualTo("57P03");
    assertThatThrownBy(session::commit).isInstanceOf(SqlFailure.class);
    gate.set(Gate.State.STARTING);
    assertThat(Sql.state(session, "select 1")).isEqualTo("57P03");
    assertThatThrownBy(() -> database.session("x")).isInstanceOf(SqlFailure.class);
    gate.set(Gate.State.OPEN);
    assertThat(Sql.run(session, "select * from t")).isEmpty();
    gate.set(Gate.State.CLOSED);
    assertThat(Sql.state(session, "select 1")).isEqualTo("57P01");
  }

  @Test
  void inMountOnlyViewsOverTheStateAreRead() throws Exception {
    database
        .views()
        .define(
            "V$STATE",
            List.of(new Views.Column("A", "INTEGER")),
            () -> List.<Object[]>of(new Object[] {7}));
    Sql.commit(session, "create table t(id int primary key)");
    Sql.commit(session, "create sequence s");
    Sql.commit(session, "create view w as select * from t");
    PreparedSql before = session.prepare("select * from t");
    PreparedSql state = session.prepare("select a from v$state");
    Sql.run(session, "insert into t values(1)");
    gate.set(Gate.State.MOUNTED);
    for (String refused :
        List.of(
            "select * from t",
            "select a from v$state where a in (select id from t)",
            "select (select count(*) from t) from v$state",
            "select * from (select id from t) x, v$state",
            "select * from w",
            "select nextval('s')",
            "insert into t values(2)",
            "insert into t select a from v$state",
            "delete from t",
            "truncate table t",
            "create table u(id int)",
            "explain select * from t")) {
      assertThat(Sql.state(session, refused)).as(refused).isEqualTo("57P03");
    }
    assertThatThrownBy(() -> before.execute(List.of()))
        .isInstanceOf(SqlFailure.class)
        .hasMessageContaining("in MOUNT");
    assertThatThrownBy(session::commit).isInstanceOf(SqlFailure.class);
    assertThat(Sql.run(session, "select a from v$state where a > 1")).hasSize(1);
    assertThat(Sql.run(session, "select count(*) from v$state x, v$state y")).hasSize(1);
    try (Result rows = state.execute(List.of())) {
      assertThat(rows.rows().next()).isTrue();
    }
    database.session("another").close();
    gate.set(Gate.State.OPEN);
    assertThat(Sql.run(session, "select * from t")).as("rolled back").isEmpty();
  }

  @Test
  void limitsAreKept() throws Exception {
    Sql.commit(session, "create table t(id int primary key, v varchar)");
    assertThat(Sql.state(session, "insert into t values(1, ?)", "x".repeat(6 << 20)))
        .isEqualTo("54000");
    assertThat(Sql.state(session, "select '" + "x".repeat(Session.STATEMENT_CHARS_MOST) + "'"))
        .isEqualTo("54000");
    Sql.commit(session, "insert into t values(2, 'small')");
    List<Session> sessions = new ArrayList<>();
    while (database.sessions() < 50) {
      sessions.add(database.session("many"));
    }
    assertThatThrownBy(() -> database.session("one more"))
        .isInstanceOfSatisfying(
            SqlFailure.class, e -> assertThat(e.error().sqlState()).isEqualTo("53300"));
    sessions.forEach(Session::close);
    sessions.forEach(Session::close);
    database.session("again").close();
    assertThat(database.sessions()).isEqualTo(1);
  }

  @Test
  void errorsSpeakPostgresql() throws Exception {
    Sql.commit(
        session,
        "create table t(id int primary key, a int unique, b int not null, c int check (c > 0))",
        "insert into t values(1, 1, 1, 1)");
    assertThatThrownBy(() -> Sql.run(session, "insert into t values(1, 2, 1, 1)"))
        .hasMessage("23505: duplicate key value violates unique constraint \"t_pkey\"");
    assertThatThrownBy(() -> Sql.run(session, "insert into t values(2, 1, 1, 1)"))
        .hasMessage("23505: duplicate key value violates unique constraint \"t_a_key\"");
    assertThat(Sql.state(session, "insert into t values(2, 2, null, 1)")).isEqualTo("23502");
    assertThat(Sql.state(session, "insert into t values(2, 2, 2, -1)")).isEqualTo("23514");
    assertThat(Sql.state(session, "select * from nope")).isEqualTo("42P01");
    assertThat(Sql.state(session, "select nope from t")).isEqualTo("42703");
    assertThat(Sql.state(session, "selec 1")).isEqualTo("42601");
    assertThat(Sql.state(session, "select nope(1)")).isEqualTo("42883");
    assertThat(Sql.state(session, "select cast('x' as int)")).isEqualTo("22P02");
    assertThat(Sql.state(session, "create table no.t(a int)")).isEqualTo("3F000");
    assertThat(Sql.state(session, "select 1; select 2")).isEqualTo("42601");
    assertThat(Sql.state(session, "select 'open")).isEqualTo("42601");
  }
}
