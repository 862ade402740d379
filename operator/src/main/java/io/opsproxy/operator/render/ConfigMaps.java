package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.operator.render.Attachment.Served;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What the pods mount, and the same for people and old tools. A small configuration is text in one
 * ConfigMap; a large one is compressed, and what no pod reads moves to a ConfigMap beside it.
 */
public final class ConfigMaps {
  static final String CONFIG = "config.yaml";
  static final String COMPRESSED = "config.yaml.gz";
  static final String SERVICE_ADDR = "SERVICE_ADDR";
  static final String REMOTE_PEER_ADDR = "REMOTE_PEER_ADDR";
  static final String OMITTED = "SERVICE_ADDR_OMITTED";

  /** Beyond this sum of bytes the configuration is compressed. */
  private static final int MAX_TEXT = 512 * 1024;

  /**
   * Bound of the API server for all values of a ConfigMap is 1 MiB; keys, labels and what is said
   * of who owns which field count, too, against that of a request.
   */
  private static final int MAX_DATA = 1024 * 1024 - 16 * 1024;

  private ConfigMaps() {}

  /**
   * All of a peer; the first is what its pods mount.
   *
   * @param files beside the configuration, by name
   * @throws TooLarge when the pods' one would not fit
   */
  static List<ConfigMap> of(
      ProxyPeer peer,
      String yaml,
      Map<String, String> files,
      List<HostPort> remotes,
      List<Served> services)
      throws TooLarge {
    String name = peer.getMetadata().getName();
    String serviceAddr = serviceAddr(services);
    String remoteAddr = remotes.stream().map(HostPort::toString).collect(Collectors.joining(","));
    Map<String, String> data = new LinkedHashMap<>();
    if (bytes(yaml) + bytes(serviceAddr) + bytes(remoteAddr) <= MAX_TEXT) {
      data.put(CONFIG, yaml);
      data.put(SERVICE_ADDR, serviceAddr);
      data.put(REMOTE_PEER_ADDR, remoteAddr);
      data.putAll(files);
      check(sum(data));
      return List.of(map(peer, ChildNames.configMap(name), data, Map.of()));
    }
    data.putAll(files);
    byte[] compressed = compressed(yaml);
    ConfigMap mounted =
        map(
            peer,
            ChildNames.configMap(name),
            data,
            Map.of(COMPRESSED, Base64.getEncoder().encodeToString(compressed)));
    check(sum(data) + COMPRESSED.length() + compressed.length);
    Map<String, String> people = new LinkedHashMap<>();
    if (bytes(serviceAddr) + bytes(remoteAddr) <= MAX_DATA) {
      people.put(SERVICE_ADDR, serviceAddr);
    } else {
      int names = services.stream().mapToInt(served -> served.service().names().size()).sum();
      people.put(OMITTED, Integer.toString(names));
    }
    people.put(REMOTE_PEER_ADDR, remoteAddr);
    return List.of(mounted, map(peer, ChildNames.addresses(name), people, Map.of()));
  }

  /** For people: what another cluster needs to trust the peer. */
  static ConfigMap trust(ProxyPeer peer, Issuer issuer) {
    return map(
        peer,
        ChildNames.trust(peer.getMetadata().getName()),
        Map.of(TlsSecret.AUTHORITIES, issuer.bundle()),
        Map.of());
  }

  /** The text that pods run from such a ConfigMap; empty when it holds none. */
  public static Optional<String> yaml(ConfigMap map) {
    Map<String, String> data = map.getData();
    if (data != null && data.get(CONFIG) != null) {
      return Optional.of(data.get(CONFIG));
    }
    Map<String, String> binary = map.getBinaryData();
    if (binary == null || binary.get(COMPRESSED) == null) {
      return Optional.empty();
    }
    byte[] bytes;
    try (GZIPInputStream in =
        new GZIPInputStream(
            new ByteArrayInputStream(Base64.getDecoder().decode(binary.get(COMPRESSED))))) {
      bytes = in.readAllBytes();
    } catch (IOException | IllegalArgumentException e) {
      // Edited by hand; what we write next replaces it.
      return Optional.empty();
    }
    return Optional.of(new String(bytes, StandardCharsets.UTF_8));
  }

  /** A configuration that does not fit. */
  static final class TooLarge extends Exception {
    private static final long serialVersionUID = 1L;

    TooLarge(long bytes) {
      super(
          "the configuration of the peer would have "
              + bytes
              + " bytes, and a ConfigMap holds "
              + MAX_DATA
              + "; attach some objects to another ProxyPeer",
          null,
          false,
          false);
    }
  }

  private static void check(long bytes) throws TooLarge {
    if (bytes > MAX_DATA) {
      throw new TooLarge(bytes);
    }
  }

  private static ConfigMap map(
      ProxyPeer peer, String name, Map<String, String> data, Map<String, String> binary) {
    return new ConfigMapBuilder()
        .withMetadata(Child.meta(peer, name))
        .withData(data.isEmpty() ? null : data)
        .withBinaryData(binary.isEmpty() ? null : binary)
        .build();
  }

  private static long sum(Map<String, String> data) {
    return data.entrySet().stream()
        .mapToLong(entry -> bytes(entry.getKey()) + bytes(entry.getValue()))
        .sum();
  }

  /** Of the text in UTF-8. */
  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The same bytes for the same text: no time and no name are in it. */
  private static byte[] compressed(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip =
        new GZIPOutputStream(out, 64 * 1024) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** In the grammar of the seed; of several endpoints the first. */
  private static String serviceAddr(List<Served> services) {
    StringBuilder text = new StringBuilder();
    for (Served served : services) {
      for (HostName name : served.service().names()) {
        text.append(text.length() == 0 ? "" : ",")
            .append(name.value())
            .append(':')
            .append(served.service().endpoints().get(0).address());
      }
    }
    return text.toString();
  }
}
