package halab.systems.dsc;

/** Phases of dmcss. */
public enum CssPhase {
  /** Reads the DCR and its own slot. */
  BOOT,
  /** Beats, watches the others and stands for election; no control CSS is known. */
  ELECTION,
  /** Has won: its claim stands in its slot, but it must see it there, alone, before it acts. */
  CLAIM,
  /** Another CSS is control node; watches it, restarts its own node's EPs, serves monitors. */
  NORMAL,
  /** The control CSS: the only one that decides about groups. */
  CONTROL,
  /** Will end in a moment; only its last status is still being written. */
  HALTING,
  /** Has ended. */
  DOWN
}
