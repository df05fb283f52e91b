package halab.node.pg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What PostgreSQL 15 answered to the same queries; "-" is left to the engine. */
class LabelsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "select count(*) from t; count",
        "select max(a), min(a) from t; max min",
        "select sum(a) filter (where a > 1) over (partition by b) from t; sum",
        "select row_number() over w from t window w as (order by a); row_number",
        "select length('x'), coalesce(a, 1) from t; length coalesce",
        "select pg_catalog.length('x'); length",
        "select 1::int, '2'::bigint, cast(3 as double precision); int4 int8 float8",
        "select 1::numeric(5, 2), 'x'::varchar(9); numeric varchar",
        "select a::text, t.a::int, max(a)::int from t; a a max",
        "select 1 + 2::int, a as b, a from t; - - -",
        "select count(*) + 1 from t; -",
        "select (1 + 2)::int, (a)::text, 1::int::text, max(a)::int::text from t; int4 a text max",
        "select case when a > 1 then 2 end, case when a > 1 then 2 else a end from t; case a",
        "select exists (select 1), extract(year from date '2020-01-01'); exists extract",
        "select count(*) from t union select 2; count",
        "values (count(*)); -"
      })
  void columnsAreCalledAsPostgresCallsThem(String sql, String expected) {
    List<Column> engine = new ArrayList<>();
    for (String label : expected.split(" ")) {
      engine.add(Column.text("-"));
    }
    assertThat(Labels.applied(Lexer.statements(sql).get(0), engine))
        .extracting(Column::name)
        .containsExactly(expected.split(" "));
  }
}
