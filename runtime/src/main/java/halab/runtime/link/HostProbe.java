package halab.runtime.link;

import halab.kernel.Effect;
import halab.kernel.Endpoint;
import halab.kernel.Event;
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
import java.net.InetSocketAddress;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Finds out whether another host answers: a TCP connection to its agent, over the network that
 * carries links to it and under this host's fault rules. A few tries; every probe is answered with
 * one {@link Event.Probed}. Needs no rights, unlike the vendor's ICMP. Network thread only.
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
      InetSocketAddress at = new InetSocketAddress(host.address(carrier), lab.port(agent));
      net.run(() -> attempt(probe, carrier, at, TRIES));
    } catch (IllegalArgumentException e) { // the lab has no such host, or not on that network
      answer(probe, false, e.getMessage());
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
