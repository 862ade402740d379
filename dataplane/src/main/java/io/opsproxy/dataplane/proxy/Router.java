package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.route.NameTable;
import io.opsproxy.dataplane.sniff.Sniff;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import io.opsproxy.dataplane.telemetry.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Turns what was sniffed into a route or a refusal. Four cases that never mix: a name that is
 * routed; a name that is not (refused in the client's language); no name and no known protocol (the
 * default route, if any); broken (closed).
 */
final class Router {
  private final Session session;
  private final ProxyServer proxy;

  Router(Session session) {
    this.session = session;
    this.proxy = session.proxy();
  }

  /** A listener with a fixed route. */
  void fixed(InetSocketAddress source, HostName service) {
    ConnectionFacts facts = facts(source, Protocol.TCP, Optional.empty());
    toService(facts, service, new byte[0]);
  }

  /** A listener that sniffs. */
  void sniffed(InetSocketAddress source, Sniff sniff) {
    Optional<NameTable<HostName>> sniRoutes = proxy.sniRoutes(session.listener());
    if (sniRoutes.isPresent()) {
      byServerName(source, sniff, sniRoutes.get());
    } else if (sniff instanceof Sniff.Http http) {
      http(source, http);
    } else if (sniff instanceof Sniff.Tls tls) {
      tls(source, tls);
    } else if (sniff instanceof Sniff.Malformed malformed) {
      malformed(malformed);
    } else {
      boolean http2 = sniff instanceof Sniff.Http2Preface;
      byte[] words = http2 ? Replies.HTTP2_GOAWAY : new byte[0];
      byDefault(facts(source, Protocol.TCP, Optional.empty()), words);
    }
  }

  /**
   * As Envoy's filter chains with server names do: a server name leads to a service of this
   * listener, and whatever else comes goes to its default service, if it has one.
   */
  private void byServerName(InetSocketAddress source, Sniff sniff, NameTable<HostName> services) {
    if (sniff instanceof Sniff.Malformed malformed) {
      malformed(malformed);
    } else if (sniff instanceof Sniff.Tls tls) {
      ConnectionFacts facts = facts(source, Protocol.HTTPS, tls.serverName());
      byte[] alert = Replies.tlsAlert(Replies.UNRECOGNIZED_NAME);
      Optional<HostName> service =
          tls.serverName().flatMap(services::find).map(NameTable.Match::target);
      if (service.isPresent()) {
        toService(facts, service.get(), alert);
      } else {
        byDefault(facts, alert);
      }
    } else if (sniff instanceof Sniff.Http http) {
      byDefault(
          facts(source, Protocol.HTTP, Optional.of(http.host())),
          Replies.http(503, "Service not available: " + http.host()));
    } else {
      byDefault(facts(source, Protocol.TCP, Optional.empty()), new byte[0]);
    }
  }

  private void http(InetSocketAddress source, Sniff.Http http) {
    boolean connect = http.connect().isPresent();
    ConnectionFacts facts =
        facts(source, connect ? Protocol.HTTP_CONNECT : Protocol.HTTP, Optional.of(http.host()));
    if (connect) {
      session.prelude().skip(http.headLength());
    }
    Optional<NameTable.Match<Upstream>> match = proxy.routes().find(http.host());
    if (match.isPresent()) {
      go(new Route(facts, match.get().rule().value(), match.get().target()));
    } else if (connect) {
      direct(facts, http.host(), http.connect().get());
    } else {
      unknownName(facts, Replies.http(503, "Service not available: " + http.host()));
    }
  }

  /** CONNECT to a name without a route: only where {@code access.connect} says so. */
  private void direct(ConnectionFacts facts, HostName host, HostPort target) {
    Optional<Predicate<InetAddress>> allowed = proxy.connectAccess().allowed(host, target);
    if (allowed.isEmpty()) {
      session.refuse(proxy.metrics().unknown(), ErrorReason.CONNECT_DENIED, target.toString());
      session.parting(
          Replies.http(
              403, "CONNECT not allowed: " + target + " is neither routed nor in access.connect"));
      return;
    }
    go(new Route(facts, target.toString(), proxy.direct(target, allowed.get())));
  }

  private void tls(InetSocketAddress source, Sniff.Tls tls) {
    ConnectionFacts facts = facts(source, Protocol.HTTPS, tls.serverName());
    byte[] alert = Replies.tlsAlert(Replies.UNRECOGNIZED_NAME);
    if (tls.serverName().isEmpty()) {
      byDefault(facts, alert);
      return;
    }
    Optional<NameTable.Match<Upstream>> match = proxy.routes().find(tls.serverName().get());
    if (match.isPresent()) {
      go(new Route(facts, match.get().rule().value(), match.get().target()));
    } else {
      unknownName(facts, alert);
    }
  }

  private void malformed(Sniff.Malformed malformed) {
    session.refuse(proxy.metrics().unknown(), ErrorReason.MALFORMED, malformed.why());
    session.parting(
        switch (malformed.protocol()) {
          case HTTP -> Replies.http(400, "Bad request: " + malformed.why());
          case TLS -> Replies.tlsAlert(Replies.DECODE_ERROR);
          case PEER -> new byte[0];
        });
  }

  private void byDefault(ConnectionFacts facts, byte[] wordsIfNone) {
    Optional<HostName> service = session.listener().defaultService();
    if (service.isPresent()) {
      toService(facts, service.get(), wordsIfNone);
    } else {
      unknownName(facts, wordsIfNone);
    }
  }

  private void toService(ConnectionFacts facts, HostName service, byte[] wordsIfNone) {
    Optional<Upstream> target = proxy.routes().get(service);
    if (target.isPresent()) {
      go(new Route(facts, service.value(), target.get()));
    } else {
      unknownName(facts, wordsIfNone);
    }
  }

  /** One failed request, counted once, under the one label that stands for all unknown names. */
  private void unknownName(ConnectionFacts facts, byte[] words) {
    proxy.metrics().unknown().opened(facts.protocol()).failed(ErrorReason.NO_CLIENT);
    session.log().known(facts);
    session.log().failed(ErrorReason.NO_CLIENT, "no route");
    session.parting(words);
  }

  private void go(Route route) {
    session.log().routed(route);
    String limit = proxy.limits().reached(route);
    if (limit == null) {
      session.connecting(route);
    } else {
      NameMetrics name = route.upstream().metrics();
      name.opened(route.facts().protocol()).failed(ErrorReason.LIMIT);
      session.log().failed(ErrorReason.LIMIT, limit);
      session.parting(route.apology(new Upstream.Failure(ErrorReason.LIMIT, limit)));
    }
  }

  private ConnectionFacts facts(
      InetSocketAddress source, Protocol protocol, Optional<HostName> name) {
    return new ConnectionFacts(source, session.listener().name(), protocol, name);
  }
}
