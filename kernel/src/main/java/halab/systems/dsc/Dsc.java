package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.kernel.Endpoint;
import halab.systems.EmulatedSystem;
import halab.systems.LabPlan;
import halab.systems.Role;
import java.util.List;

/** Dameng DSC: shared storage, dmcss, dmasmsvr, dmserver and the monitor dmcssm. */
public final class Dsc {
  public static final EmulatedSystem SYSTEM = new DscSystem();

  private Dsc() {}

  private static final class DscSystem implements EmulatedSystem {
    @Override
    public String name() {
      return "dsc";
    }

    @Override
    public List<Role<?>> roles() {
      return List.of();
    }

    @Override
    public List<Message> messages() {
      return List.of();
    }

    @Override
    public LabPlan plan(LabPlan.Options options) {
      throw new IllegalStateException("to come");
    }

    @Override
    public LabPlan concluded(LabPlan edited) {
      return edited;
    }

    @Override
    public String network(Endpoint a, Endpoint b) {
      return a.host().equals(b.host()) ? "local" : "private";
    }

    @Override
    public long boundMs(String what, LabPlan plan) {
      throw new IllegalArgumentException(what);
    }
  }
}
