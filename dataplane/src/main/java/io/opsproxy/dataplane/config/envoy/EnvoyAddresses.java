package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostPort;
import java.util.Optional;

/** Reads {@code address: {socket_address: {address, port_value}}}. */
final class EnvoyAddresses {
  private final Problems problems;

  EnvoyAddresses(Problems problems) {
    this.problems = problems;
  }

  /** An address to listen on; port 0 lets the system choose. Empty when it is bad or missing. */
  Optional<Sourced<BindAddress>> bind(YamlSection holder, ConfigKey<Void> key, String subject) {
    return read(holder, key, subject)
        .map(
            read -> {
              HostPort address = read.value().address();
              BindAddress both = new BindAddress(address.host(), address.port());
              boolean v6 = both.isWildcard() && address.host().indexOf(':') >= 0;
              return new Sourced<>(
                  new BindAddress(address.host(), address.port(), v6 && !read.value().ipv4Compat()),
                  read.at());
            });
  }

  /** The address of an endpoint. Empty when it is bad or missing, which is reported. */
  Optional<Sourced<HostPort>> endpoint(YamlSection holder, ConfigKey<Void> key, String subject) {
    Optional<Sourced<HostPort>> address =
        read(holder, key, subject).map(read -> new Sourced<>(read.value().address(), read.at()));
    if (address.isPresent() && address.get().value().port() == 0) {
      problems.error(
          address.get().at(),
          subject + " " + address.get().value() + ": port must be 1-65535",
          "write the port the endpoint listens on");
      return Optional.empty();
    }
    return address;
  }

  /** An address that may do without a port, 0 then. Empty when it is bad or missing. */
  Optional<HostPort> check(YamlSection holder, ConfigKey<Void> key, String subject) {
    return read(holder, key, subject).map(read -> read.value().address());
  }

  private record Socket(HostPort address, boolean ipv4Compat) {}

  private Optional<Sourced<Socket>> read(YamlSection holder, ConfigKey<Void> key, String subject) {
    int errors = problems.errors();
    YamlSection address = holder.section(key, "Address");
    YamlSection socket = address.section(EnvoyKeys.SOCKET_ADDRESS, "SocketAddress");
    if (address.node(EnvoyKeys.SOCKET_ADDRESS) == null) {
      if (problems.errors() == errors) {
        problems.error(
            address.at(),
            subject + " has no socket_address",
            "write address: {socket_address: {address: 10.0.0.1, port_value: 6443}}");
      }
      return Optional.empty();
    }
    Optional<Sourced<String>> protocol = socket.read(EnvoyKeys.PROTOCOL, subject + " ");
    if (protocol.isPresent() && !protocol.get().value().equals("TCP")) {
      problems.error(
          protocol.get().at(), subject + " is not TCP", "only TCP is proxied: write TCP");
    }
    Optional<Sourced<String>> host = socket.required(EnvoyKeys.HOST, subject);
    Optional<Sourced<Integer>> port = socket.required(EnvoyKeys.PORT, subject);
    boolean compat = socket.readValue(EnvoyKeys.IPV4_COMPAT, subject + " ").orElse(false);
    return host.isPresent() && port.isPresent()
        ? Optional.of(
            new Sourced<>(
                new Socket(new HostPort(host.get().value(), port.get().value()), compat),
                host.get().at()))
        : Optional.empty();
  }
}
