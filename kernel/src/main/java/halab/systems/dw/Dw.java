package halab.systems.dw;

import com.google.protobuf.Message;
import halab.dw.proto.DwBeat;
import halab.dw.proto.DwHello;
import halab.dw.proto.DwOrder;
import halab.dw.proto.DwOrderDone;
import halab.dw.proto.DwRefused;
import halab.dw.proto.DwState;
import halab.dw.proto.InstReport;
import halab.dw.proto.MalAck;
import halab.dw.proto.MalHello;
import halab.dw.proto.MalRedo;
import halab.dw.proto.MonDone;
import halab.dw.proto.MonHello;
import halab.dw.proto.MonOrder;
import halab.dw.proto.MonRefused;
import halab.kernel.Endpoint;
import halab.kernel.Table;
import halab.systems.Brought;
import halab.systems.EmulatedSystem;
import halab.systems.Flow;
import halab.systems.LabPlan;
import halab.systems.Monitor;
import halab.systems.Role;
import halab.systems.Stopping;
import halab.systems.View;
import halab.systems.dm.DmService;
import halab.systems.dw.config.DmIni;
import halab.systems.dw.config.DwPlan;
import halab.systems.dw.monitor.Dmmonitor;
import halab.systems.dw.monitor.DmmonitorConsole;
import java.util.List;
import java.util.Map;

/** Dameng Data Watch: a primary and its standbys, dmwatcher on every host, dmmonitor. */
public final class Dw {
  public static final EmulatedSystem SYSTEM = new DwSystem();

  private Dw() {}

  private static final class DwSystem implements EmulatedSystem {
    private static final List<Message> MESSAGES =
        List.of(
            MalRedo.getDefaultInstance(),
            MalAck.getDefaultInstance(),
            MalHello.getDefaultInstance(),
            InstReport.getDefaultInstance(),
            DwHello.getDefaultInstance(),
            DwRefused.getDefaultInstance(),
            DwBeat.getDefaultInstance(),
            DwOrder.getDefaultInstance(),
            DwOrderDone.getDefaultInstance(),
            DwState.getDefaultInstance(),
            MonHello.getDefaultInstance(),
            MonRefused.getDefaultInstance(),
            MonOrder.getDefaultInstance(),
            MonDone.getDefaultInstance());

    @Override
    public String name() {
      return "dw";
    }

    @Override
    public List<Role<?>> roles() {
      return List.of(Dmserver.ROLE, Dmwatcher.ROLE, Dmmonitor.ROLE);
    }

    @Override
    public List<Table<?, ?>> tables() {
      return roles().stream().<Table<?, ?>>map(r -> r.core().table()).toList();
    }

    @Override
    public List<Message> messages() {
      return MESSAGES;
    }

    @Override
    public LabPlan plan(LabPlan.Options options) {
      return DwPlan.plan(options);
    }

    @Override
    public LabPlan concluded(LabPlan edited) {
      return DwPlan.concluded(edited);
    }

    @Override
    public Brought brought(Map<String, String> files) {
      return DwPlan.brought(files);
    }

    @Override
    public Monitor monitor() {
      return new DmmonitorConsole();
    }

    @Override
    public List<DmService> scripts(LabPlan plan) {
      return DwServices.of(plan);
    }

    @Override
    public Stopping stopping(LabPlan plan, Map<Endpoint, View> views) {
      return DwServices.stopping(plan, views);
    }

    /** A watcher's log is named after the instance that it watches. */
    @Override
    public String instance(LabPlan plan, Endpoint daemon) {
      String dm = plan.host(daemon.host()).files().get(DmIni.FILE);
      return dm == null ? null : DmIni.read(Map.of(DmIni.FILE, dm)).instanceName();
    }

    /** MAL, watchers and monitors share the addresses of dmmal.ini (reference 1.2). */
    @Override
    public String network(Endpoint a, Endpoint b) {
      return a.host().equals(b.host()) ? "local" : "private";
    }

    @Override
    public long boundMs(String what, LabPlan plan) {
      return DwBounds.boundMs(what, plan);
    }

    @Override
    public List<Flow> flows(LabPlan plan) {
      return DwBounds.flows(plan);
    }
  }
}
