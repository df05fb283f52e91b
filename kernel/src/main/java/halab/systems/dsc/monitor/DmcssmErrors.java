package halab.systems.dsc.monitor;

import java.util.Map;
import java.util.TreeMap;

/**
 * Texts of the error codes of the monitor library (reference 5.7). The meanings are the vendor's;
 * the wording is ours, since only the manual's table of meanings is public.
 */
final class DmcssmErrors {
  /** One code and its text in each line: one table, as the manual has it. */
  private static final String TABLE =
      """
      -1 一般性错误
      -2 无效的句柄
      -3 日志信息初始化失败
      -4 系统信息初始化失败
      -5 dmcssm.ini读取失败或者配置错误
      -6 日志路径无效
      -7 没有可以连接的CSS
      -8 非法的参数
      -9 没有该错误码对应的描述
      -10 内存不足
      -11 监视器连接数已达到上限(10个)
      -1001 用户自定义错误或者未知错误
      -1003 找不到EP的端口号
      -1004 与dmcss的连接已断开
      -1005 正在发送消息，请稍后再试
      -1007 设置MID失败
      -1009 监视器之间存在冲突
      -1012 CSS执行失败
      -1017 通知CSS失败
      -1018 没有可用的CSS端口
      -1019 无效的组名，或者还未收到组信息
      -1020 等待CSS应答超时
      -1022 无效的DCR类型
      -1023 只有控制节点CSS才能执行该操作
      -1024 找不到指定的组
      -1025 组不处于SLAVE STARTUP状态，不允许执行OPEN FORCE
      -1026 无效的EP名，或者还未收到EP信息
      -1027 找不到指定的组
      -1028 CSS控制节点发生变化
      -1029 当前没有活动的CSS
      -1031 通知CSS打开监控功能失败
      -1033 通知CSS关闭监控功能失败
      -1035 命令执行失败
      -1036 没有活动的EP
      -1037 DB组中还有活动的EP，请先停止DB组，再停止ASM组
      -1038 EP已经活动，或者将由CSS自动拉起
      -1039 所有活动CSS的监控功能已经处于打开状态
      -1040 所有活动CSS的监控功能已经处于关闭状态
      -1041 没有可用的CSS端口
      -1042 无法通知CSS执行EP STARTUP
      -1045 找不到指定的组
      -1046 已配置自动拉起，请等待CSS自动拉起EP
      -1047 EP已经处于活动状态
      -1048 ASM实例不处于活动状态
      -1049 ASM组不处于OPEN状态
      -1050 组中没有活动的EP
      -1051 DB组中的EP还处于活动状态，请先停止DB组
      -1052 CSS监控处于关闭状态，不允许执行该操作
      -1053 CSS组不允许执行该操作
      -1057 未知的CSS控制节点端口(未选出、未启动或者配置错误)
      -1058 ASM组或其活动的EP不处于OPEN状态，DB组不允许启动
      -1059 CSS控制节点发生变化，命令被中断
      -1065 关闭CSS监控功能失败
      -1067 打开CSS监控功能失败
      -1069 组不处于SLAVE STARTUP状态，不允许执行OPEN FORCE
      -1070 CSS监控处于打开状态，不允许执行该操作
      -1071 CSS正在处理故障或者故障重加入
      -1072 CSS监控处于打开状态，不允许执行该操作
      -1073 没有可以重加入的EP
      -1074 CSS正在处理故障或者故障重加入
      -1075 没有需要故障处理的EP
      -1076 请先处理ASM组
      -1077 该组没有配置自动拉起参数
      -1078 等待所有EP执行完成超时
      -1079 等待EP执行完成超时
      -1080 CSS控制节点还未选出
      -1081 无效的EP名，或者还未收到EP信息
      -1082 无效的EP序号
      -1083 组中的EP不处于活动状态
      -1085 没有活动的ASM EP，不能进行故障处理
      -1086 组中没有活动的EP
      -1087 没有可以重加入的EP
      -1088 请先处理ASM组
      -1089 监视器忙，请重试
      -1090 该组没有配置自动拉起参数
      -1091 无效的EP序号
      -1092 已写入HALT命令，请等待执行结果
      -1094 没有活动的ASM EP，不能进行故障处理
      -1095 组中没有活动的EP
      -1096 EP的自动拉起已经打开
      -1097 EP的自动拉起已经关闭
      -1098 组中没有非活动的EP
      -1105 扩展节点失败，请查看日志
      -1521 同一主机上的两个EP配置了相同的归档路径
      """;

  private static final Map<Integer, String> TEXTS = texts();

  private DmcssmErrors() {}

  private static Map<Integer, String> texts() {
    Map<Integer, String> texts = new TreeMap<>();
    for (String line : TABLE.split("\n")) {
      int blank = line.indexOf(' ');
      texts.put(Integer.valueOf(line.substring(0, blank)), line.substring(blank + 1));
    }
    return texts;
  }

  /** The text of a code; a code that nobody knows has one, too. */
  static String text(int code) {
    return TEXTS.getOrDefault(code, "未知错误");
  }
}
