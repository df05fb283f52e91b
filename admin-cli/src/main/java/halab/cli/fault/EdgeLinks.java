package halab.cli.fault;

import halab.admin.proto.FaultReceipt;
import halab.admin.proto.FaultSet;
import halab.cli.lab.LabClient;
import halab.runtime.faults.FaultFile;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Link faults as rules at the edge of every daemon, handed out and kept by the hosts' agents. */
public final class EdgeLinks implements Links {
  private final Lab lab;
  private final LabClient client;

  public EdgeLinks(Lab lab, LabClient client) {
    this.lab = lab;
    this.client = client;
  }

  @Override
  public String apply(Change change) throws IOException {
    long version = System.currentTimeMillis();
    List<String> told = new ArrayList<>();
    for (LabHost host : lab.hosts()) {
      FaultSet rules = Rules.forHost(host.name(), change.held(), version);
      FaultReceipt receipt = client.setFaults(host.name(), rules);
      if (receipt == null) {
        // It begins with them when it is powered on.
        FaultFile.write(lab, host.name(), rules);
        told.add(host.name() + " is off");
      } else {
        String late = receipt.getFailure().isEmpty() ? "" : " (" + receipt.getFailure() + ")";
        told.add(host.name() + " has " + rules.getRuleCount() + late);
      }
    }
    return "rules by host: " + String.join(", ", told);
  }

  @Override
  public Map<String, Long> bitten(List<Held> held) {
    return Map.of();
  }
}
