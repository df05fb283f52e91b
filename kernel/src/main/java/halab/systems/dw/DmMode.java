package halab.systems.dw;

/** Mode of a database (reference 4); changed in MOUNT alone. */
public enum DmMode {
  NORMAL,
  PRIMARY,
  STANDBY
}
