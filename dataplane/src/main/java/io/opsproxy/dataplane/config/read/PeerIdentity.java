package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.config.value.IpLiteral;
import io.opsproxy.dataplane.config.value.PeerName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** What a peer is called and where others reach it, when the configuration does not say. */
public final class PeerIdentity {
  private static final String LAST_RESORT = "ops-proxy";
  private static final Path KERNEL_HOSTNAME = Path.of("/proc/sys/kernel/hostname");

  private PeerIdentity() {}

  /** POD_NAME, else HOSTNAME, else the machine's name, fit to be a peer name. */
  static String defaultName(Map<String, String> environment) {
    for (String variable : new String[] {"POD_NAME", "HOSTNAME"}) {
      String name = sanitised(environment.get(variable));
      if (!name.isEmpty()) {
        return name;
      }
    }
    return machineName();
  }

  private static String sanitised(String text) {
    if (text == null) {
      return "";
    }
    String stripped = text.strip();
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < stripped.length() && i < PeerName.MAX_LENGTH; i++) {
      char c = stripped.charAt(i);
      name.append(PeerName.isCharacter(c) ? c : '-');
    }
    return name.toString();
  }

  /** The kernel knows it without the DNS, which may be slow or absent at start-up. */
  public static String machineName() {
    String name = "";
    try {
      name = sanitised(Files.readString(KERNEL_HOSTNAME));
    } catch (IOException | RuntimeException e) {
      // Not Linux, or hidden from this process.
      try {
        name = sanitised(InetAddress.getLocalHost().getHostName());
      } catch (UnknownHostException unknown) {
        // A machine need not have a name.
      }
    }
    return name.isEmpty() ? LAST_RESORT : name;
  }

  /**
   * The address that other peers dial: what is configured, else POD_IP, else the host that the bind
   * address names, else the machine's name.
   */
  static HostPort advertisedAddress(
      Optional<HostPort> configured, Map<String, String> environment, BindAddress bind) {
    if (configured.isPresent()) {
      HostPort address = configured.get();
      return address.port() == 0 ? new HostPort(address.host(), bind.port()) : address;
    }
    String podIp = environment.getOrDefault("POD_IP", "").strip();
    if (IpLiteral.parse(podIp) != null) {
      return new HostPort(podIp, bind.port());
    }
    return new HostPort(bind.isWildcard() ? machineName() : bind.host(), bind.port());
  }
}
