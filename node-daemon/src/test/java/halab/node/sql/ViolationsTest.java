package halab.node.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * As PostgreSQL 15 says it, but for names of tables that the engine does not tell (NOT NULL, CHECK)
 * and for values of unique keys.
 */
class ViolationsTest {
  private static Database database;
  private static Session session;

  @BeforeAll
  static void open() throws Exception {
    Recorder recorder = new Recorder();
    database =
        Database.open(Options.memory("wrong"), recorder, recorder, new Gate(Gate.State.OPEN, 0));
    session = database.session("u");
    Sql.commit(
        session,
        "create table p(id int primary key, a int, b varchar, unique(a, b))",
        "create table c(p int references p(id), a int, b varchar(3), n int not null,"
            + " constraint two foreign key(a, b) references p(a, b), constraint small check(n < 9))",
        "insert into p values (1, 1, 'x')",
        "insert into c values (1, 1, 'x', 1)");
  }

  @AfterAll
  static void close() throws Exception {
    database.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '^',
      value = {
        "insert into c values (5, 1, 'x', 1); 23503;"
            + "insert or update on table \"c\" violates foreign key constraint \"c_p_fkey\";"
            + "Key (p)=(5) is not present in table \"p\".",
        "update c set b = 'y'; 23503;"
            + "insert or update on table \"c\" violates foreign key constraint \"two\";"
            + "Key (a, b)=(1, y) is not present in table \"p\".",
        "delete from p; 23503;"
            + "update or delete on table \"p\" violates foreign key constraint \"c_p_fkey\""
            + " on table \"c\";"
            + "Key (id)=(1) is still referenced from table \"c\".",
        "insert into c values (1, 1, 'x', null); 23502;"
            + "null value in column \"n\" violates not-null constraint;",
        "insert into c values (1, 1, 'x', 9); 23514;"
            + "new row violates check constraint \"small\";",
        "insert into c values (1, 1, 'xyzt', 1); 22001;"
            + "value too long for type character varying(3);",
        "insert into p values (1, 2, 'x'); 23505;"
            + "duplicate key value violates unique constraint \"p_pkey\";"
            + "A row with this value of (id) already exists.",
        "insert into p values (2, 1, 'x'); 23505;"
            + "duplicate key value violates unique constraint \"p_a_b_key\";"
            + "A row with this value of (a, b) already exists."
      })
  void isSaidAsPostgresSaysIt(String sql, String state, String message, String detail) {
    assertThatThrownBy(() -> Sql.run(session, sql))
        .isInstanceOfSatisfying(
            SqlFailure.class,
            e ->
                assertThat(e.error())
                    .isEqualTo(new SqlError(state, message, detail == null ? "" : detail, "")));
  }
}
