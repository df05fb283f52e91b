package halab.systems.dsc.config;

import halab.dsc.proto.DcrEp;
import halab.dsc.proto.GroupType;
import halab.systems.dm.config.Problems;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who listens where: within a host no port serves two purposes, on one machine no two daemons of
 * the lab.
 */
final class DscPorts {
  private final DscRelations relations;
  private final Problems problems;
  private final Map<Integer, Listener> listening = new TreeMap<>();

  private record Listener(String host, String user) {}

  DscPorts(DscRelations relations, Problems problems) {
    this.relations = relations;
    this.problems = problems;
  }

  /** The port of each of a node's roles, as its files say. */
  static Map<String, Integer> listening(DscRelations relations, DscRelations.Node node) {
    Map<String, Integer> ports = new TreeMap<>();
    ports.put("dmcss", relations.port(node, GroupType.CSS));
    ports.put("dmasmsvr", relations.port(node, GroupType.ASM));
    DcrEp db = relations.ep(GroupType.DB, node.dmdcr().seqno());
    if (db != null) {
      ports.put("dmserver", node.dbMal().instance(db.getName()).port());
    }
    return ports;
  }

  void check() {
    for (DscRelations.Node node : relations.nodes()) {
      Map<Integer, String> onHost = new TreeMap<>();
      listening(relations, node)
          .forEach(
              (role, port) -> takeListener(node, onHost, node.host().name() + "/" + role, port));
      DcrEp asm = relations.ep(GroupType.ASM, node.dmdcr().seqno());
      take(onHost, node.asmMal().instance(asm.getName()).port(), "MAL_PORT of " + asm.getName());
      DcrEp db = relations.ep(GroupType.DB, node.dmdcr().seqno());
      if (db != null) {
        takeListener(node, onHost, "PORT_NUM of " + db.getName(), node.dm().portNum());
        if (db.getCheckPort() > 0) {
          take(onHost, db.getCheckPort(), "DCR_CHECK_PORT of " + db.getName());
        }
      }
    }
  }

  /** On one machine no other host's daemon may listen there either. */
  private void takeListener(
      DscRelations.Node node, Map<Integer, String> onHost, String user, int port) {
    take(onHost, port, user);
    Listener holder = listening.putIfAbsent(port, new Listener(node.host().name(), user));
    if (relations.oneMachine() && holder != null && !holder.host().equals(node.host().name())) {
      refuseIfTaken(holder.user(), port, user);
    }
  }

  private void take(Map<Integer, String> taken, int port, String user) {
    refuseIfTaken(taken.putIfAbsent(port, user), port, user);
  }

  private void refuseIfTaken(String holder, int port, String user) {
    problems.require(
        holder == null || holder.equals(user),
        "port " + port,
        0,
        "it is meant for " + holder + " and for " + user,
        "give each its own port");
  }
}
