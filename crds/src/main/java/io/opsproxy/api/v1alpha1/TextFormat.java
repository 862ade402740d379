package io.opsproxy.api.v1alpha1;

import java.util.List;

/**
 * The formats of texts that the data plane reads, as rules in CEL. They refuse what the data plane
 * would refuse, and are no looser than it anywhere: an object that the API server took must never
 * become a configuration that a peer turns down.
 */
public enum TextFormat {
  /** A time above zero, at most 366 days. */
  DURATION(
      new Rule(
          "self.matches('"
              + Forms.DURATION
              + "') && duration(self) > duration('0s') && duration(self) <= duration('8784h')",
          "write a time above zero and up to 366 days, such as 500ms, 30s, 5m or 1h30m")),

  /** A time of zero or more, at most 366 days. */
  DURATION_OR_ZERO(
      new Rule(
          "self.matches('" + Forms.DURATION + "') && duration(self) <= duration('8784h')",
          "write a time of up to 366 days, such as 0s, 500ms, 30s, 5m or 1h30m")),

  /** A time as Prometheus writes them: whole numbers, the larger units first. */
  SCRAPE_INTERVAL(
      new Rule(
          "self != '' && self.matches('^([0-9]{1,4}h)?([0-9]{1,6}m)?([0-9]{1,8}s)?([0-9]{1,8}ms)?$')"
              + " && duration(self) > duration('0s')",
          "write a time above zero as Prometheus does, such as 500ms, 30s, 5m or 1h30m")),

  /** A host and a port. */
  HOST_PORT(
      new Rule(
          "self.matches('^("
              + Forms.BRACKETED
              + "|[-_.a-zA-Z0-9]*[-_a-zA-Z0-9]):"
              + Forms.PORT
              + "$')",
          "write HOST:PORT, such as 10.0.0.1:6443, api.example.com:443 or [fd00::1]:6443,"
              + " with a port from 1 to 65535"),
      new Rule(
          "!self.matches('^" + Forms.BRACKETED + ":') || isIP(self.split(']')[0].substring(1))",
          "what is in brackets must be an IPv6 address, as in [fd00::1]:6443"),
      new Rule(
          "!self.matches('^[^:]*[.][0-9]+:[0-9]+$') || isIP(self.split(':')[0])",
          "a host that ends in a number must be an IPv4 address, as in 10.0.0.1:6443")),

  /** A name to route by, exact or with {@code *} as its first label. */
  HOST_NAME(
      new Rule(
          "self != '*'",
          "'*' alone would take every name: write the names, such as api.example.com, or"
              + " *.example.com for all names below one"),
      new Rule(
          "self == '*' || !self.contains('*') || self.matches('^[*][.][^*]+$')",
          "'*' can only be the whole first label: write *.example.com, or list the names"),
      new Rule("!self.endsWith('.')", "write the name without the dot at its end"),
      new Rule(
          "!self.contains(':')",
          "write the name without a port: clients are told apart by name alone; the port of the"
              + " endpoints belongs to backend, a port of the peer to listenerPort"),
      new Rule(
          "self.contains('*') || self.contains(':') || self.endsWith('.') || self.matches('^"
              + Forms.NAME
              + "$')",
          "write letters, digits, '-' and '_' in labels of 1 to 63 characters, such as"
              + " api.example.com; national names in their ASCII form, such as"
              + " xn--bcher-kva.example"),
      new Rule(
          "!self.matches('^[*][.][^*:]*[^*:.]$') || self.matches('^[*][.]" + Forms.NAME + "$')",
          "write letters, digits, '-' and '_' in labels of 1 to 63 characters after '*.', such as"
              + " *.example.com")),

  /** A name to route by, exact, with {@code *} as its first label, or {@code *} for any. */
  ALLOWED_NAME(
      new Rule(
          "self.matches('^([*]|([*][.])?" + Forms.NAME + ")$')",
          "write a name such as api.example.com, *.example.com for all names below one, or * for"
              + " any")),

  /** A port, or the first and the last of several. */
  PORT_RANGE(
      new Rule(
          "self.matches('^" + Forms.PORT + "(-" + Forms.PORT + ")?$')",
          "write a port from 1 to 65535, such as 5432, or a range such as 8000-8999"),
      new Rule(
          "!self.matches('^[0-9]{1,5}-[0-9]{1,5}$')"
              + " || int(self.split('-')[0]) <= int(self.split('-')[1])",
          "write the smaller port first, as in 8000-8999")),

  /** A name that a certificate has, or an address. */
  SERVER_NAME(
      new Rule(
          "self.matches('^" + Forms.NAME + "$') || isIP(self)",
          "write the name in the certificate, such as api.example.com, or an IP address")),

  /** A range of addresses, or one address. */
  ADDRESS_RANGE(
      new Rule(
          "isCIDR(self) || isIP(self)",
          "write a range of addresses, such as 10.0.0.0/8 or fd00::/8, or one IP address")),

  /** A range of addresses with its prefix length. */
  CIDR(
      new Rule(
          "isCIDR(self)",
          "write a range of addresses with its length, such as 10.0.0.0/8, fd00::/8 or"
              + " 192.0.2.1/32")),

  /** A target of HTTP CONNECT: a name, a wildcard, an address or a range, and a port or a star. */
  CONNECT_TARGET(
      new Rule(
          "self.matches('^.+:([*]|" + Forms.PORT + ")$')",
          "write HOST:PORT, such as db.internal:5432; a port from 1 to 65535, or * for any"),
      new Rule(
          "!self.matches('^.+:[^:]*$')"
              + " || self.matches('^([*][.])?"
              + Forms.NAME
              + ":[^:]*$') && !self.matches('[.][0-9]+:[^:]*$')"
              + " || (!self.matches('[][]') || self.matches('^[[][^][]+]:[^:]*$')) && (isIP("
              + Forms.TARGET
              + ") || isCIDR("
              + Forms.TARGET
              + "))",
          "the host must be a name, a wildcard such as *.example.com, an IP address, or a range"
              + " such as 10.0.0.0/8; IPv6 in brackets")),

  /** The target of a request: what follows the method in an HTTP request. */
  REQUEST_PATH(
      new Rule(
          "self.matches('^/[!-~]*$')",
          "write the path of a page, beginning with '/' and without spaces, such as /healthz")),

  /** What a Host header may hold. */
  HOST_HEADER(
      new Rule(
          "self.matches('^[!-~]+$')",
          "write a host such as api.example.com, without spaces or national characters")),

  /** Certificates in PEM. */
  CERTIFICATES(
      new Rule(
          "self.contains('-----BEGIN CERTIFICATE-----')",
          "write certificates in PEM, each beginning with -----BEGIN CERTIFICATE-----")),

  /** Ids of peers: one, or all that begin or end alike. */
  PEER_PATTERN(
      new Rule(
          "self.matches('^([*]" + Forms.PEER_ID + "*|" + Forms.PEER_ID + "+[*]?)$')",
          "write the id of a peer, such as spiffe://mesh.example.com/peer/west, with one * at an"
              + " end for all alike, or * for any")),

  /** An id of a peer, or the serial number of a certificate. */
  REVOCATION(
      new Rule(
          "self.matches('^"
              + Forms.PEER_ID
              + "+$') && (!self.startsWith('serial:')"
              + " || self.matches('^serial:(:*[0-9a-fA-F]){1,64}:*$'))",
          "write the id of a peer, such as spiffe://mesh.example.com/peer/west, or serial: and"
              + " hexadecimal digits for one certificate")),

  /** The value of a label of Kubernetes. */
  LABEL_VALUE(
      new Rule(
          "self.matches('^([a-zA-Z0-9]([-_.a-zA-Z0-9]*[a-zA-Z0-9])?)?$')",
          "the value of a label is letters, digits, '-', '_' and '.', with a letter or digit at"
              + " both ends"));

  private final List<Rule> rules;

  TextFormat(Rule... rules) {
    this.rules = List.of(rules);
  }

  /** The rules, all of which must hold. */
  public List<Rule> rules() {
    return rules;
  }

  /**
   * One rule.
   *
   * @param expression CEL, about {@code self}
   * @param message What to write instead.
   */
  public record Rule(String expression, String message) {}

  /** Parts of expressions. No backslashes, so that CEL and YAML show them as they are. */
  private static final class Forms {
    static final String DURATION = "^([0-9]{1,8}([.][0-9]{1,9})?(ms|s|m|h))+$";
    static final String PORT =
        "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
    static final String NAME = "[-_a-zA-Z0-9]{1,63}([.][-_a-zA-Z0-9]{1,63})*";

    /** A visible ASCII character that is no star. */
    static final String PEER_ID = "[!-)+-~]";

    static final String BRACKETED = "[[][0-9a-fA-F]*:[0-9a-fA-F:.]*]";
    static final String TARGET =
        "self.substring(0, self.lastIndexOf(':')).replace('[', '').replace(']', '')";
  }
}
