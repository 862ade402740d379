package io.opsproxy.dataplane.docs;

import io.opsproxy.dataplane.config.schema.ConfigReference;
import io.opsproxy.dataplane.dial.Resolver.Names;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every bound of this program, with its value as the code has it. Whoever adds a bound adds a row
 * here, and one to the table in {@code docs/operate.md}, which {@link BoundsDocumentTest} holds
 * against this one.
 */
final class Bounds {
  /**
   * One bound.
   *
   * @param shared what is bounded; the first cell of its row
   * @param value the default, as its row says it
   * @param key what sets it; empty when nothing does
   */
  record Bound(String shared, String value, String key) {}

  private static final String ROOT = "io.opsproxy.dataplane.";

  private Bounds() {}

  static List<Bound> all() {
    List<Bound> all = new ArrayList<>();
    all.addAll(connections());
    all.addAll(sockets());
    all.addAll(names());
    all.addAll(links());
    all.addAll(pages());
    all.addAll(configuration());
    all.addAll(logs());
    return all;
  }

  private static List<Bound> connections() {
    return List.of(
        key("client connections", "limits.max_connections"),
        key("client connections of one address", "limits.max_connections_per_source"),
        key("client connections to one name", "limits.max_connections_per_name"),
        key("connections that have not said what they want", "limits.max_sniffing"),
        key("the same, of one address", "limits.max_sniffing_per_source"),
        fixed("first bytes of a connection", bytes("sniff.Sniffer", "MAX_BYTES")));
  }

  private static List<Bound> sockets() {
    return List.of(
        fixed(
            "sockets, by the heap",
            "1/" + number("relay.Descriptors", "PART_OF_HEAP") + " of the heap, 2 KiB each"),
        fixed(
            "sockets, by file descriptors",
            "the limit less " + number("relay.Descriptors", "LARGEST_RESERVE") + " at most"),
        fixed(
            "the same, of accepted connections",
            "all but 1/" + number("relay.Descriptors", "PART_FOR_DIALS")),
        fixed(
            "bytes held for connections that do not flow",
            "1/" + number("relay.ByteBudget", "PART_OF_MEMORY") + " of heap or direct memory"),
        fixed(
            "the same, in a container",
            "1/" + number("relay.ByteBudget", "PART_OF_CONTAINER") + " of its memory"),
        fixed(
            "one read of a connection that is not joined",
            bytes("relay.ByteBudget", "SMALLEST_READ")),
        fixed("one read of a joined connection", bytes("relay.ByteBudget", "LARGEST_READ")),
        fixed("pipes that bulk is spliced through", number("relay.Pipes", "MOST")),
        fixed("the same, of 1 MiB", number("relay.PipeSize", "MOST_LARGE")),
        fixed(
            "a side that does not read, once it is closed",
            number("relay.RelayStream", "LINGER_SECONDS") + " s"));
  }

  private static List<Bound> names() {
    return List.of(
        fixed(
            "names of the configuration whose addresses are known",
            grouped(Names.CONFIGURED.places())),
        fixed("names that clients and peers brought, likewise", grouped(Names.BROUGHT.places())),
        fixed("look-ups of the configuration at once", grouped(Names.CONFIGURED.threads())),
        fixed("look-ups of clients and peers at once", grouped(Names.BROUGHT.threads())),
        fixed(
            "addresses of a name that are dialled at once",
            number("dial.Dialling", "MOST_AT_ONCE")),
        fixed("addresses that are remembered as failing", number("dial.AddressMemory", "MOST")));
  }

  private static List<Bound> links() {
    return List.of(
        key("links that other peers dialled", "limits.max_links"),
        key("links of one address", "limits.max_links_per_source"),
        key("forwards of one link", "limits.max_forwards_per_link"),
        fixed("a line of a peer that dialled in", bytes("mesh.v1.PeerLineCodec", "MAX_LINE")),
        fixed(
            "a line of a peer that was dialled",
            bytes("mesh.v1.PeerLineCodec", "MAX_LINE_FROM_REMOTE")),
        fixed("lines of a link in one turn", number("mesh.v1.V1Link", "MOST_LINES")),
        fixed("bytes of a link in one turn", bytes("mesh.v1.V1Link", "MOST_BYTES")),
        fixed("addresses of one remote peer", number("mesh.link.RemotePeer", "MOST_ADDRESSES")),
        fixed("names of all peers that dialled in", number("mesh.Mesh", "MAX_NAMES_OF_STRANGERS")),
        fixed("names of a peer that was dialled", number("mesh.Mesh", "MAX_NAMES_OF_REMOTE")),
        fixed("changes of names over a link at once", number("mesh.names.ChangeRate", "FREE")),
        fixed("the same, once it is slowed", number("mesh.names.ChangeRate", "SLOWED")),
        fixed(
            "time between two tables of names",
            ((Number) constant("mesh.names.NameRegistry", "INTERVAL")).longValue() / 1_000_000
                + " ms"),
        fixed(
            "first line of a DATA connection",
            number("mesh.v1.DataArrival", "MAX_LINE") + " bytes"));
  }

  private static List<Bound> pages() {
    return List.of(
        fixed("connections to one port of pages", number("admin.PageLimits", "MAX_CONNECTIONS")),
        fixed(
            "answers of pages that wait for their readers",
            "1/" + number("admin.PageLimits", "SHARE_OF_HEAP") + " of the heap"),
        fixed("names that wait for `/why` to try them", number("why.Probes", "PLACES")),
        fixed("connections that `/tail` remembers", number("telemetry.Tail", "MOST")),
        fixed("an attempt to connect for `/why`", duration("why.Probes", "LIMIT")),
        fixed("a request of a page, whole", duration("admin.PageLimits", "REQUEST")),
        fixed("an answer of a page, whole", duration("admin.PageLimits", "ANSWER")),
        fixed("a connection to pages between requests", duration("admin.PageLimits", "IDLE")),
        fixed("characters of a filter of `/stats`", number("admin.StatsFilter", "MAX_LENGTH")),
        fixed("silence of an event loop", duration("peer.LoopPulses", "STUCK")));
  }

  private static List<Bound> configuration() {
    return List.of(
        fixed("an address that many want to listen on", "one"),
        fixed("heap that the services take", percent("peer.ConfigSize", "SHARE")),
        fixed(
            "the same during a reload, old and new together",
            percent("peer.ConfigSize", "SHARE_IN_RELOAD")),
        fixed("a configuration file", bytes("config.read.ConfigFile", "MAX_BYTES")));
  }

  private static List<Bound> logs() {
    return List.of(
        fixed("entries that wait for one access log", number("telemetry.AccessLog", "QUEUE")),
        fixed("lines that wait for the log", number("peer.Logging", "QUEUE")),
        fixed(
            "names that went away whose metrics are kept",
            number("telemetry.Metrics", "RETIRED_NAMES")));
  }

  /** A bound that a key of the configuration sets. */
  static Bound key(String shared, String key) {
    return new Bound(shared, defaultOf(key), key);
  }

  /** A bound that nothing sets. */
  static Bound fixed(String shared, String value) {
    return new Bound(shared, value, "");
  }

  private static String defaultOf(String key) {
    int dot = key.lastIndexOf('.');
    String reference = ConfigReference.markdown();
    int section = reference.indexOf("| `" + key.substring(0, dot) + "` | Value |");
    Matcher row =
        Pattern.compile("(?m)^\\| `" + key.substring(dot + 1) + "` \\| [^|]* \\| `?([^|`]*)`? \\|")
            .matcher(reference);
    if (section < 0 || !row.find(section)) {
      throw new AssertionError("there is no key " + key);
    }
    String value = row.group(1).strip();
    return value.matches("\\d+") ? grouped(Long.parseLong(value)) : value;
  }

  /** A constant of the program, with a comma before each thousand. */
  static String number(String type, String constant) {
    return grouped(((Number) constant(type, constant)).longValue());
  }

  /** A constant that is a number of bytes. */
  static String bytes(String type, String constant) {
    long bytes = ((Number) constant(type, constant)).longValue();
    return bytes % (1024 * 1024) == 0 ? bytes / (1024 * 1024) + " MiB" : bytes / 1024 + " KiB";
  }

  /** A constant that is a time. */
  static String duration(String type, String constant) {
    return ((Duration) constant(type, constant)).toSeconds() + " s";
  }

  private static String percent(String type, String constant) {
    return Math.round(100 * ((Number) constant(type, constant)).doubleValue()) + " % of the heap";
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private static Object constant(String type, String name) {
    try {
      Field field = Class.forName(ROOT + type).getDeclaredField(name);
      field.setAccessible(true);
      return field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no constant " + name + " in " + type, e);
    }
  }
}
