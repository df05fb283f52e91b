package halab.cli.docker;

import halab.admin.proto.ListLogsReply;
import halab.admin.proto.ReadLogReply;
import halab.cli.Failure;
import halab.cli.lab.LabClient;
import halab.cli.lab.LogFolder;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Log files of a host in the lab's volume, by way of any agent: the one that answered last, the
 * host's own, then the others', for the logs of a host that has lost its power are the ones that
 * are wanted.
 */
final class RemoteLogs implements LogFolder {
  private final Lab lab;
  private final LabClient client;
  private final Containers containers;
  private final String host;
  private String way;

  RemoteLogs(Lab lab, LabClient client, Containers containers, String host) {
    this.lab = lab;
    this.client = client;
    this.containers = containers;
    this.host = host;
    this.way = host;
  }

  /** The first answer of an agent; null when none is on. */
  private <T> T ask(Function<String, T> question) {
    List<String> agents = new ArrayList<>(lab.hosts().stream().map(LabHost::name).toList());
    agents.removeAll(List.of(way, host));
    agents.add(0, host);
    agents.add(0, way);
    for (String agent : agents) {
      T answer = question.apply(agent);
      if (answer != null) {
        way = agent;
        return answer;
      }
    }
    return null;
  }

  private String fromVolume(String... program) {
    Engine.Result result = containers.moments().inVolume(false, "", program);
    if (!result.worked()) {
      throw Engine.failure("reading the logs of " + host + " in the volume of the lab", result);
    }
    return result.raw();
  }

  @Override
  public List<String> names() throws IOException {
    ListLogsReply reply = ask(agent -> client.listLogs(agent, host));
    if (reply == null) {
      String folder = "/lab/" + host + "/log";
      return fromVolume("sh", "-c", "cd " + folder + " && ls -1d * */*").lines().toList();
    }
    refuse(reply.getFailure());
    return reply.getNameList();
  }

  @Override
  public byte[] read(String name, long from) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      long next = from + all.size();
      ReadLogReply piece = ask(agent -> client.readLog(agent, host, name, next));
      if (piece == null) {
        String file = "/lab/" + host + "/log/" + name;
        String rest = fromVolume("tail", "-c", "+" + (next + 1), file);
        all.writeBytes(rest.getBytes(StandardCharsets.UTF_8));
        return all.toByteArray();
      }
      refuse(piece.getFailure());
      if (piece.getContent().isEmpty()) {
        return all.toByteArray();
      }
      piece.getContent().writeTo(all);
    }
  }

  private static void refuse(String failure) {
    if (!failure.isEmpty()) {
      throw Failure.no(failure);
    }
  }
}
