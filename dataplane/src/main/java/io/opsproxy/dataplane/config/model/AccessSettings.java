package io.opsproxy.dataplane.config.model;

import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.ConnectRule;
import java.util.List;

/**
 * The {@code access:} section.
 *
 * @param connect targets that HTTP CONNECT may reach although no service has their name
 * @param trustedProxies sources whose PROXY protocol header is believed; from all others it closes
 *     the connection
 */
public record AccessSettings(List<ConnectRule> connect, List<Cidr> trustedProxies) {
  public AccessSettings {
    connect = List.copyOf(connect);
    trustedProxies = List.copyOf(trustedProxies);
  }
}
