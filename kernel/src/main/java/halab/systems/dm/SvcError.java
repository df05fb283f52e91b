package halab.systems.dm;

/**
 * What the vendor's driver tells its user about a connection (reference 6: -70065; the other codes
 * are those of the vendor's list of DPI errors, their use here is inferred).
 */
public enum SvcError {
  /** The connection was lost, another one is there; what was asked has to be asked again. */
  SWITCHED(-70065, "连接异常,切换当前连接成功."),
  /** The connection was lost, and the service does not switch. */
  LOST(-70019, "网络通讯失败."),
  /** Nobody of the service's list could be connected to in all rounds. */
  NOBODY(-70028, "创建SOCKET连接失败.");

  private final int code;
  private final String message;

  SvcError(int code, String message) {
    this.code = code;
    this.message = message;
  }

  public int code() {
    return code;
  }

  /** As the vendor's tools print it: {@code [CODE]:TEXT}. */
  public String text() {
    return "[" + code + "]:" + message;
  }
}
