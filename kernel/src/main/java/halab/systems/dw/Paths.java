package halab.systems.dw;

/** Nominal places of a database's own files; they name disks. */
public final class Paths {
  /** The online redo log. */
  public static final String ONLINE = "/dm/data/DAMENG/DAMENG01.log";

  /** The local archive of a lab that does not say otherwise. */
  public static final String ARCHIVE = "/dm/arch";

  private Paths() {}
}
