package io.opsproxy.dataplane.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The configuration file of a peer under test: on loopback, on ports that the system chooses. */
public final class PeerFile {
  private final Map<String, String> peer = new LinkedHashMap<>();
  private final Map<String, String> sections = new LinkedHashMap<>();
  private List<String> services = new ArrayList<>();
  private List<String> remotes = new ArrayList<>();

  public PeerFile(String name) {
    peer.put("peer_name", name);
    peer.put("bind_addr", "\"127.0.0.1:0\"");
    peer.put("listen_address", "\"127.0.0.1:0\"");
    peer.put("reconnect_interval", "200ms");
    peer.put("drain_timeout", "10s");
  }

  /** A key of the {@code peer} section. */
  public PeerFile set(String key, String value) {
    peer.put(key, value);
    return this;
  }

  /** Another section, whole: {@code section("limits", "{max_sniffing: 2}")}. */
  public PeerFile section(String name, String value) {
    sections.put(name, value);
    return this;
  }

  /** Replaces the list of services, in the grammar of SERVICE_ADDR. */
  public PeerFile services(String... items) {
    services = List.of(items);
    return this;
  }

  public PeerFile remotes(String... addresses) {
    remotes = List.of(addresses);
    return this;
  }

  public String text() {
    StringBuilder text = new StringBuilder("peer:\n");
    peer.forEach((key, value) -> text.append("  " + key + ": " + value + "\n"));
    text.append("  service_addr: \"" + String.join(",", services) + "\"\n");
    text.append("  remote_peer_addr: \"" + String.join(",", remotes) + "\"\n");
    sections.forEach((name, value) -> text.append(name + ": " + value + "\n"));
    return text.toString();
  }

  /** Writes it as a careful editor does: whole, then renamed into place. */
  public void replace(Path file) {
    try {
      Path fresh = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text());
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
