package halab.runtime.link;

import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
import halab.runtime.Distribution;
import halab.runtime.Net;
import halab.runtime.faults.FaultRules;
import halab.runtime.faults.FaultRules.Fate;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Finds out whether another host answers, over the network that carries links to it and under this
 * host's fault rules; every probe is answered with one {@link Event.Probed}. A host that is a
 * machine of its own is sent ICMP, as the vendor does, which needs the right to; where hosts share
 * one machine a ping would tell nothing, so there it is a TCP connection to the host's agent. A few
 * tries within a second.
 */
public final class HostProbe {
  private static final int TRIES = 3;
  private static final int TRY_MS = 300;

  private final Endpoint self;
  private final Lab lab;
  private final Net net;
  private final FaultRules faults;
  private final Consumer<Event> answers;
  private final BiFunction<Endpoint, Endpoint, String> network;

  /**
   * @param answers takes the one answer to each probe; network thread
   * @param network which network carries a pair
   */
  public HostProbe(
      Endpoint self,
      Lab lab,
      Net net,
      FaultRules faults,
      Consumer<Event> answers,
      BiFunction<Endpoint, Endpoint, String> network) {
    this.self = self;
    this.lab = lab;
    this.net = net;
    this.faults = faults;
    this.answers = answers;
    this.network = network;
  }

  /** Any thread. */
  public void probe(Effect.Probe probe) {
    Endpoint agent = new Endpoint(probe.host(), LabHost.HOSTD);
    String carrier = network.apply(self, agent);
    try {
      LabHost host = lab.host(probe.host());
      if (lab.oneMachine()) {
        InetSocketAddress at = new InetSocketAddress(host.address(carrier), lab.port(agent));
        net.run(() -> attempt(probe, carrier, at, TRIES));
      } else {
        ping(probe, carrier, host.address(carrier));
      }
    } catch (IllegalArgumentException e) { // the lab has no such host, or not on that network
      answer(probe, false, e.getMessage());
    }
  }

  private void ping(Effect.Probe probe, String carrier, String address) {
    if (faults.onSend(carrier, probe.host()).fate() != Fate.DELIVER) {
      net.later(TRIES * TRY_MS, () -> answer(probe, false, null));
      return;
    }
    try {
      Process ping =
          Distribution.program("ping", "-n", "-q", "-c", "1", "-i", "0.3", "-w", "1", address)
              .start();
      ping.onExit().thenAccept(ended -> net.run(() -> pinged(probe, carrier, ended)));
    } catch (IOException e) { // the kernel lets nobody run it who may not have its right
      answer(probe, false, e.getMessage());
    }
  }

  private void pinged(Effect.Probe probe, String carrier, Process ended) {
    boolean heard =
        ended.exitValue() == 0 && faults.onReceive(carrier, probe.host()).fate() == Fate.DELIVER;
    answer(probe, heard, heard ? null : forWantOfRights(ended));
  }

  /** What ping complained of; null when the host was silent, or there is no way to it. */
  private static String forWantOfRights(Process ended) {
    try (BufferedReader said = ended.inputReader()) {
      return said.lines().filter(line -> line.contains("ot permitted")).findFirst().orElse(null);
    } catch (IOException e) {
      return null;
    }
  }

  private void attempt(Effect.Probe probe, String carrier, InetSocketAddress at, int left) {
    if (faults.onSend(carrier, probe.host()).fate() != Fate.DELIVER) {
      net.later(TRY_MS, () -> again(probe, carrier, at, left));
      return;
    }
    ChannelFuture connected =
        new Bootstrap()
            .group(net.group())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, TRY_MS)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(at);
    connected.addListener(
        done -> {
          connected.channel().close();
          boolean heard =
              done.isSuccess() && faults.onReceive(carrier, probe.host()).fate() == Fate.DELIVER;
          if (heard) {
            answer(probe, true, null);
          } else {
            net.later(TRY_MS, () -> again(probe, carrier, at, left));
          }
        });
  }

  private void again(Effect.Probe probe, String carrier, InetSocketAddress at, int left) {
    if (left > 1) {
      attempt(probe, carrier, at, left - 1);
    } else {
      answer(probe, false, null);
    }
  }

  private void answer(Effect.Probe probe, boolean reached, String failure) {
    answers.accept(new Event.Probed(probe.request(), probe.host(), reached, failure));
  }
}
