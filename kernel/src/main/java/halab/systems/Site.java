package halab.systems;

import halab.kernel.Endpoint;
import java.util.Map;

/**
 * What a role is born into: its place and its host's configuration files.
 *
 * @param files file name ("dmdcr.ini") to text, as they stand in the host's {@code etc}
 */
public record Site(Endpoint self, Map<String, String> files) {}
