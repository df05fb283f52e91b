package halab.systems.dm;

/**
 * Who answers at a place, by its own V$INSTANCE.
 *
 * @param mode MODE$: NORMAL, PRIMARY or STANDBY
 * @param role DSC_ROLE: "Control node", "Normal node"; null where there is none
 */
public record SvcPeer(String instance, String mode, String role) {
  /** The columns of V$INSTANCE that are asked for, in the order of this record. */
  public static final String COLUMNS = "INSTANCE_NAME, MODE$, DSC_ROLE";

  boolean isControl() {
    return "Control node".equalsIgnoreCase(role);
  }
}
