package halab.systems.dw.config;

import halab.systems.LabPlan;
import halab.systems.dm.config.DmKeys;
import halab.systems.dm.config.IniText;
import halab.systems.dm.config.LabFiles;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Problems;
import java.util.Map;

/**
 * The vendor files of a new lab, with the values of the vendor's published examples (reference 2);
 * {@code fast} means the shortest times that the vendor allows.
 */
final class DwFiles {
  static final String ARCH_PATH = "/dm/arch";
  static final String LOG_PATH = "/dm/data/DAMENG/DAMENG01.log";
  static final String TIMER = "RT_TIMER";
  private static final String MON = "mon";

  private final LabPlan.Options options;
  private final DwShape shape;
  private final DwPorts ports;
  private final Map<String, String> brought;

  private DwFiles(LabPlan.Options options, DwShape shape, Map<String, String> brought) {
    this.options = options;
    this.brought = brought;
    this.shape = shape;
    this.ports = new DwPorts(options.portBase(), options.oneMachine());
  }

  /** Name of the host that instance n runs on. */
  static String host(int n) {
    return "n" + (n + 1);
  }

  /** Name of the host that monitor k runs on. */
  static String monitor(int k) {
    return k == 0 ? MON : MON + (k + 1);
  }

  /**
   * All files by host, generated ones whose keys can still be set.
   *
   * @param brought by {@code HOST/NAME} what will take their place
   */
  static LabFiles make(
      LabPlan.Options options, DwShape shape, Map<String, String> brought, Problems problems) {
    DwFiles files = new DwFiles(options, shape, brought);
    LabFiles all = new LabFiles(DwKeys.ALL, "GRP1.DW_ERROR_TIME=20", problems);
    for (int n = 0; n < shape.instances().size(); n++) {
      all.put(host(n), DmIni.FILE, files.dm(n));
      all.put(host(n), MalIni.DB_FILE, files.mal());
      all.put(host(n), DmArchIni.FILE, files.arch(n));
      all.put(host(n), DmwatcherIni.FILE, files.watcher(n));
      all.put(host(n), ReleaseIni.FILE, release());
      if (files.sendsByTimer(n)) {
        all.put(host(n), DmTimerIni.FILE, timer());
      }
    }
    for (int k = 0; k < shape.monitors(); k++) {
      all.put(monitor(k), DmmonitorIni.FILE, files.dmmonitor(k));
    }
    return all;
  }

  private boolean sendsByTimer(int n) {
    return brought.containsKey(host(n) + "/" + DmTimerIni.FILE)
        || !shape.asyncs().isEmpty() && !shape.instances().get(n).local();
  }

  private IniText dm(int n) {
    IniText text = new IniText();
    text.block("", DwKeys.DM)
        .put("INSTANCE_NAME", shape.instances().get(n).name())
        .put("PORT_NUM", ports.sql(n))
        .put("MAL_INI", 1)
        .put("ARCH_INI", 1)
        .put("TIMER_INI", sendsByTimer(n) ? 1 : 0)
        .put("DW_INACTIVE_INTERVAL", 60)
        .put("ALTER_MODE_STATUS", 0)
        .put("ENABLE_OFFLINE_TS", 2)
        .put("SESS_FREE_IN_SUSPEND", 60);
    return text;
  }

  private IniText mal() {
    IniText text = new IniText();
    text.block("", DmKeys.MAL_GLOBAL)
        .put("MAL_CHECK_INTERVAL", options.fast() ? 1 : 5)
        .put("MAL_CONN_FAIL_INTERVAL", options.fast() ? 2 : 5);
    for (int n = 0; n < shape.instances().size(); n++) {
      String name = shape.instances().get(n).name();
      text.block("MAL_INST" + (n + 1), DmKeys.MAL_INST, name, "MAL_INST" + (n + 1))
          .put("MAL_INST_NAME", name)
          .put("MAL_HOST", host(n))
          .put("MAL_PORT", ports.mal(n))
          .put("MAL_INST_HOST", host(n))
          .put("MAL_INST_PORT", ports.sql(n))
          .put("MAL_DW_PORT", ports.watcher(n))
          .put("MAL_INST_DW_PORT", ports.instanceForWatcher(n));
    }
    return text;
  }

  private IniText arch(int n) {
    IniText text = new IniText();
    text.block("", DwKeys.ARCH_GLOBAL).put("ARCH_WAIT_APPLY", 0);
    DwShape.Instance self = shape.instances().get(n);
    if (!self.local()) {
      int number = 1;
      for (DwShape.Instance other : shape.members()) {
        if (!other.equals(self)) {
          archive(text, shape.archType(), number++).put("ARCH_DEST", other.name());
        }
      }
      number = 1;
      for (DwShape.Instance async : shape.asyncs()) {
        archive(text, ArchType.ASYNC, number++)
            .put("ARCH_DEST", async.name())
            .put("ARCH_TIMER_NAME", TIMER);
      }
    }
    archive(text, ArchType.LOCAL, 1)
        .put("ARCH_DEST", ARCH_PATH)
        .put("ARCH_FILE_SIZE", 128)
        .put("ARCH_SPACE_LIMIT", 0);
    return text;
  }

  private static IniText.Block archive(IniText text, ArchType type, int number) {
    String section = "ARCHIVE_" + type + number;
    return text.block(section, DwKeys.ARCH, section).put("ARCH_TYPE", type);
  }

  /** Every minute of every day. */
  private static IniText timer() {
    IniText text = new IniText();
    text.block(TIMER, DwKeys.TIMER, TIMER)
        .put("TYPE", 2)
        .put("FREQ_MONTH_WEEK_INTERVAL", 1)
        .put("FREQ_SUB_INTERVAL", 0)
        .put("FREQ_MINUTE_INTERVAL", 1)
        .put("START_TIME", "00:00:00")
        .put("END_TIME", "23:59:59")
        .put("DURING_START_DATE", "1970-01-01 00:00:00")
        .put("NO_END_DATE_FLAG", 1)
        .put("DESCRIBE", "every minute")
        .put("IS_VALID", 1);
    return text;
  }

  private IniText watcher(int n) {
    boolean local = shape.instances().get(n).local();
    int errorS = options.fast() ? 3 : 10;
    IniText text = new IniText();
    text.block(shape.group(), DwKeys.WATCHER, shape.group())
        .put("DW_TYPE", local ? "LOCAL" : "GLOBAL")
        .put("DW_MODE", local ? "MANUAL" : "AUTO")
        .put("DW_ERROR_TIME", errorS)
        .put("INST_ERROR_TIME", errorS)
        .put("INST_RECOVER_TIME", options.fast() ? 3 : 60)
        .put("INST_OGUID", shape.oguid())
        .put("INST_INI", "/dm/etc/dm.ini")
        .put("INST_AUTO_RESTART", 1)
        .put("INST_STARTUP_CMD", "/opt/dmdbms/bin/dmserver");
    return text;
  }

  private static IniText release() {
    IniText text = new IniText();
    text.block("", DwKeys.RELEASE).put("SVR_BUILD", 218);
    return text;
  }

  private IniText dmmonitor(int k) {
    boolean several = shape.confirm() > 1 && k < shape.confirm();
    IniText text = new IniText();
    IniText.Block head =
        text.block("", DwKeys.MON_GLOBAL)
            .put("MON_DW_CONFIRM", k < shape.confirm() ? 1 : 0)
            .put("MON_LOG_PATH", "/dm/log")
            .put("MON_LOG_INTERVAL", 60)
            .put("MON_LOG_FILE_SIZE", 64)
            .put("MON_LOG_SPACE_LIMIT", 0);
    if (several) {
      head.put("MON_INST_NUM", shape.confirm()).put("MON_ID", k + 1).put("MON_MID", shape.oguid());
    }
    IniText.Block group =
        text.block(shape.group(), DwKeys.MON_GROUP, shape.group())
            .put("MON_INST_OGUID", shape.oguid());
    for (DwShape.Instance member : shape.members()) {
      int n = shape.indexOf(member);
      group.put("MON_DW_IP#" + n, host(n) + ":" + ports.watcher(n));
    }
    for (int other = 0; several && other < shape.confirm(); other++) {
      String section = "MON" + (other + 1);
      text.block(section, DwKeys.MON_INST, section)
          .put("MON_INST_ID", other + 1)
          .put("MON_HOST", monitor(other))
          .put("MON_PORT", ports.monitor(other));
    }
    return text;
  }
}
