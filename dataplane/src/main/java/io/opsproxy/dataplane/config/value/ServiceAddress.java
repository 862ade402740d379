package io.opsproxy.dataplane.config.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The grammar of SERVICE_ADDR, which the REGISTER and SYNC lines of protocol v1 share: items
 * separated by commas, the fields of an item by colons, an IPv6 literal in brackets is one field.
 *
 * <table>
 *   <caption>Items</caption>
 *   <tr><td>{@code domain:port}</td><td>name {@code domain}, backend {@code domain:port}</td></tr>
 *   <tr><td>{@code name:host:port}</td><td>name {@code name}, backend {@code host:port}</td></tr>
 *   <tr><td>{@code name:host}</td><td>name {@code name}, backend {@code host:80}</td></tr>
 *   <tr><td>{@code host}</td><td>name of this peer, backend {@code host:80}</td></tr>
 * </table>
 */
public final class ServiceAddress {
  private static final int DEFAULT_PORT = 80;

  private ServiceAddress() {}

  /**
   * One service.
   *
   * @param name what connections ask for; may be a wildcard
   * @param backend where it runs
   */
  public record Item(HostName name, HostPort backend) {}

  /**
   * Reads an item that names its service.
   *
   * @throws IllegalArgumentException with a sentence that names the item and what is wrong with it
   */
  public static Item parseItem(String item) {
    return parse(item, null);
  }

  /**
   * Reads an item; one without a colon takes the name of the peer.
   *
   * @throws IllegalArgumentException with a sentence that names the item and what is wrong with it
   */
  public static Item parseItem(String item, String peerName) {
    return parse(item, peerName);
  }

  private static Item parse(String item, String peerName) {
    List<String> fields = fields(item);
    String first = fields.get(0);
    return switch (fields.size()) {
      case 1 -> bare(first, item, peerName);
      case 2 -> pair(first, fields.get(1), item);
      case 3 ->
          new Item(name(first, item), backend(fields.get(1), port(fields.get(2), item), item));
      default ->
          throw new IllegalArgumentException(
              Quoted.of(item) + ": expected domain:port or name:host:port");
    };
  }

  private static Item bare(String host, String item, String peerName) {
    if (peerName == null) {
      throw new IllegalArgumentException(
          Quoted.of(item) + ": expected domain:port or name:host:port");
    }
    return new Item(name(peerName, item), backend(host, DEFAULT_PORT, item));
  }

  private static Item pair(String first, String second, String item) {
    HostName name = name(first, item);
    if (!HostPort.isDigits(second)) {
      return new Item(name, backend(second, DEFAULT_PORT, item));
    }
    if (name.isWildcard()) {
      throw new IllegalArgumentException(
          Quoted.of(item) + ": a wildcard needs a backend, as in *.example.com:host:port");
    }
    return new Item(name, backend(first, port(second, item), item));
  }

  /** The items of a list: split at commas, white space around them dropped, empty ones skipped. */
  public static List<String> split(String list) {
    List<String> items = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= list.length(); i++) {
      if (i == list.length() || list.charAt(i) == ',') {
        String item = list.substring(start, i).strip();
        if (!item.isEmpty()) {
          items.add(item);
        }
        start = i + 1;
      }
    }
    return items;
  }

  /** The fields of an item, at least one; colons between brackets separate nothing. */
  public static List<String> fields(String item) {
    List<String> fields = new ArrayList<>();
    boolean bracketed = false;
    int start = 0;
    for (int i = 0; i < item.length(); i++) {
      char c = item.charAt(i);
      if (c == '[') {
        bracketed = true;
      } else if (c == ']') {
        bracketed = false;
      } else if (c == ':' && !bracketed) {
        fields.add(item.substring(start, i));
        start = i + 1;
      }
    }
    fields.add(item.substring(start));
    return fields;
  }

  private static HostName name(String text, String item) {
    Optional<HostName> name = HostName.pattern(text);
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          Quoted.of(item) + ": " + Quoted.of(text) + " is not a name to route by");
    }
    return name.get();
  }

  private static HostPort backend(String host, int port, String item) {
    return new HostPort(HostPort.parseHost(host, item), port);
  }

  private static int port(String digits, String item) {
    int port = HostPort.parsePort(digits, item);
    if (port == 0) {
      throw new IllegalArgumentException(Quoted.of(item) + ": port must be 1-65535");
    }
    return port;
  }
}
