package halab.kernel;

/**
 * One reading of both clocks, taken once per step. Durations are measured on {@code monoMs}; {@code
 * wallMs} (milliseconds since 1970, lab time) is for people and for the vendors that really compare
 * wall clocks.
 */
public record Now(long monoMs, long wallMs) {}
