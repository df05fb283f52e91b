package halab.systems.dw.monitor;

import java.util.Map;
import java.util.TreeMap;

/**
 * Codes of the monitor's interface and their texts (reference 6.2; manual, appendix 10.2.8). The
 * meanings are the vendor's; the English wording is ours, since only the Chinese texts are public.
 */
final class MonErrors {
  private static final String TABLE =
      """
      -1 general error
      -5 the user has not logged in to the monitor; use: login
      -8 setting the execution flag failed: another monitor's command is running; try again later
      -14 another confirm monitor exists in the same system; this one ends
      -15 no connection to any dmwatcher: none may be started
      -16 invalid argument
      -19 the number of monitors has reached its limit (10 in a group)
      -20 the standby does not meet the conditions of recovery yet; check again later
      -21 the standby does not meet the conditions of recovery
      -22 the instance cannot be judged yet; check again later
      -23 a primary is OPEN, but other instances are not as they should be
      -24 the system is not as it should be; the dmwatchers are handling it, look again later
      -25 the system is not as it should be; the user has to decide
      -26 there is no primary that serves; the dmwatchers are handling it, look again later
      -27 there is no primary that serves; the user has to decide
      -29 invalid wallet path: this monitor has no wallet; use: login user/password
      -33 not an instance of a multi-instance confirm monitor
      -8013 receiving the dmwatcher's message timed out
      -8037 the instance is not in MOUNT status
      -8038 a command of this monitor is being executed; the command cannot be executed now
      -8042 the instance is in error, the operation ends
      -8043 receiving the dmwatcher's message timed out, the operation ends
      -8044 the instance failed to execute the command
      -8045 invalid instance name, or no message of the instance received yet
      -8062 the mode of the instance does not match, STANDBY is expected
      -8069 the instance failed to execute the sql statement
      -8079 there are several primary instances, or none that is PRIMARY, OPEN and OK with its \
      dmwatcher in OPEN status
      -8106 the instance for the switchover is in PRIMARY mode
      -8111 the archive status of the instance for the switchover is not valid
      -8136 the operation conflicts with another monitor's: its MID does not match
      -8146 invalid group name
      -8180 the connection to the dmwatcher is broken
      -8197 the user name or the password is empty or too long; use: login user/password
      -8204 there is no active instance that could check the login, or its dmwatcher does not \
      answer; wait until one is OPEN
      -8206 wrong user name or password, or the user is no DBA
      -8210 the login failed
      -8220 the dmwatcher is not in STARTUP, OPEN or SHUTDOWN status, the parameter cannot be \
      changed
      -8223 the instance runs already
      -8229 the shutdown of the instance failed
      -8257 all instances of the group are in SHUTDOWN status already
      -8277 the dmwatcher is not in STARTUP, OPEN or SHUTDOWN status
      -8344 the instance does not meet the conditions: STANDBY and OPEN, dmwatcher in OPEN status, \
      archive VALID
      -8346 the control files of the dmwatchers of primary and standby do not agree
      -8360 the group has an instance that is PRIMARY and OPEN already
      -8371 the dmwatcher is not in STARTUP status
      -8388 the group has an active primary instance, no list of instances is made
      -8389 the instance is split, the command is not allowed; rebuild it, then remove dmwatcher.ctl
      -8390 the dmwatcher is not in OPEN status
      -8392 the instance is not STANDBY and OPEN
      -8393 another standby holds more redo (larger KLSN)
      -8394 an instance that is PRIMARY and OPEN exists, takeover is not allowed
      -8395 no primary instance is known for it, takeover is not allowed; if the primary is really \
      dead: takeover force
      -8396 the lost instance was not PRIMARY and OPEN before it failed, takeover is not allowed
      -8397 the lost primary has more redo (FLSN) than the instance (KLSN), takeover is not allowed
      -8398 the lost primary's dmwatcher was not in OPEN or RECOVERY status before it failed, \
      takeover is not allowed
      -8399 the primary is still active, takeover is not allowed
      -8400 the archive from the lost primary to the instance was invalid, takeover is not \
      allowed; \
      if the primary is really dead: takeover force
      -8401 the control file of the dmwatcher is not valid
      -8402 the open records of the instances do not agree
      -8420 the standbys still have their links to the primary, takeover is not allowed
      -8455 no instance was named
      -8456 no group was named, and there are several
      -8457 the group has no active dmwatcher, or no message has been received yet
      -8458 the dmwatcher is not in OPEN or STARTUP status
      -8459 the instance is not in STANDBY mode
      -8460 the instance is not in OPEN or MOUNT status
      -8461 the instance belongs to another group
      -8496 the group has no standby for it at present
      -8497 the dmwatcher of the instance is of LOCAL type
      -8498 invalid name or value of a parameter
      -8506 no primary instance is known for it
      -8508 the dmwatcher of the primary is not in STARTUP, OPEN or RECOVERY status
      -8515 invalid recover time, it must be from 3 to 86400 s
      -8521 the instance is in PRIMARY mode, the command is not allowed
      -8523 the group has no active primary instance
      -8551 the archive of the instance is valid, it needs no attach
      -8552 the instance does not run
      -8568 several instances are PRIMARY and OPEN
      -8569 no instance is PRIMARY and OPEN
      -8570 the primary has no archive to the instance
      -8571 the instance is in PRIMARY mode
      -8655 the instance is in SHUTDOWN status already
      -8656 the archive from the primary to a standby is still valid; detach the standby first
      -8661 the instance is not active and its dmwatcher is in SHUTDOWN status already
      -8686 the dmwatcher restarts the instance by itself; wait for it
      -8700 the dmwatcher has no link to its instance, the login cannot be checked; try again
      -8719 the automatic takeover failed and will be tried again
      -8720 the group has no instance that waits for an automatic takeover
      -8726 this monitor is not a confirm monitor
      -8728 the group is in MANUAL mode
      -10265 the dmwatcher carries out another command of a monitor; try again later
      -10269 the dmwatcher's status does not allow the command
      """;

  private static final Map<Integer, String> TEXTS = texts();

  private MonErrors() {}

  private static Map<Integer, String> texts() {
    Map<Integer, String> texts = new TreeMap<>();
    for (String line : TABLE.split("\n")) {
      int blank = line.indexOf(' ');
      texts.put(Integer.valueOf(line.substring(0, blank)), line.substring(blank + 1));
    }
    return texts;
  }

  /** The text of a code; one that is not a monitor's is a server's or a watcher's. */
  static String text(int code) {
    return TEXTS.getOrDefault(code, "the operation failed");
  }
}
