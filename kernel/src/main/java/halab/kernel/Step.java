package halab.kernel;

import java.util.List;

/**
 * The outcome of one event: the new state, what is to be done, and the row that decided.
 *
 * @param row number of the row that fired
 */
public record Step<S>(S state, List<Effect> effects, int row) {}
