package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.config.model.AccessSettings;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.ListenerConfig.ProxyHeader;
import io.opsproxy.dataplane.config.value.Cidr;
import java.net.InetAddress;

/** What one client of a listener may say before all else. */
enum HeaderRule {
  /** No PROXY header: one would be forged. */
  NONE,
  /** A PROXY header of it is believed, and may be missing. */
  POSSIBLE,
  /** It is closed without one. */
  REQUIRED,
  /** It is closed: a header is required, and none of it would be believed. */
  DENIED;

  static HeaderRule of(ListenerConfig listener, AccessSettings access, InetAddress source) {
    ProxyHeader kind = listener.proxyHeader();
    boolean believed =
        access.trustedProxies().isEmpty()
            ? kind != ProxyHeader.TRUSTED
            : Cidr.anyContains(access.trustedProxies(), source);
    if (kind == ProxyHeader.REQUIRED) {
      return believed ? REQUIRED : DENIED;
    }
    return believed ? POSSIBLE : NONE;
  }
}
