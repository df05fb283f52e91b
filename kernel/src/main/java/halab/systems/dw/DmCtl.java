package halab.systems.dw;

import halab.systems.ConfigException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/**
 * What a database keeps about itself beside its data: the vendor's dm.ctl, here as text with a
 * checksum (reference 4, 5.9, 8).
 *
 * @param mode in force
 * @param oguid of the group; 0: none
 * @param permanentMagic the same in all copies of one database
 * @param dbMagic another one in each copy
 * @param dbVersion build of the release that last wrote the system tables
 * @param clean whether it was closed in order, with nothing left to be redone
 * @param sysdba SHA-256 of SYSDBA's password, in hex
 * @param history openings of primaries, oldest first
 */
public record DmCtl(
    DmMode mode,
    int oguid,
    long permanentMagic,
    long dbMagic,
    int dbVersion,
    boolean clean,
    String sysdba,
    List<OpenRow> history) {
  /** Password of SYSDBA in a database that was not given another. */
  public static final String DEFAULT_PASSWORD = "SYSDBA";

  /** Its name in the system folder. */
  public static final String FILE = "dm.ctl";

  private static final int FIELDS_OF_A_ROW = 6;

  public DmCtl {
    history = List.copyOf(history);
  }

  /** With the default password. */
  public DmCtl(
      DmMode mode,
      int oguid,
      long permanentMagic,
      long dbMagic,
      int dbVersion,
      boolean clean,
      List<OpenRow> history) {
    this(mode, oguid, permanentMagic, dbMagic, dbVersion, clean, sha256(DEFAULT_PASSWORD), history);
  }

  /** How a password is kept. */
  public static String sha256(String password) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(password.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** How often a primary was opened. */
  public int nOpen() {
    return history.size();
  }

  /** With this mode. */
  public DmCtl with(DmMode next) {
    return new DmCtl(next, oguid, permanentMagic, dbMagic, dbVersion, clean, sysdba, history);
  }

  /** With this group. */
  public DmCtl withOguid(int next) {
    return new DmCtl(mode, next, permanentMagic, dbMagic, dbVersion, clean, sysdba, history);
  }

  /** Closed in order, or not. */
  public DmCtl withClean(boolean next) {
    return new DmCtl(mode, oguid, permanentMagic, dbMagic, dbVersion, next, sysdba, history);
  }

  /** Written by this release. */
  public DmCtl withVersion(int build) {
    return new DmCtl(mode, oguid, permanentMagic, dbMagic, build, clean, sysdba, history);
  }

  /** With one opening more; one that is there already, or is not the next, changes nothing. */
  public DmCtl opened(OpenRow row) {
    if (row.number() != nOpen() + 1) {
      return this;
    }
    List<OpenRow> longer = new ArrayList<>(history);
    longer.add(row);
    return new DmCtl(mode, oguid, permanentMagic, dbMagic, dbVersion, clean, sysdba, longer);
  }

  /** The file's text. */
  public String text() {
    StringBuilder body = new StringBuilder();
    body.append("MODE = ").append(mode).append('\n');
    body.append("OGUID = ").append(oguid).append('\n');
    body.append("PERMANENT_MAGIC = ").append(permanentMagic).append('\n');
    body.append("DB_MAGIC = ").append(dbMagic).append('\n');
    body.append("DB_VERSION = ").append(dbVersion).append('\n');
    body.append("CLEAN = ").append(clean ? 1 : 0).append('\n');
    body.append("SYSDBA = ").append(sysdba).append('\n');
    for (OpenRow row : history) {
      body.append("OPEN_").append(row.number()).append(" = ").append(row.atMs());
      body.append(' ').append(row.primary()).append(' ').append(row.magic());
      body.append(' ').append(row.seq()).append(' ').append(row.lsn()).append('\n');
    }
    return body + "CHECKSUM = " + checksum(body.toString()) + "\n";
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08X", crc.getValue());
  }

  /**
   * Reads the file among those of a system folder.
   *
   * @throws ConfigException when it is missing or not whole
   */
  public static DmCtl read(Map<String, String> saved) {
    String text = saved.get(FILE);
    if (text == null) {
      throw wrong("it is missing", "restore the database from a backup");
    }
    int last = text.indexOf("CHECKSUM = ");
    if (last < 0 || !text.substring(last).equals("CHECKSUM = " + sum(text, last) + "\n")) {
      throw wrong("its checksum does not fit", "restore it from a backup; do not edit it");
    }
    try {
      return parse(text.substring(0, last));
    } catch (IllegalArgumentException e) {
      throw wrong("a line cannot be read (" + e.getMessage() + ")", "restore it from a backup");
    }
  }

  private static String sum(String text, int end) {
    return checksum(text.substring(0, end));
  }

  private static DmCtl parse(String body) {
    Map<String, String> values = new TreeMap<>();
    List<OpenRow> history = new ArrayList<>();
    for (String line : body.split("\n")) {
      int equals = line.indexOf(" = ");
      if (equals < 0) {
        throw new IllegalArgumentException("'" + line + "'");
      }
      String key = line.substring(0, equals);
      String value = line.substring(equals + 3);
      if (key.startsWith("OPEN_")) {
        history.add(row(Integer.parseInt(key.substring(5)), value.split(" ")));
      } else {
        values.put(key, value);
      }
    }
    return new DmCtl(
        DmMode.valueOf(values.getOrDefault("MODE", "")),
        Integer.parseInt(values.getOrDefault("OGUID", "")),
        Long.parseLong(values.getOrDefault("PERMANENT_MAGIC", "")),
        Long.parseLong(values.getOrDefault("DB_MAGIC", "")),
        Integer.parseInt(values.getOrDefault("DB_VERSION", "")),
        values.getOrDefault("CLEAN", "").equals("1"),
        values.getOrDefault("SYSDBA", ""),
        history);
  }

  private static OpenRow row(int number, String[] part) {
    if (part.length != FIELDS_OF_A_ROW - 1) {
      throw new IllegalArgumentException("OPEN_" + number);
    }
    return new OpenRow(
        number,
        Long.parseLong(part[0]),
        part[1],
        Long.parseLong(part[2]),
        Long.parseLong(part[3]),
        Long.parseLong(part[4]));
  }

  private static ConfigException wrong(String what, String remedy) {
    return new ConfigException(List.of(new ConfigException.Problem(FILE, 0, what, remedy)));
  }
}
