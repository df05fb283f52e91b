package halab.systems.dsc;

import static halab.systems.SqlView.Type.INTEGER;
import static halab.systems.SqlView.Type.TEXT;
import static halab.systems.dm.SqlViewParts.c;
import static halab.systems.dm.SqlViewParts.columns;
import static halab.systems.dm.SqlViewParts.each;
import static halab.systems.dm.SqlViewParts.row;

import halab.systems.SqlView;
import halab.systems.dm.DmIniView;
import halab.systems.dm.config.MalIni;
import java.util.List;

/**
 * The views over the files that a dmserver was started with (reference 6). A file that was edited
 * since shows with the next start, as it takes effect.
 */
final class DscIniViews {
  static final List<SqlView<EpState>> ALL =
      List.of(
          DmIniView.of(s -> s.dmIni, key -> MustSync.KEYS.contains(key) ? "MUST_SYNC" : null),
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
