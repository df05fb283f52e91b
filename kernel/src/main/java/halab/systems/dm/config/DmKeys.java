package halab.systems.dm.config;

import static halab.systems.dm.config.Key.flag;
import static halab.systems.dm.config.Key.number;
import static halab.systems.dm.config.Key.of;
import static halab.systems.dm.config.Key.port;
import static halab.systems.dm.config.Key.portOrZero;

import halab.systems.dm.config.Key.Kind;

/** Keys and bounds that mean the same in all of Dameng's systems, as the vendor's manuals say. */
public final class DmKeys {
  public static final int NAME_BYTES = 16;
  public static final int PATH_BYTES = 255;
  public static final int HOST_BYTES = 64;
  public static final long INT = Integer.MAX_VALUE;

  /** What stands before the first instance of a MAL file. */
  public static final Schema MAL_GLOBAL =
      Schema.closed(
          "the head of a MAL file",
          DmKeys::ofMal,
          number("MAL_CHECK_INTERVAL", 0, 1800, 30),
          number("MAL_CONN_FAIL_INTERVAL", 2, 1800, 10),
          number("MAL_CHECK_TIMEOUT", 0, 65535, 0),
          of(Kind.HOST, "MAL_CHECK_IP", HOST_BYTES),
          number("MAL_LOGIN_TIMEOUT", 3, 1800, 15),
          number("MAL_BUF_SIZE", 0, 500000, 100),
          number("MAL_SYS_BUF_SIZE", 0, 500000, 0),
          number("MAL_VPOOL_SIZE", 1, 500000, 128),
          number("MAL_COMPRESS_LEVEL", 0, 10, 0),
          flag("MAL_MESSAGE_CHECK", 1),
          flag("MAL_USE_RDMA", 0));

  /** One instance of a MAL file. */
  public static final Schema MAL_INST =
      Schema.closed(
          "an instance's section of a MAL file",
          DmKeys::ofMal,
          of(Kind.NAME, "MAL_INST_NAME", NAME_BYTES).must(),
          of(Kind.HOST, "MAL_HOST", HOST_BYTES).must(),
          port("MAL_PORT").must(),
          of(Kind.HOST, "MAL_INST_HOST", HOST_BYTES),
          port("MAL_INST_PORT"),
          portOrZero("MAL_DW_PORT"),
          portOrZero("MAL_INST_DW_PORT"),
          number("MAL_LINK_MAGIC", 0, 65534, 0));

  private DmKeys() {}

  private static boolean ofMal(String name) {
    return MAL_GLOBAL.find(name) != null || MAL_INST.find(name) != null;
  }
}
