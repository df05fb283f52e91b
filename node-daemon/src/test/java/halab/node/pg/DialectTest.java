package halab.node.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** PostgreSQL's words on the left, the engine's on the right. */
class DialectTest {
  private static List<String> translated(String sql) {
    return Dialect.translate(Lexer.statements(sql).get(0), Map.of("version", "'HALab'"));
  }

  private static void becomes(String sql, String expected) {
    assertThat(translated(sql)).containsExactly(expected);
  }

  @Test
  void whatTheEngineKnowsPasses() {
    for (String same :
        List.of(
            "select a::int, 'x''y', \"Q q\" from t where a<=1 and b<>'--' or c='/* */'",
            "update t set a=a+1 where b in (1,2)",
            "select version from t")) {
      becomes(same, same);
    }
  }

  @Test
  void wordsOfPostgresAreTranslated() {
    becomes("select E'a\\n\\'b\\x41' -- no", "select 'a\n'bA'".replace("'b", "''b"));
    becomes("select $1, $x$it's$x$", "select ?1, 'it''s'");
    becomes("select x from generate_series(1, 3) x", "select x from system_range(1, 3) x(x)");
    becomes("select 1 limit all offset 2", "select 1 offset 2");
    becomes("select version()", "select 'HALab' as \"version\"");
    becomes(
        "insert into t values (1) returning a",
        "select a from final table (insert into t values (1))");
    becomes(
        "insert into t values (1) on conflict (a) do nothing",
        "insert into t values (1) on conflict do nothing");
    becomes(
        "create table t(a timestamptz(3), b int[])",
        "create table t(a timestamp(3) with time zone, b int array)");
    becomes("create table t(a int) with (fillfactor=90)", "create table t(a int)");
    becomes("select '{}'::jsonb", "select json '{}'");
  }

  @Test
  void anUpsertThatNamesNoColumnsIsRefused() {
    for (String source :
        new String[] {"values (1, 1)", "select a, f(b) from s", "default values"}) {
      String upsert = "insert into t " + source + " on conflict (a) do update set b = 2";
      assertThatThrownBy(() -> translated(upsert))
          .isInstanceOfSatisfying(PgError.class, e -> assertThat(e.sqlState).isEqualTo("0A000"));
    }
  }

  @Test
  void severalTablesAreTruncatedOneByOne() {
    assertThat(translated("truncate table a, only_b, \"C\" restart identity cascade"))
        .containsExactly(
            "truncate table a restart identity",
            "truncate table only_b restart identity",
            "truncate table \"C\" restart identity");
  }

  @Test
  void whatHasNoEndIsRefused() {
    for (String open :
        List.of("select 'a", "select \"a", "select $$a", "select /* /* */", "select E'a\\'")) {
      assertThatThrownBy(() -> Lexer.statements(open))
          .as(open)
          .isInstanceOfSatisfying(PgError.class, e -> assertThat(e.sqlState).isEqualTo("42601"));
    }
  }

  @Test
  void numbersLookLikePostgres() {
    assertThat(Numbers.text(1.0)).isEqualTo("1");
    assertThat(Numbers.text(1e15)).isEqualTo("1e+15");
    assertThat(Numbers.text(-1.5e-7)).isEqualTo("-1.5e-07");
    assertThat(Numbers.text(0.0001)).isEqualTo("0.0001");
    assertThat(Numbers.text(100000.5f)).isEqualTo("100000.5");
    assertThat(Numbers.text(Double.NaN)).isEqualTo("NaN");
  }
}
