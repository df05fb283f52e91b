package halab.node.pg;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What drivers and the tools on them ask about the database. */
class MetadataTest {
  private static Served served;
  private static Connection c;
  private static DatabaseMetaData meta;

  @BeforeAll
  static void serve() throws Exception {
    served = new Served();
    c = served.connect();
    meta = c.getMetaData();
    try (Statement s = c.createStatement()) {
      s.execute("create table parent(id serial primary key, name varchar(20) not null unique)");
      s.execute(
          "create table child(a int, b int, p int references parent(id) on delete cascade,"
              + " n numeric(10,2) default 1.5, at timestamptz, primary key (b, a))");
      s.execute("create table bare(x text)");
      s.execute("create index child_n on child(n desc, at)");
      s.execute("create view seen as select id, name from parent");
    }
  }

  @AfterAll
  static void end() throws Exception {
    c.close();
    served.close();
  }

  private static List<String> rows(ResultSet rows, String... columns) throws SQLException {
    List<String> all = new ArrayList<>();
    while (rows.next()) {
      List<String> row = new ArrayList<>();
      for (String column : columns) {
        row.add(rows.getString(column));
      }
      all.add(String.join(" ", row));
    }
    return all;
  }

  @Test
  void tablesAndViewsAreListed() throws Exception {
    assertThat(
            rows(
                meta.getTables(null, "public", "%", new String[] {"TABLE", "VIEW"}),
                "TABLE_SCHEM",
                "TABLE_NAME",
                "TABLE_TYPE"))
        .containsExactly(
            "public bare TABLE", "public child TABLE", "public parent TABLE", "public seen VIEW");
    assertThat(rows(meta.getSchemas(), "TABLE_SCHEM")).contains("public", "pg_catalog");
    assertThat(rows(meta.getCatalogs(), "TABLE_CAT")).containsExactly(served.database.name());
  }

  @Test
  void columnsHaveTheirTypes() throws Exception {
    assertThat(
            rows(
                meta.getColumns(null, null, "child", "%"),
                "COLUMN_NAME",
                "TYPE_NAME",
                "COLUMN_SIZE",
                "DECIMAL_DIGITS",
                "IS_NULLABLE"))
        .containsExactly(
            "a int4 10 0 NO",
            "b int4 10 0 NO",
            "p int4 10 0 YES",
            "n numeric 10 2 YES",
            "at timestamptz 35 6 YES");
  }

  @Test
  void hiddenColumnsAreNotShown() throws Exception {
    assertThat(rows(meta.getColumns(null, null, "bare", "%"), "COLUMN_NAME")).containsExactly("x");
    try (Statement s = c.createStatement()) {
      String sql = "select column_name from information_schema.columns where table_name = 'bare'";
      assertThat(rows(s.executeQuery(sql), "column_name")).containsExactly("x");
      String tables = "select distinct table_schema from information_schema.tables";
      assertThat(rows(s.executeQuery(tables), "table_schema")).doesNotContain("halab");
      assertThat(s.executeQuery("select * from bare").getMetaData().getColumnCount()).isEqualTo(1);
    }
    assertThat(rows(meta.getIndexInfo(null, null, "bare", false, false), "INDEX_NAME")).isEmpty();
    assertThat(rows(meta.getPrimaryKeys(null, null, "bare"), "COLUMN_NAME")).isEmpty();
  }

  @Test
  void keysAndIndexesAreKnown() throws Exception {
    assertThat(rows(meta.getPrimaryKeys(null, null, "child"), "COLUMN_NAME", "KEY_SEQ"))
        .containsExactly("b 1", "a 2");
    assertThat(
            rows(
                meta.getImportedKeys(null, null, "child"),
                "PKTABLE_NAME",
                "PKCOLUMN_NAME",
                "FKCOLUMN_NAME",
                "DELETE_RULE"))
        .containsExactly("parent id p " + DatabaseMetaData.importedKeyCascade);
    assertThat(
            rows(
                meta.getIndexInfo(null, null, "child", false, false),
                "INDEX_NAME",
                "COLUMN_NAME",
                "NON_UNIQUE"))
        .contains("child_n n t", "child_n at t", "child_pkey b f", "child_pkey a f");
    assertThat(rows(meta.getTypeInfo(), "TYPE_NAME")).contains("int4", "text", "timestamptz");
  }

  @Test
  void resultsAndParametersAreDescribed() throws Exception {
    String sql = "select b, n, at from child where b = ? and n > ?";
    try (PreparedStatement p = c.prepareStatement(sql)) {
      ParameterMetaData parameters = p.getParameterMetaData();
      assertThat(parameters.getParameterTypeName(1)).isEqualTo("int4");
      assertThat(parameters.getParameterType(2)).isEqualTo(Types.NUMERIC);
      ResultSetMetaData columns = p.getMetaData();
      assertThat(columns.getColumnTypeName(3)).isEqualTo("timestamptz");
      assertThat(columns.getPrecision(2)).isEqualTo(10);
      assertThat(columns.getScale(2)).isEqualTo(2);
    }
  }

  @Test
  void theCatalogueIsReadAndNothingElse() throws Exception {
    try (Statement s = c.createStatement()) {
      ResultSet r = s.executeQuery("select 'parent'::regclass::oid, 'parent'::regclass");
      assertThat(r.next()).isTrue();
      for (String sql :
          List.of(
              "select file_read('/etc/passwd') from pg_catalog.pg_class",
              "select * from pg_catalog.pg_class, csvread('/etc/passwd')",
              "select * from link_schema('a', '', 'jdbc:h2:mem:x', 'sa', '', 'PUBLIC'), pg_class")) {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> s.executeQuery(sql))
            .as(sql)
            .isInstanceOf(SQLException.class);
      }
    }
  }
}
