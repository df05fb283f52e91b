package halab.systems.dsc.monitor;

/**
 * Error codes of the monitor library (reference 5.7). The meanings are the vendor's; the wording is
 * ours, since only the manual's table of meanings is public.
 */
final class DmcssmErrors {
  static final int TOO_MANY_MONITORS = -11;
  static final int CONNECTION_LOST = -1004;
  static final int BUSY = -1005;
  static final int BAD_GROUP = -1019;
  static final int ANSWER_TIMED_OUT = -1020;
  static final int NO_GROUP = -1024;
  static final int BAD_EP = -1026;
  static final int NO_LIVE_CSS = -1029;
  static final int EP_NOT_ACTIVE = -1036;
  static final int DB_STILL_ACTIVE = -1037;
  static final int CANNOT_NOTIFY_STARTUP = -1042;
  static final int RESTART_IS_ON = -1046;
  static final int ALREADY_ACTIVE = -1047;
  static final int NO_ACTIVE_EP = -1050;
  static final int MONITORING_OFF = -1052;
  static final int NOT_FOR_CSS = -1053;
  static final int ASM_NOT_OPEN = -1058;
  static final int CONTROL_CHANGED = -1059;
  static final int ALL_TIMED_OUT = -1078;
  static final int EP_TIMED_OUT = -1079;
  static final int NOT_ELECTED = -1080;

  private DmcssmErrors() {}

  static String text(int code) {
    return switch (code) {
      case -1 -> "一般性错误";
      case -2 -> "无效的句柄";
      case -7 -> "没有可以连接的CSS";
      case -8 -> "非法的参数";
      case -9 -> "没有该错误码对应的描述";
      case TOO_MANY_MONITORS -> "监视器连接数已达到上限(10个)";
      case -1003 -> "找不到EP的端口号";
      case CONNECTION_LOST -> "与dmcss的连接已断开";
      case BUSY -> "正在发送消息，请稍后再试";
      case -1007 -> "设置MID失败";
      case -1009 -> "监视器之间存在冲突";
      case -1012 -> "CSS执行失败";
      case -1017 -> "通知CSS失败";
      case -1018, -1041 -> "没有可用的CSS端口";
      case BAD_GROUP -> "无效的组名，或者还未收到组信息";
      case ANSWER_TIMED_OUT -> "等待CSS应答超时";
      case -1022 -> "无效的DCR类型";
      case -1023 -> "只有控制节点CSS才能执行该操作";
      case NO_GROUP, -1027, -1045 -> "找不到指定的组";
      case -1025, -1069 -> "组不处于SLAVE STARTUP状态，不允许执行OPEN FORCE";
      case BAD_EP, -1081 -> "无效的EP名，或者还未收到EP信息";
      case -1028 -> "CSS控制节点发生变化";
      case NO_LIVE_CSS -> "当前没有活动的CSS";
      case -1035 -> "命令执行失败";
      default -> laterText(code);
    };
  }

  private static String laterText(int code) {
    return switch (code) {
      case EP_NOT_ACTIVE -> "没有活动的EP";
      case DB_STILL_ACTIVE -> "DB组中还有活动的EP，请先停止DB组，再停止ASM组";
      case -1038 -> "EP已经活动，或者将由CSS自动拉起";
      case CANNOT_NOTIFY_STARTUP -> "无法通知CSS执行EP STARTUP";
      case RESTART_IS_ON -> "已配置自动拉起，请等待CSS自动拉起EP";
      case ALREADY_ACTIVE -> "EP已经处于活动状态";
      case -1048 -> "ASM实例不处于活动状态";
      case -1049 -> "ASM组不处于OPEN状态";
      case NO_ACTIVE_EP, -1086, -1095 -> "组中没有活动的EP";
      case -1051 -> "DB组中的EP还处于活动状态，请先停止DB组";
      case MONITORING_OFF -> "CSS监控处于关闭状态，不允许执行该操作";
      case NOT_FOR_CSS -> "CSS组不允许执行该操作";
      case -1057 -> "未知的CSS控制节点端口(未选出、未启动或者配置错误)";
      case ASM_NOT_OPEN -> "ASM组或其活动的EP不处于OPEN状态，DB组不允许启动";
      case CONTROL_CHANGED -> "CSS控制节点发生变化，命令被中断";
      case -1070, -1072 -> "CSS监控处于打开状态，不允许执行该操作";
      case -1071, -1074 -> "CSS正在处理故障或者故障重加入";
      case -1073, -1087 -> "没有可以重加入的EP";
      case -1075 -> "没有需要故障处理的EP";
      case -1076, -1088 -> "请先处理ASM组";
      case -1077, -1090 -> "该组没有配置自动拉起参数";
      case ALL_TIMED_OUT -> "等待所有EP执行完成超时";
      case EP_TIMED_OUT -> "等待EP执行完成超时";
      case NOT_ELECTED -> "CSS控制节点还未选出";
      case -1082, -1091 -> "无效的EP序号";
      case -1083 -> "组中的EP不处于活动状态";
      case -1085, -1094 -> "没有活动的ASM EP，不能进行故障处理";
      case -1089 -> "监视器忙，请重试";
      case -1092 -> "已写入HALT命令，请等待执行结果";
      case -1096 -> "EP的自动拉起已经打开";
      case -1097 -> "EP的自动拉起已经关闭";
      case -1098 -> "组中没有非活动的EP";
      default -> "未知错误";
    };
  }
}
