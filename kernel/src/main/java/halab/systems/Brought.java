package halab.systems;

import java.util.List;
import java.util.Map;

/**
 * What a system makes of the files that a user brought along for a new lab.
 *
 * @param files those that it takes, by {@code NAME} or {@code FOLDER/NAME}
 * @param told a sentence for each thing that was left out or replaced, and why
 */
public record Brought(Map<String, String> files, List<String> told) {}
