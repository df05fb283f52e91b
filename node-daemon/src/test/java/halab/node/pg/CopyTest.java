package halab.node.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** COPY in and out, text and csv. */
class CopyTest {
  private static Served served;
  private Connection c;
  private Statement s;
  private CopyManager copy;

  @BeforeAll
  static void serve() throws Exception {
    served = new Served();
  }

  @AfterAll
  static void end() throws Exception {
    served.close();
  }

  @BeforeEach
  void connect() throws Exception {
    c = served.connect();
    s = c.createStatement();
    s.execute("drop table if exists c; create table c(a int primary key, b text, d numeric(6,2))");
    copy = c.unwrap(PGConnection.class).getCopyAPI();
  }

  @AfterEach
  void disconnect() throws Exception {
    c.close();
  }

  private long in(String sql, String data) throws Exception {
    return copy.copyIn(sql, new StringReader(data));
  }

  private String out(String sql) throws Exception {
    StringWriter text = new StringWriter();
    copy.copyOut(sql, text);
    return text.toString();
  }

  @Test
  void textGoesInAndComesOutAgain() throws Exception {
    String data = "1\ta\\tb\\\\c\\nd\t1.50\n2\t\\N\t\\N\n3\té\t-2.00\n";
    assertThat(in("copy c from stdin", data)).isEqualTo(3);
    assertThat(out("copy c to stdout")).isEqualTo(data);
    assertThat(out("copy (select b, a from c where a > 1 order by a) to stdout"))
        .isEqualTo("\\N\t2\né\t3\n");
  }

  @Test
  void escapesByNumberAreBytes() throws Exception {
    assertThat(in("copy c from stdin", "1\t\\xC3\\xA9\\303\\251\\é\\q\\x4a\\\\n\t1\n"))
        .isEqualTo(1);
    assertThat(out("copy (select b from c) to stdout")).isEqualTo("éééqJ\\\\n\n");
    fails("22021", "copy c from stdin", "2\t\\xC3\t1\n");
  }

  @Test
  void csvQuotesWhatNeedsIt() throws Exception {
    String data = "b,a\n\"x,\"\"y\"\"\nz\",1\n\"\",2\n,3\nplain,4\n";
    assertThat(in("copy c (b, a) from stdin with (format csv, header true)", data)).isEqualTo(4);
    assertThat(out("copy c (b, a) to stdout csv header")).isEqualTo(data);
    assertThat(out("copy c (a, b) to stdout (format csv, delimiter ';', null 'NIX')"))
        .isEqualTo("1;\"x,\"\"y\"\"\nz\"\n2;\n3;NIX\n4;plain\n");
  }

  @Test
  void manyRowsAreOneStatement() throws Exception {
    StringBuilder data = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      data.append(i).append("\trow ").append(i).append("\t1\n");
    }
    assertThat(in("copy c from stdin with (freeze on)", data.toString())).isEqualTo(20_000);
    assertThat(rows()).isEqualTo(20_000);
    s.execute("truncate c");
    fails("23505", "copy c from stdin", data + "5\tagain\t1\n");
    assertThat(rows()).isZero();
  }

  @Test
  void badRowsNameTheirLine() throws Exception {
    fails("22P04", "copy c from stdin", "1\ta\t1\n2\tb\n");
    fails("22P04", "copy c from stdin", "1\ta\t1\tmore\n");
    fails("22P02", "copy c from stdin", "1\ta\t1\nx\tb\t1\n");
    fails("42P01", "copy nothing from stdin", "1\n");
    fails("0A000", "copy c from stdin (format binary)", "1\n");
    assertThatThrownBy(() -> in("copy c from stdin", "1\ta\t1\nx\tb\t1\n"))
        .hasMessageContaining("line 2");
    assertThat(rows()).isZero();
    assertThat(in("copy c from stdin", "1\ta\t1\n\\.\n")).isEqualTo(1);
  }

  @Test
  void aClientMayGiveUp() throws Exception {
    var half = copy.copyIn("copy c from stdin");
    byte[] row = "1\ta\t1\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    half.writeToCopy(row, 0, row.length);
    half.cancelCopy();
    assertThat(rows()).isZero();
  }

  private void fails(String state, String sql, String data) {
    assertThatThrownBy(() -> in(sql, data))
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(state));
  }

  private int rows() throws SQLException {
    ResultSet r = s.executeQuery("select count(*) from c");
    r.next();
    return r.getInt(1);
  }
}
