package halab.systems.dsc;

import com.google.protobuf.Message;
import halab.bricks.Mirror;
import halab.dsc.proto.AsmState;
import halab.dsc.proto.Command;
import halab.dsc.proto.CssBeat;
import halab.dsc.proto.DcrEp;
import halab.dsc.proto.DcrGroup;
import halab.dsc.proto.DcrHeader;
import halab.dsc.proto.DiskLabel;
import halab.dsc.proto.EpRecord;
import halab.dsc.proto.GroupRecord;
import halab.dsc.proto.Heartbeat;
import halab.dsc.proto.Kill;
import halab.dsc.proto.MalAlter;
import halab.dsc.proto.MalAltered;
import halab.dsc.proto.MalAsk;
import halab.dsc.proto.MalCheck;
import halab.dsc.proto.MalChecked;
import halab.dsc.proto.MalFreeze;
import halab.dsc.proto.MalFrozen;
import halab.dsc.proto.MalGranted;
import halab.dsc.proto.MalPackage;
import halab.dsc.proto.MalPosition;
import halab.dsc.proto.MalShown;
import halab.dsc.proto.MalSync;
import halab.dsc.proto.MalThaw;
import halab.dsc.proto.MalThawed;
import halab.dsc.proto.MalWhere;
import halab.dsc.proto.MonAnswer;
import halab.dsc.proto.MonLogin;
import halab.dsc.proto.MonPush;
import halab.dsc.proto.MonRefused;
import halab.dsc.proto.MonRelay;
import halab.dsc.proto.MonRequest;
import halab.dsc.proto.MonWelcome;
import halab.dsc.proto.VoteHeader;
import halab.kernel.Endpoint;
import halab.kernel.Table;
import halab.systems.EmulatedSystem;
import halab.systems.Flow;
import halab.systems.Happened;
import halab.systems.LabPlan;
import halab.systems.Monitor;
import halab.systems.Role;
import halab.systems.Stopping;
import halab.systems.Tool;
import halab.systems.View;
import halab.systems.Waterfall;
import halab.systems.dm.DmService;
import halab.systems.dm.SvcPlace;
import halab.systems.dsc.asmcmd.Dmasmcmd;
import halab.systems.dsc.config.DscPlan;
import halab.systems.dsc.monitor.Dmcssm;
import halab.systems.dsc.monitor.DmcssmConsole;
import java.util.List;
import java.util.Map;

/** Dameng DSC: shared storage, dmcss, dmasmsvr, dmserver and the monitor dmcssm. */
public final class Dsc {
  public static final EmulatedSystem SYSTEM = new DscSystem();

  private Dsc() {}

  private static final class DscSystem implements EmulatedSystem {
    private static final List<Role<?>> ROLES =
        List.of(Dmcss.ROLE, Dmasmsvr.ROLE, Dmserver.ROLE, Dmcssm.ROLE);

    private static final List<Message> MESSAGES =
        List.of(
            DcrHeader.getDefaultInstance(),
            DcrGroup.getDefaultInstance(),
            DcrEp.getDefaultInstance(),
            DiskLabel.getDefaultInstance(),
            VoteHeader.getDefaultInstance(),
            Heartbeat.getDefaultInstance(),
            Command.getDefaultInstance(),
            Kill.getDefaultInstance(),
            GroupRecord.getDefaultInstance(),
            EpRecord.getDefaultInstance(),
            MalCheck.getDefaultInstance(),
            MalChecked.getDefaultInstance(),
            MalFreeze.getDefaultInstance(),
            MalFrozen.getDefaultInstance(),
            MalThaw.getDefaultInstance(),
            MalThawed.getDefaultInstance(),
            MalAsk.getDefaultInstance(),
            MalGranted.getDefaultInstance(),
            MalPackage.getDefaultInstance(),
            MalShown.getDefaultInstance(),
            MalWhere.getDefaultInstance(),
            MalPosition.getDefaultInstance(),
            AsmState.getDefaultInstance(),
            MalAlter.getDefaultInstance(),
            MalAltered.getDefaultInstance(),
            MalSync.getDefaultInstance(),
            CssBeat.getDefaultInstance(),
            MonLogin.getDefaultInstance(),
            MonWelcome.getDefaultInstance(),
            MonRefused.getDefaultInstance(),
            MonPush.getDefaultInstance(),
            MonRelay.getDefaultInstance(),
            MonRequest.getDefaultInstance(),
            MonAnswer.getDefaultInstance());

    @Override
    public String name() {
      return "dsc";
    }

    @Override
    public List<Role<?>> roles() {
      return ROLES;
    }

    @Override
    public List<Table<?, ?>> tables() {
      return List.of(
          Dmcss.TABLE,
          AsmGroup.TABLE,
          DbGroup.TABLE,
          Dmasmsvr.TABLE,
          Dmserver.TABLE,
          Dmcssm.ROLE.core().table());
    }

    @Override
    public List<Tool> tools() {
      return List.of(new Dmasmcmd());
    }

    @Override
    public List<Message> messages() {
      return MESSAGES;
    }

    @Override
    public LabPlan plan(LabPlan.Options options) {
      return DscPlan.plan(options);
    }

    @Override
    public LabPlan concluded(LabPlan edited) {
      return DscPlan.concluded(edited);
    }

    @Override
    public List<Mirror.Part> mirrored(List<String> paths) {
      return paths.isEmpty() ? List.of() : DcrvLayout.parts(DcrvLayout.folder(paths.get(0)));
    }

    @Override
    public String services(List<SvcPlace> places) {
      return DscClients.text(places);
    }

    @Override
    public Monitor monitor() {
      return new DmcssmConsole();
    }

    @Override
    public List<DmService> scripts(LabPlan plan) {
      return DscServices.of(plan);
    }

    @Override
    public Stopping stopping(LabPlan plan, Map<Endpoint, View> views) {
      return DscServices.stopping(plan, views);
    }

    @Override
    public List<String> movable(LabPlan plan) {
      return DcrNames.of(plan).vips();
    }

    @Override
    public String instance(LabPlan plan, Endpoint daemon) {
      return DcrNames.of(plan).instance(daemon);
    }

    /** MAL is private; monitors come over the public network (reference 1.2). */
    @Override
    public String network(Endpoint a, Endpoint b) {
      if (a.host().equals(b.host())) {
        return "local";
      }
      return ofMonitor(a) || ofMonitor(b) ? "public" : "private";
    }

    /** The monitor, or the agent of the host it runs on, which is on no other network. */
    private static boolean ofMonitor(Endpoint a) {
      return a.role().equals(DscPlan.MONITOR_ROLE) || DscPlan.isMonitorHost(a.host());
    }

    @Override
    public String judged(LabPlan plan, Endpoint daemon) {
      return DscBounds.judged(plan, daemon.role());
    }

    @Override
    public long boundMs(String what, LabPlan plan) {
      return DscBounds.boundMs(what, plan);
    }

    @Override
    public List<Flow> flows(LabPlan plan) {
      return DscBounds.flows(plan);
    }

    @Override
    public List<Waterfall> explain(LabPlan plan, List<Happened> log) {
      return DscExplain.of(plan, log);
    }
  }
}
