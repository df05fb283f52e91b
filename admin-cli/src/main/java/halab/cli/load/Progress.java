package halab.cli.load;

/**
 * How a load is doing now.
 *
 * @param acknowledged writes
 * @param unknown operations whose answer was lost
 * @param lastAckNs when the last write was acknowledged, nanoseconds since the load began
 * @param fault the first thing that was found wrong; null if nothing was
 */
public record Progress(long acknowledged, long unknown, long lastAckNs, String fault) {}
