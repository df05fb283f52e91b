package halab.systems.dsc;

import static halab.systems.SqlView.Type.INTEGER;
import static halab.systems.SqlView.Type.TEXT;
import static halab.systems.dsc.SqlViewParts.c;
import static halab.systems.dsc.SqlViewParts.columns;
import static halab.systems.dsc.SqlViewParts.each;
import static halab.systems.dsc.SqlViewParts.row;

import halab.systems.SqlView;
import halab.systems.dm.config.MalIni;
import halab.systems.dm.config.Setting;
import java.util.List;

/**
 * The views over the files that a dmserver was started with (reference 6). A file that was edited
 * since shows with the next start, as it takes effect.
 */
final class DscIniViews {
  /** Cannot be changed by SQL, only in the file and with a restart. */
  private static final String BY_HAND = "READ ONLY";

  static final List<SqlView<EpState>> ALL =
      List.of(
          SqlView.of(
              "V$DM_INI",
              columns(
                  c("PARA_NAME", TEXT),
                  c("PARA_VALUE", TEXT),
                  c("MIN_VALUE", TEXT),
                  c("MAX_VALUE", TEXT),
                  c("MPP_CHK", TEXT),
                  c("SESS_VALUE", TEXT),
                  c("FILE_VALUE", TEXT),
                  c("PARA_TYPE", TEXT),
                  c("SYNC_LEVEL", TEXT)),
              (s, x) -> each(s.dmIni, DscIniViews::parameter)),
          SqlView.of(
              "V$DMDCR_INI",
              columns(c("NAME", TEXT), c("VALUE", TEXT)),
              (s, x) -> each(s.dmdcrIni, setting -> row(setting.name(), setting.value()))),
          SqlView.of(
              "V$DM_MAL_INI",
              columns(
                  c("MAL_NAME", TEXT),
                  c("MAL_INST_NAME", TEXT),
                  c("MAL_HOST", TEXT),
                  c("MAL_PORT", INTEGER),
                  c("MAL_INST_PORT", INTEGER),
                  c("MAL_INST_HOST", TEXT),
                  c("MAL_DW_PORT", INTEGER),
                  c("MAL_LINK_MAGIC", INTEGER)),
              (s, x) -> each(s.mal.instances(), DscIniViews::member)));

  private DscIniViews() {}

  private static List<Object> parameter(Setting p) {
    String inFile = p.fileValue() == null ? p.value() : p.fileValue(); // the default is in force
    String level = MustSync.KEYS.contains(p.name()) ? "MUST_SYNC" : null;
    return row(p.name(), p.value(), p.min(), p.max(), "N", p.value(), inFile, BY_HAND, level);
  }

  private static List<Object> member(MalIni.Instance i) {
    return row(
        i.section(),
        i.name(),
        i.host(),
        i.port(),
        i.instPort(),
        i.instHost(),
        i.dwPort(),
        i.linkMagic());
  }
}
