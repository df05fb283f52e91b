package halab.cli.docker;

import halab.admin.proto.ListLogsReply;
import halab.admin.proto.ReadLogReply;
import halab.cli.lab.LabClient;
import halab.cli.lab.LogFolder;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
  private final String host;
  private String way;

  RemoteLogs(Lab lab, LabClient client, String host) {
    this.lab = lab;
    this.client = client;
    this.host = host;
    this.way = host;
  }

  private <T> T ask(Function<String, T> question) throws IOException {
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
    throw new IOException("no host of lab " + lab.name() + " is on to show the logs of " + host);
  }

  @Override
  public List<String> names() throws IOException {
    ListLogsReply reply = ask(agent -> client.listLogs(agent, host));
    refuse(reply.getFailure());
    return reply.getNameList();
  }

  @Override
  public byte[] read(String name, long from) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      long next = from + all.size();
      ReadLogReply piece = ask(agent -> client.readLog(agent, host, name, next));
      refuse(piece.getFailure());
      if (piece.getContent().isEmpty()) {
        return all.toByteArray();
      }
      piece.getContent().writeTo(all);
    }
  }

  private static void refuse(String failure) throws IOException {
    if (!failure.isEmpty()) {
      throw new IOException(failure);
    }
  }
}
