package halab.runtime.host;

import halab.admin.proto.SetAddressRequest;
import halab.runtime.Distribution;
import halab.runtime.lab.Lab;
import halab.runtime.lab.LabHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Addresses of a host that is a machine of its own: set with {@code ip addr} on the card and made
 * known to the neighbours by gratuitous ARP.
 *
 * <p>The card of the public network is known by the host's own address on it, for an engine that
 * takes a network away and gives it back changes the interface and its name. While it is away the
 * host is a machine whose cable was pulled: what is configured then is there when it returns.
 */
final class CardAddresses implements Addresses {
  private static final long LOOK_EVERY_MS = 500;
  private static final long TOOL_WITHIN_MS = 5_000;

  private final LabHost host;
  private final Set<String> movable;
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "cards");
            thread.setDaemon(true);
            return thread;
          });

  // Worker thread only: "ADDRESS/BITS" by address, on the public card.
  private final Map<String, String> wanted = new TreeMap<>();
  private String lastCard = "";

  CardAddresses(Lab lab, LabHost host) {
    this.host = host;
    this.movable = lab.vips().keySet();
    worker.scheduleWithFixedDelay(this::look, 0, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void set(SetAddressRequest request, Consumer<String> done) {
    worker.execute(() -> done.accept(request.getUp() ? up(request) : down(request)));
  }

  private String up(SetAddressRequest request) {
    int bits = bits(request.getMask());
    if (bits < 0) {
      return "'" + request.getMask() + "' is no netmask";
    }
    String address = request.getAddress() + "/" + bits;
    if (!host.nics().contains(request.getNic())) {
      return add(request.getNic(), address);
    }
    wanted.put(request.getAddress(), address);
    String card = publicCard();
    return card == null ? "" : add(card, address);
  }

  private String add(String card, String address) {
    String failure = ip("addr", "add", address, "dev", card);
    if (failure.contains("File exists")) {
      failure = "";
    }
    if (failure.isEmpty()) {
      announce(card, address.substring(0, address.indexOf('/')));
    }
    return failure;
  }

  private String down(SetAddressRequest request) {
    String address = request.getAddress() + "/" + bits(request.getMask());
    if (!host.nics().contains(request.getNic())) {
      return ip("addr", "del", address, "dev", request.getNic());
    }
    wanted.remove(request.getAddress());
    String card = publicCard();
    String failure = card == null ? "" : ip("addr", "del", address, "dev", card);
    // Not there is what was asked for.
    return failure.contains("Cannot assign") || failure.contains("not found") ? "" : failure;
  }

  /** After the card came (back): its names, and the addresses that belong on it. */
  private void look() {
    String card = publicCard();
    String known = card + " " + number(card);
    if (card != null && !known.equals(lastCard)) {
      for (String nic : host.nics()) {
        ip("link", "property", "add", "dev", card, "altname", nic);
      }
      wanted.values().forEach(address -> add(card, address));
    }
    lastCard = card == null ? "" : known;
  }

  /** An engine may give a network back under the name that its card had before. */
  private static int number(String card) {
    try {
      NetworkInterface there = card == null ? null : NetworkInterface.getByName(card);
      return there == null ? 0 : there.getIndex();
    } catch (SocketException e) {
      return 0;
    }
  }

  /** Present name of the interface with the host's public address; null: none now. */
  private String publicCard() {
    try {
      String address = host.addresses().get("public");
      NetworkInterface card =
          address == null
              ? null
              : NetworkInterface.getByInetAddress(InetAddress.getByName(address));
      return card == null ? null : card.getName();
    } catch (SocketException | UnknownHostException e) {
      return null;
    }
  }

  @Override
  public List<String> held() {
    try {
      List<String> held = new ArrayList<>();
      NetworkInterface.networkInterfaces()
          .forEach(
              card ->
                  card.inetAddresses()
                      .map(InetAddress::getHostAddress)
                      .filter(movable::contains)
                      .forEach(address -> held.add(card.getName() + " " + address)));
      return held;
    } catch (SocketException e) {
      return List.of();
    }
  }

  /** Runs {@code ip}; what it complained about, or an empty text. */
  private static String ip(String... words) {
    try {
      Process process = Distribution.program("ip", words).start();
      if (!process.waitFor(TOOL_WITHIN_MS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return "ip does not end";
      }
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.exitValue() == 0 ? "" : said.strip() + " (ip " + process.exitValue() + ")";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** Tells the neighbours that the address is here now; nobody waits for it. */
  private static void announce(String card, String address) {
    try {
      Distribution.program("arping", "-U", "-c", "2", "-w", "3", "-I", card, address)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      System.err.println("halab: " + address + " is up, but not announced: " + e.getMessage());
    }
  }

  /** Length of a dotted netmask; -1 for anything else. */
  static int bits(String mask) {
    long value = 0;
    String[] parts = mask.split("\\.", -1);
    for (String part : parts) {
      if (!part.matches("\\d{1,3}") || Integer.parseInt(part) > 255) {
        return -1;
      }
      value = value << 8 | Integer.parseInt(part);
    }
    int bits = Long.bitCount(value);
    boolean solid = value == (0xffffffffL << 32 - bits & 0xffffffffL);
    return parts.length == 4 && solid ? bits : -1;
  }
}
