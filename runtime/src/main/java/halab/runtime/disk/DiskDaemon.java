package halab.runtime.disk;

import halab.kernel.Endpoint;
import halab.runtime.Daemon;
import halab.runtime.LabClock;
import halab.runtime.Life;
import halab.runtime.Net;
import halab.runtime.admin.AdminServer;
import halab.runtime.admin.ServiceTarget;
import halab.runtime.faults.FaultFile;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** The disk daemon {@code diskd}: the lab's shared disks as a process of its own. */
public final class DiskDaemon {
  private DiskDaemon() {}

  /** Serves until the process is ended from outside. */
  public static int run(Lab lab, Endpoint self) throws InterruptedException {
    Daemon.dieWithHostd();
    LabHost host = lab.host(self.host());
    int port = host.port(self.role());
    long incarnation = Life.begin(lab, self);
    LabClock clock = new LabClock(lab.epochWallMs(), lab.timeScale());
    Net net = new Net(lab.secret());
    FaultRules faults = new FaultRules(self.toString());
    faults.replace(FaultFile.read(lab, self.host()));
    ServiceTarget target = new ServiceTarget(self.toString(), incarnation);
    AdminServer admin = new AdminServer(net, faults, target);
    target.attach(admin);
    DiskServer server =
        new DiskServer(lab, net, clock, faults, Executors.newSingleThreadScheduledExecutor());
    net.serve(
        lab,
        self.toString(),
        host.listenAddress(),
        port,
        List.of(admin, server.blocks(), server.admin()));
    new CountDownLatch(1).await();
    return 0;
  }
}
