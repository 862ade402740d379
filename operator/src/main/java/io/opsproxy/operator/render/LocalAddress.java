package io.opsproxy.operator.render;

import io.opsproxy.dataplane.config.value.IpLiteral;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/**
 * Hosts that mean the pod itself or its node: whoever may name them reaches what is served to the
 * pod alone, such as its admin pages, or to the node alone, such as the metadata of a cloud.
 */
final class LocalAddress {
  private LocalAddress() {}

  /** Loopback, link-local, "this host", or a name that means one of them. */
  static boolean is(String host) {
    int zone = host.indexOf('%');
    String bare = zone < 0 ? host : host.substring(0, zone);
    boolean literal = bare.indexOf(':') >= 0 || IpLiteral.parse4(bare) != null;
    if (!literal) {
      String name = bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
      String lower = name.toLowerCase(Locale.ROOT);
      // RFC 6761 section 6.3, and the names of /etc/hosts of images.
      return lower.equals("localhost")
          || lower.endsWith(".localhost")
          || lower.equals("localhost.localdomain")
          || lower.startsWith("ip6-local")
          || lower.startsWith("ip6-loopback");
    }
    try {
      // No look-up: it is a literal. An IPv4-mapped address comes back as IPv4.
      InetAddress address = InetAddress.getByName(bare);
      return address.isLoopbackAddress()
          || address.isLinkLocalAddress()
          || address.isAnyLocalAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
