package halab.node.pg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PGobject;

/** PostgreSQL's own driver, unchanged, in all of its query modes. */
class DriverTest {
  private static Served served;

  @BeforeAll
  static void serve() throws Exception {
    served = new Served();
  }

  @AfterAll
  static void end() throws Exception {
    served.close();
  }

  @ParameterizedTest
  @CsvSource({
    "simple, 5, false",
    "extended, 5, false",
    "extendedForPrepared, 1, false",
    "extendedCacheEverything, -1, true",
    "extended, -1, true"
  })
  void everyTypeComesBackAsItWent(String mode, String threshold, String binary) throws Exception {
    Map<String, String> how =
        Map.of("preferQueryMode", mode, "prepareThreshold", threshold, "binaryTransfer", binary);
    try (Connection c = served.connect(how);
        Statement s = c.createStatement()) {
      s.execute("drop table if exists every");
      s.execute(
          "create table every(i2 int2, i4 int, i8 bigint, f4 real, f8 double precision,"
              + " n numeric(20,5), t text, v varchar(40), b bool, y bytea, d date, tm time,"
              + " ts timestamp, tz timestamptz, u uuid, j json)");
      UUID id = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
      LocalDateTime time = LocalDateTime.of(2026, 2, 3, 4, 5, 6, 789_000_000);
      OffsetDateTime zoned = OffsetDateTime.of(time, ZoneOffset.ofHours(2));
      PGobject json = new PGobject();
      json.setType("json");
      json.setValue("{\"a\": 1}");
      Object[] values = {
        (short) -2,
        -40_000,
        1L << 40,
        1.5f,
        -2.25e-7,
        new BigDecimal("-12345.67800"),
        "text with ' and \\ and é",
        "v",
        true,
        new byte[] {0, 1, (byte) 255},
        LocalDate.of(1999, 12, 31),
        LocalTime.of(23, 59, 58),
        time,
        zoned,
        id,
        json
      };
      String sql = "insert into every values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
      try (PreparedStatement p = c.prepareStatement(sql)) {
        // Twice: from the second on the driver uses what it has learned.
        for (int round = 0; round < 2; round++) {
          for (int i = 0; i < values.length; i++) {
            p.setObject(i + 1, values[i]);
          }
          assertThat(p.executeUpdate()).isEqualTo(1);
        }
        for (int i = 0; i < values.length; i++) {
          p.setNull(i + 1, java.sql.Types.NULL);
        }
        p.executeUpdate();
      }
      try (PreparedStatement p = c.prepareStatement("select * from every order by i2")) {
        for (int round = 0; round < 3; round++) {
          ResultSet rows = p.executeQuery();
          assertThat(rows.next()).isTrue();
          assertThat(rows.getShort(1)).isEqualTo((short) -2);
          assertThat(rows.getInt(2)).isEqualTo(-40_000);
          assertThat(rows.getLong(3)).isEqualTo(1L << 40);
          assertThat(rows.getFloat(4)).isEqualTo(1.5f);
          assertThat(rows.getDouble(5)).isEqualTo(-2.25e-7);
          assertThat(rows.getBigDecimal(6)).isEqualTo(values[5]);
          assertThat(rows.getString(7)).isEqualTo(values[6]);
          assertThat(rows.getString(8)).isEqualTo("v");
          assertThat(rows.getBoolean(9)).isTrue();
          assertThat(rows.getBytes(10)).isEqualTo(values[9]);
          assertThat(rows.getObject(11, LocalDate.class)).isEqualTo(values[10]);
          assertThat(rows.getObject(12, LocalTime.class)).isEqualTo(values[11]);
          assertThat(rows.getObject(13, LocalDateTime.class)).isEqualTo(time);
          assertThat(rows.getObject(14, OffsetDateTime.class).toInstant())
              .isEqualTo(zoned.toInstant());
          assertThat(rows.getObject(15)).isEqualTo(id);
          if (!mode.equals("simple")) {
            // There the driver sends a string without its type, and the engine takes it for JSON's.
            assertThat(rows.getString(16).replace(" ", "")).isEqualTo("{\"a\":1}");
          }
          assertThat(rows.next()).isTrue();
          assertThat(rows.next()).isTrue();
          for (int i = 1; i <= values.length; i++) {
            assertThat(rows.getObject(i)).as("column " + i).isNull();
          }
          assertThat(rows.next()).isFalse();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"simple", "extended"})
  void batchesGiveTheirCounts(String mode) throws Exception {
    try (Connection c = served.connect(Map.of("preferQueryMode", mode));
        Statement s = c.createStatement()) {
      s.execute("drop table if exists batch; create table batch(a int primary key, b text)");
      try (PreparedStatement p = c.prepareStatement("insert into batch values (?, ?)")) {
        for (int i = 0; i < 500; i++) {
          p.setInt(1, i);
          p.setString(2, "row " + i);
          p.addBatch();
        }
        assertThat(p.executeBatch()).hasSize(500).containsOnly(1);
      }
      assertThat(s.executeUpdate("update batch set b = 'x' where a < 10")).isEqualTo(10);
      assertThat(s.executeUpdate("delete from batch where a >= 100")).isEqualTo(400);
    }
  }

  @Test
  void rowsComeInPiecesWhileOthersRun() throws Exception {
    try (Connection c = served.connect()) {
      c.setAutoCommit(false);
      try (PreparedStatement p =
              c.prepareStatement("select x from generate_series(1, 1000) as g(x) order by x");
          Statement other = c.createStatement()) {
        p.setFetchSize(7);
        ResultSet rows = p.executeQuery();
        long sum = 0;
        while (rows.next()) {
          sum += rows.getLong(1);
          if (rows.getLong(1) % 100 == 0) {
            other.executeQuery("select 1").next();
          }
        }
        assertThat(sum).isEqualTo(500_500);
      }
      c.commit();
    }
  }

  @Test
  void insertsReturnWhatWasGenerated() throws Exception {
    try (Connection c = served.connect();
        Statement s = c.createStatement()) {
      s.execute("create table gen(id serial primary key, v text)");
      try (PreparedStatement p =
          c.prepareStatement("insert into gen(v) values (?)", Statement.RETURN_GENERATED_KEYS)) {
        p.setString(1, "a");
        assertThat(p.executeUpdate()).isEqualTo(1);
        ResultSet keys = p.getGeneratedKeys();
        assertThat(keys.next()).isTrue();
        assertThat(keys.getInt("id")).isPositive();
      }
    }
  }

  @Test
  void anUpsertChangesTheRowThatIsThere() throws Exception {
    try (Connection c = served.connect();
        Statement s = c.createStatement()) {
      s.execute("create table kv(k int primary key, v int)");
      String sql =
          "insert into kv(k, v) values (?, ?) on conflict (k) do update set v = kv.v + excluded.v";
      try (PreparedStatement p = c.prepareStatement(sql)) {
        for (int i = 1; i <= 3; i++) {
          p.setInt(1, 7);
          p.setInt(2, i);
          assertThat(p.executeUpdate()).isEqualTo(1);
        }
      }
      s.execute("insert into kv values (7, 0) on conflict (k) do nothing");
      ResultSet rows = s.executeQuery("select k, v from kv");
      rows.next();
      assertThat(rows.getInt(2)).isEqualTo(6);
      assertThat(rows.next()).isFalse();
    }
  }

  @Test
  void arraysAreParameters() throws Exception {
    try (Connection c = served.connect();
        PreparedStatement p =
            c.prepareStatement(
                "select count(*) from generate_series(1, 10) as g(x) where x = any(?)")) {
      p.setArray(1, c.createArrayOf("int4", new Integer[] {2, 3, 99}));
      ResultSet rows = p.executeQuery();
      rows.next();
      assertThat(rows.getInt(1)).isEqualTo(2);
    }
  }

  @Test
  void errorsCarryTheirState() throws Exception {
    try (Connection c = served.connect();
        Statement s = c.createStatement()) {
      s.execute("create table errors(a int primary key, b varchar(3) not null)");
      s.execute("insert into errors values (1, 'x')");
      Map<String, String> states =
          Map.of(
              "insert into errors values (1, 'y')", "23505",
              "insert into errors values (2, null)", "23502",
              "insert into errors values (2, 'long')", "22001",
              "select * from nowhere", "42P01",
              "select nothing from errors", "42703",
              "selec 1", "42601",
              "select 1 / 0", "22012",
              "set transaction isolation level serializable", "0A000",
              "set nonsense = 1", "42704",
              "copy errors from '/etc/passwd'", "42501");
      for (Map.Entry<String, String> e : states.entrySet()) {
        assertThatThrownBy(() -> s.execute(e.getKey()))
            .as(e.getKey())
            .isInstanceOfSatisfying(
                SQLException.class, x -> assertThat(x.getSQLState()).isEqualTo(e.getValue()));
      }
      assertThat(s.executeQuery("select a from errors").next()).isTrue();
    }
  }

  @Test
  void noStringIsLongerThanItsOwner() throws Exception {
    try (Connection c = served.connect();
        PreparedStatement p = c.prepareStatement("select ?::text, length(?::text)")) {
      String large = "é".repeat(3_000_000);
      p.setString(1, large);
      p.setString(2, large);
      ResultSet rows = p.executeQuery();
      rows.next();
      assertThat(rows.getString(1)).isEqualTo(large);
      assertThat(rows.getInt(2)).isEqualTo(3_000_000);
    }
    assertThat(served.server.largeMessageBytes()).isZero();
  }

  @Test
  void statementsAreSplitAsPostgresSplitsThem() throws Exception {
    try (Connection c = served.connect(Map.of("preferQueryMode", "simple"));
        Statement s = c.createStatement()) {
      List<String> values = new ArrayList<>();
      boolean rows =
          s.execute(
              "select 'a;b'; select $x$c;'d$x$; /* ; /* ; */ */ select E'e\\';f' -- ;\n; select 1");
      while (rows) {
        ResultSet r = s.getResultSet();
        r.next();
        values.add(r.getString(1));
        rows = s.getMoreResults();
      }
      assertThat(values).containsExactly("a;b", "c;'d", "e';f", "1");
    }
  }
}
