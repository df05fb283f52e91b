package halab.systems;

import halab.kernel.Endpoint;
import java.util.Map;

/**
 * What a role is born into: its place and its host's configuration files.
 *
 * @param files file name ("dmdcr.ini") to text, as they stand in the host's {@code etc}
 * @param dialects how the lab speaks
 */
public record Site(Endpoint self, Map<String, String> files, Dialects dialects) {
  /** In a lab that says nothing about dialects. */
  public Site(Endpoint self, Map<String, String> files) {
    this(self, files, Dialects.DEFAULT);
  }
}
