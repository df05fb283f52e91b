package halab.systems.dm;

import static halab.systems.dm.SqlViewParts.columns;
import static halab.systems.dm.SqlViewParts.each;
import static halab.systems.dm.SqlViewParts.row;

import halab.systems.SqlView;
import halab.systems.dm.config.Setting;
import java.util.List;
import java.util.function.Function;

/** V$DM_INI: the keys of dm.ini that HALab reads, as they are in force. */
public final class DmIniView {
  /** Cannot be changed by SQL, only in the file and with a restart. */
  private static final String BY_HAND = "READ ONLY";

  private DmIniView() {}

  /**
   * The view.
   *
   * @param settings the keys in force
   * @param syncLevel of a key, by its name; null: not known
   */
  public static <S> SqlView<S> of(
      Function<S, List<Setting>> settings, Function<String, String> syncLevel) {
    return SqlView.of(
        "V$DM_INI",
        columns(
            "PARA_NAME:text PARA_VALUE:text MIN_VALUE:text MAX_VALUE:text MPP_CHK:text"
                + " SESS_VALUE:text FILE_VALUE:text PARA_TYPE:text SYNC_LEVEL:text"),
        (s, x) -> each(settings.apply(s), p -> parameter(p, syncLevel.apply(p.name()))));
  }

  private static List<Object> parameter(Setting p, String level) {
    String inFile = p.fileValue() == null ? p.value() : p.fileValue(); // the default is in force
    return row(p.name(), p.value(), p.min(), p.max(), "N", p.value(), inFile, BY_HAND, level);
  }
}
