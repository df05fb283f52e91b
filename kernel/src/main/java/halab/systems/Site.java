package halab.systems;

import halab.kernel.Endpoint;
import java.util.Map;

/**
 * What a role is born into: its place and its host's files.
 *
 * @param files file name ("dmdcr.ini") to text, as they stand in the host's {@code etc}
 * @param saved file name ("dm.ctl") to text, as {@link halab.kernel.Effect.SaveFile} left them in
 *     the host's system folder
 * @param dialects how the lab speaks
 * @param addresses IP address by host, as it is seen by who is spoken to; of hosts that have none
 *     nothing
 */
public record Site(
    Endpoint self,
    Map<String, String> files,
    Map<String, String> saved,
    Dialects dialects,
    Map<String, String> addresses) {
  /** On hosts without addresses that keep no small files. */
  public Site(Endpoint self, Map<String, String> files, Dialects dialects) {
    this(self, files, Map.of(), dialects, Map.of());
  }

  /** In a lab that says nothing about dialects. */
  public Site(Endpoint self, Map<String, String> files) {
    this(self, files, Dialects.DEFAULT);
  }
}
