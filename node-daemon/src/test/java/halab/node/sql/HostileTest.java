package halab.node.sql;

import static org.assertj.core.api.Assertions.assertThat;

import halab.bricks.Rng;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No user reads or writes the host's files, runs Java or reaches the engine's own objects. */
class HostileTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "select file_read('%s')",
        "select File_Read /* */ ('%s')",
        "select \"FILE_READ\"('%s')",
        "select file_write(X'00', '%s.out')",
        "select * from csvread('%s')",
        "call csvwrite('%s.out', 'select 1')",
        "insert into t select 1, file_read('%s', 'utf8')",
        "create table x(a int default length(file_read('%s')))",
        "create table x(a int, b bytea as file_read('%s'))",
        "alter table t add column z varchar default file_read('%s', null)",
        "create view x as select * from csvread('%s')",
        "create table x(a int) as select * from csvread('%s')",
        "runscript from '%s'",
        "script to '%s.out'",
        "backup to '%s.out'",
        "create alias x for 'java.lang.System.exit'",
        "create alias x as 'void x() { System.exit(3); }'",
        "create aggregate x for 'java.lang.String'",
        "create trigger x after insert on t for each row call 'java.lang.String'",
        "create table x(a int) engine 'java.lang.String'",
        "create linked table x('org.h2.Driver', 'jdbc:h2:%s', 'a', 'b', 'c')",
        "select * from link_schema('x', 'org.h2.Driver', 'jdbc:h2:%s', 'a', 'b', 'c')",
        "execute immediate 'shutdown'",
        "prepare x as select 1",
        "shutdown immediately",
        "set mode mysql",
        "set lock_mode 0",
        "set trace_level_file 3",
        "set referential_integrity false",
        "alter table t set referential_integrity false",
        "create user x password 'x' admin",
        "alter user halab_client admin true",
        "alter user \"halab_client\" admin true",
        "grant all on schema public to public",
        "create role x",
        "drop all objects",
        "drop all objects delete files",
        "drop schema halab cascade",
        "drop schema \"halab\" cascade",
        "drop sequence halab.rowid",
        "alter sequence `halab`.rowid restart with 1",
        "select * from U&\"h\\0061lab\".x",
        "drop trigger halab_capture_5",
        "create constant x value 1",
        "checkpoint",
        "commit transaction x",
        "commit",
        "rollback",
        "select database_path()",
        "select cast(X'aced0005' as java_object)",
        "select abort_session(1)",
        "select cancel_session(1)",
        "select db_object_sql('USER', 'halab_client')",
        "analyze",
        "alter schema public rename to x",
        "create synonym x for t",
        "create materialized view x as select 1"
      })
  void isRefused(String sql, @TempDir Path folder) throws Exception {
    Path secret = folder.resolve("secret.txt");
    Files.writeString(secret, "4711");
    Recorder recorder = new Recorder();
    try (Database database =
            Database.open(
                Options.memory("hostile"), recorder, recorder, new Gate(Gate.State.OPEN, 0));
        Session session = database.session("u")) {
      Sql.commit(session, "create table t(id int primary key, v bytea)");
      String state = Sql.state(session, sql.formatted(secret));
      assertThat(state)
          .isIn("42501", "0A000", "42601", "42883", "42704", "42P01", "3F000", "54000");
      session.rollback();
      assertThat(Sql.run(session, "select * from t")).isEmpty();
      assertThat(folder.toFile().list()).containsExactly("secret.txt");
    }
    assertThat(recorder.broken()).isNull();
  }

  @Test
  void hostileBytesAreNoChangeSet() {
    Rng rng = new Rng(7);
    byte[] good =
        new ChangeSet.Rows(
                List.of(
                    new ChangeSet.Change(
                        new ChangeSet.TableName("public", "t"),
                        ChangeSet.Kind.INSERT,
                        new org.h2.value.Value[] {
                          org.h2.value.ValueInteger.get(5), org.h2.value.ValueVarchar.get("abc")
                        })))
            .encoded();
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bad = java.util.Arrays.copyOf(good, rng.below(good.length + 3));
      for (int flips = rng.below(4); flips >= 0 && bad.length > 0; flips--) {
        bad[rng.below(bad.length)] = (byte) rng.nextLong();
      }
      try {
        ChangeSet.decode(bad);
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(10_000);
    assertThat(ChangeSet.decode(good).encoded()).isEqualTo(good);
  }
}
