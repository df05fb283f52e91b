package halab.systems;

import halab.kernel.Endpoint;
import java.util.Map;

/**
 * What a role is born into: its place and its host's configuration files.
 *
 * @param files file name ("dmdcr.ini") to text, as they stand in the host's {@code etc}
 * @param dialects how the lab speaks
 * @param addresses IP address by host, as it is seen by who is spoken to; of hosts that have none
 *     nothing
 */
public record Site(
    Endpoint self, Map<String, String> files, Dialects dialects, Map<String, String> addresses) {
  /** On hosts without addresses. */
  public Site(Endpoint self, Map<String, String> files, Dialects dialects) {
    this(self, files, dialects, Map.of());
  }

  /** In a lab that says nothing about dialects. */
  public Site(Endpoint self, Map<String, String> files) {
    this(self, files, Dialects.DEFAULT);
  }
}
