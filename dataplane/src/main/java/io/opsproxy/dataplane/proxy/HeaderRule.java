package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.config.model.AccessSettings;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.ListenerConfig.ProxyHeader;
import io.opsproxy.dataplane.config.value.Cidr;
import java.net.InetAddress;

/**
 * What one client of a listener may say before all else.
 *
 * @param possible whether a PROXY header of it is believed
 * @param required whether it is closed without one
 */
record HeaderRule(boolean possible, boolean required) {
  static HeaderRule of(ListenerConfig listener, AccessSettings access, InetAddress source) {
    ProxyHeader kind = listener.proxyHeader();
    boolean anybody = access.trustedProxies().isEmpty() && kind != ProxyHeader.TRUSTED;
    return new HeaderRule(
        anybody || Cidr.anyContains(access.trustedProxies(), source), kind == ProxyHeader.REQUIRED);
  }
}
