package halab.runtime.host;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import halab.admin.proto.Heard;
import halab.admin.proto.ProbeDatagram;
import halab.admin.proto.ProbeReply;
import halab.admin.proto.ProbeRequest;
import halab.runtime.Net;
import halab.runtime.faults.FaultRules;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import halab.runtime.lab.Secret;
import halab.systems.ConfigException;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Which network really carries which ordered pair of hosts: agents send each other datagrams when
 * they are asked to, never of their own accord, and count what they hear. A datagram counts where
 * it came from the sender's address on that very network, so that no detour passes for a path.
 * Network thread only.
 */
final class Probes {
  private static final int MAX_BYTES = 512;
  private static final int MAX_COUNT = 50;
  private static final int MAX_MS = 10_000;
  private static final int ROUNDS = 8;

  private final Lab lab;
  private final LabHost host;
  private final Net net;
  private final FaultRules faults;
  private final Secret secret;

  /** By round, the oldest first. */
  private final LinkedHashMap<Long, TreeMap<String, Integer>> heard = new LinkedHashMap<>();

  private Channel socket;

  Probes(Lab lab, LabHost host, Net net, FaultRules faults) {
    this.lab = lab;
    this.host = host;
    this.net = net;
    this.faults = faults;
    this.secret = lab.secret();
  }

  /** Binds the agent's port for datagrams; one that is taken is a {@link ConfigException}. */
  void listen() {
    int port = host.port(LabHost.HOSTD);
    ChannelFuture bound =
        new Bootstrap()
            .group(net.group())
            .channel(NioDatagramChannel.class)
            .handler(new Ear())
            .bind(host.listenAddress(), port)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new ConfigException(
          List.of(
              new ConfigException.Problem(
                  lab.dir().resolve(Lab.FILE).toString(),
                  0,
                  host.name() + "/hostd cannot bind datagram port " + port,
                  "end the other program or give it another port")));
    }
    socket = bound.channel();
  }

  /** Sends one round; {@code done} gets what was sent, and heard by then from the others. */
  void round(ProbeRequest request, Consumer<ProbeReply> done) {
    boolean bounded =
        request.getCount() >= 0
            && request.getCount() <= MAX_COUNT
            && request.getEveryMs() >= 1
            && request.getEveryMs() <= MAX_MS
            && request.getAnswerAfterMs() >= 0
            && request.getAnswerAfterMs() <= MAX_MS;
    if (!bounded) {
      done.accept(ProbeReply.newBuilder().setFailure("a probe out of bounds").build());
      return;
    }
    TreeMap<String, Integer> sent = new TreeMap<>();
    for (int number = 0; number < request.getCount(); number++) {
      int ofRound = number;
      net.later((long) number * request.getEveryMs(), () -> send(request, ofRound, sent));
    }
    net.later(
        request.getAnswerAfterMs(),
        () -> {
          ProbeReply.Builder reply = ProbeReply.newBuilder();
          counts(heard.getOrDefault(request.getRound(), new TreeMap<>())).forEach(reply::addHeard);
          counts(sent).forEach(reply::addSent);
          done.accept(reply.build());
        });
  }

  private static List<Heard> counts(TreeMap<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(
            e -> {
              String[] words = e.getKey().split(" ");
              return Heard.newBuilder()
                  .setNetwork(words[0])
                  .setHost(words[1])
                  .setCount(e.getValue())
                  .build();
            })
        .toList();
  }

  private void send(ProbeRequest request, int number, TreeMap<String, Integer> sent) {
    for (LabHost peer : lab.hosts()) {
      for (String network : peer.addresses().keySet()) {
        if (!peer.name().equals(host.name()) && host.addresses().containsKey(network)) {
          sent.merge(network + " " + peer.name(), 1, Integer::sum);
          if (faults.passes(network, peer.name(), true)) {
            put(peer, network, request.getRound(), number);
          }
        }
      }
    }
  }

  private void put(LabHost peer, String network, long round, int number) {
    ProbeDatagram.Builder datagram =
        ProbeDatagram.newBuilder()
            .setRound(round)
            .setNetwork(network)
            .setFrom(host.name())
            .setTo(peer.name())
            .setNumber(number);
    datagram.setToken(token(datagram.build()));
    InetSocketAddress to = new InetSocketAddress(peer.address(network), peer.port(LabHost.HOSTD));
    // A network that refuses it swallows it: what counts is what the other side hears.
    socket.writeAndFlush(
        new DatagramPacket(Unpooled.wrappedBuffer(datagram.build().toByteArray()), to));
  }

  private ByteString token(ProbeDatagram bare) {
    return ByteString.copyFrom(secret.sign(bare.toBuilder().clearToken().build().toByteArray()));
  }

  /** Hears datagrams; whatever is not a sound one of this lab is dropped. */
  private final class Ear extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      ByteBuf content = packet.content();
      if (content.readableBytes() > MAX_BYTES) {
        return;
      }
      try {
        ProbeDatagram probe = ProbeDatagram.parseFrom(ByteBufUtil.getBytes(content));
        if (isSound(probe, packet.sender())
            && faults.passes(probe.getNetwork(), probe.getFrom(), false)) {
          count(probe);
        }
      } catch (InvalidProtocolBufferException e) {
        // Noise from a stranger.
        return;
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // An unreachable network may be reported here; the count of the other side says it.
    }
  }

  private boolean isSound(ProbeDatagram probe, InetSocketAddress sender) {
    if (!probe.getTo().equals(host.name()) || !token(probe).equals(probe.getToken())) {
      return false;
    }
    String from =
        lab.hosts().stream()
            .filter(h -> h.name().equals(probe.getFrom()))
            .map(h -> h.addresses().get(probe.getNetwork()))
            .findFirst()
            .orElse(null);
    return sender.getAddress().getHostAddress().equals(from);
  }

  private void count(ProbeDatagram probe) {
    heard
        .computeIfAbsent(probe.getRound(), r -> new TreeMap<>())
        .merge(probe.getNetwork() + " " + probe.getFrom(), 1, Integer::sum);
    while (heard.size() > ROUNDS) {
      heard.remove(heard.keySet().iterator().next());
    }
  }
}
