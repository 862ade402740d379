package io.opsproxy.dataplane.mesh.v1;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.config.value.ServiceAddress;
import io.opsproxy.dataplane.mesh.names.Introduction;
import io.opsproxy.dataplane.mesh.names.Offer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Protocol v1 as text. Registrations come in two forms: as documented, {@code
 * REGISTER:name:host:port,...}, and as the Go peers send them, {@code
 * REGISTER:id:host:port:name:host:port,...} with the sender's prefix before the first item only.
 * They are told apart by the fields of the first item, a bracketed IPv6 address counting as one: 2
 * or 3 are an item, 5 or 6 a prefix and an item, 4 of which the last is empty a prefix alone.
 */
final class PeerLineCodec {
  /** Longest line that is accepted from a peer that dialled us, in bytes. */
  static final int MAX_LINE = 64 * 1024;

  /**
   * The same from a peer that the configuration told us to dial: its SYNC is one line however many
   * names it has.
   */
  static final int MAX_LINE_FROM_REMOTE = 1024 * 1024;

  private static final int COMFORTABLE_LINE = 32 * 1024;

  private static final int PREFIX_FIELDS = 3;
  private static final int ID_LENGTH = 32;

  private PeerLineCodec() {}

  /**
   * @param line without its line end
   */
  static PeerLine parse(String line) {
    int colon = line.indexOf(':');
    String verb = colon < 0 ? line : line.substring(0, colon);
    String rest = colon < 0 ? "" : line.substring(colon + 1);
    return switch (verb) {
      case "REGISTER" -> {
        Names names = names(rest);
        yield names == null
            ? new PeerLine.Unreadable("registration is in neither form")
            : new PeerLine.Register(names.sender, names.items, names.skipped);
      }
      case "SYNC" -> {
        Names names = names(rest);
        yield names == null
            ? new PeerLine.Unreadable("SYNC is in neither form")
            : new PeerLine.Sync(names.sender, names.items, names.skipped);
      }
      case "OK" -> ok(rest);
      case "ERROR" -> error(rest);
      case "FORWARD" -> forward(rest);
      case "DATA" ->
          isId(rest)
              ? new PeerLine.Data(rest)
              : new PeerLine.Unreadable("DATA without a usable id");
      default -> new PeerLine.Unreadable("unknown command");
    };
  }

  private record Names(Optional<Introduction> sender, List<Offer.Item> items, int skipped) {}

  private static Names names(String rest) {
    String list = rest;
    Optional<Introduction> sender = Optional.empty();
    int firstEnd = rest.indexOf(',');
    List<String> first = fields(firstEnd < 0 ? rest : rest.substring(0, firstEnd));
    boolean prefixAlone = first.size() == PREFIX_FIELDS + 1 && first.get(PREFIX_FIELDS).isEmpty();
    if (prefixAlone || first.size() == 5 || first.size() == 6) {
      try {
        HostPort address = HostPort.parse(first.get(1) + ":" + first.get(2));
        sender = Optional.of(new Introduction(first.get(0), address));
      } catch (IllegalArgumentException e) {
        return null;
      }
      int prefix =
          first.get(0).length() + first.get(1).length() + first.get(2).length() + PREFIX_FIELDS;
      list = rest.substring(prefix);
    } else if (first.size() != 2 && first.size() != 3) {
      return null;
    }
    List<Offer.Item> items = new ArrayList<>();
    int skipped = 0;
    for (String text : list.split(",", -1)) {
      if (text.isBlank()) {
        continue;
      }
      try {
        ServiceAddress.Item item = ServiceAddress.parseItem(text.trim());
        items.add(new Offer.Item(item.name(), item.backend()));
      } catch (IllegalArgumentException e) {
        skipped++;
      }
    }
    return new Names(sender, items, skipped);
  }

  /** Splits at colons outside of brackets. */
  private static List<String> fields(String text) {
    List<String> fields = new ArrayList<>(6);
    int start = 0;
    boolean bracket = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '[') {
        bracket = true;
      } else if (c == ']') {
        bracket = false;
      } else if (c == ':' && !bracket) {
        fields.add(text.substring(start, i));
        start = i + 1;
      }
    }
    fields.add(text.substring(start));
    return fields;
  }

  private static PeerLine ok(String rest) {
    if (rest.isEmpty() || rest.length() > 9 || !rest.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return new PeerLine.Unreadable("OK without a count");
    }
    return new PeerLine.Ok(Integer.parseInt(rest));
  }

  private static PeerLine error(String rest) {
    int colon = rest.indexOf(':');
    String id = colon < 0 ? rest : rest.substring(0, colon);
    if (isOurId(id)) {
      return new PeerLine.ForwardFailed(id, colon < 0 ? "" : rest.substring(colon + 1));
    }
    return new PeerLine.Refused(rest);
  }

  private static PeerLine forward(String rest) {
    int first = rest.indexOf(':');
    int second = first < 0 ? -1 : rest.indexOf(':', first + 1);
    String id = first < 0 ? rest : rest.substring(0, first);
    if (first < 0 || !isId(id)) {
      return new PeerLine.Unreadable("FORWARD without a usable id");
    }
    Optional<HostName> name =
        HostName.pattern(
            second < 0 ? rest.substring(first + 1) : rest.substring(first + 1, second));
    if (name.isEmpty()) {
      return new PeerLine.Unreadable("FORWARD without a name");
    }
    Optional<HostPort> backend = Optional.empty();
    if (second >= 0 && second + 1 < rest.length()) {
      try {
        backend = Optional.of(HostPort.parse(rest.substring(second + 1)));
      } catch (IllegalArgumentException e) {
        return new PeerLine.Unreadable("FORWARD with a backend that is no host:port");
      }
    }
    return new PeerLine.Forward(id, name.get(), backend);
  }

  private static boolean isId(String id) {
    return !id.isEmpty()
        && id.length() <= 128
        && id.chars().allMatch(c -> c > ' ' && c < 127 && c != ':');
  }

  /**
   * The ids that this program gives: only a peer that gives such ids knows {@link
   * PeerLine.ForwardFailed}.
   */
  static boolean isOurId(String id) {
    return id.length() == ID_LENGTH
        && id.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /** One or more lines: registrations add up, so that a long list need not be a long line. */
  static List<String> register(Introduction sender, List<Offer.Item> items) {
    List<String> lines = new ArrayList<>();
    int from = 0;
    do {
      int to = from;
      int length = 0;
      while (to < items.size() && length < COMFORTABLE_LINE) {
        length +=
            items.get(to).name().value().length() + items.get(to).backend().host().length() + 10;
        to++;
      }
      lines.add(list("REGISTER:", sender, items.subList(from, to)));
      from = to;
    } while (from < items.size());
    return lines;
  }

  static String sync(Introduction sender, List<Offer.Item> items) {
    return list("SYNC:", sender, items);
  }

  private static String list(String verb, Introduction sender, List<Offer.Item> items) {
    StringBuilder line =
        new StringBuilder(verb)
            .append(sender.name())
            .append(':')
            .append(sender.address())
            .append(':');
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        line.append(',');
      }
      line.append(items.get(i).name()).append(':').append(items.get(i).backend());
    }
    return line.append('\n').toString();
  }

  static String ok(int count) {
    return "OK:" + count + "\n";
  }

  static String refused(String reason) {
    return "ERROR:" + reason + "\n";
  }

  static String forward(String id, HostName name, HostPort backend) {
    return "FORWARD:" + id + ":" + name + ":" + backend + "\n";
  }

  static String forwardFailed(String id, String reason) {
    return "ERROR:" + id + ":" + reason + "\n";
  }

  static String data(String id) {
    return "DATA:" + id + "\n";
  }
}
