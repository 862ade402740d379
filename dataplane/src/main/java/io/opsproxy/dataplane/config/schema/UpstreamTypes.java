package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.model.HealthCheck.Scheme;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.ProxyProtocol;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.IpLiteral;
import io.opsproxy.dataplane.config.value.Quoted;
import java.nio.file.Path;
import java.util.Optional;

/** The types of values that say how endpoints are watched and connected. */
public final class UpstreamTypes {
  private UpstreamTypes() {}

  public static final ValueType<Path> PATH = new PathType();

  /** Anything; what it has to be is checked by its reader. */
  public static final ValueType<String> TEXT =
      new ValueType<>("text", "write a text") {
        @Override
        public String parse(String text) {
          return text;
        }
      };

  /** What stands in a request line (RFC 9112 3.2.1); nothing is escaped here. */
  static final ValueType<String> REQUEST_TARGET =
      new ValueType<>("path", "write a path such as /healthz") {
        @Override
        public String parse(String text) {
          if (!text.startsWith("/") || !isVisible(text)) {
            throw new IllegalArgumentException(Quoted.of(text) + ": not the path of a page");
          }
          return text;
        }
      };

  static final ValueType<String> HOST_HEADER =
      new ValueType<>("host", "write a host such as api.example.com") {
        @Override
        public String parse(String text) {
          if (text.isEmpty() || !isVisible(text)) {
            throw new IllegalArgumentException(Quoted.of(text) + ": not a host");
          }
          return text;
        }
      };

  /** A name that a certificate has, or an address. */
  static final ValueType<String> SERVER_NAME =
      new ValueType<>("name", "write the name in the certificate, such as api.example.com") {
        @Override
        public String parse(String text) {
          Optional<HostName> name = HostName.exact(text);
          if (name.isPresent()) {
            return name.get().value();
          }
          if (IpLiteral.parse(text) == null) {
            throw new IllegalArgumentException(Quoted.of(text) + ": not a name");
          }
          return text;
        }
      };

  static final ValueType<Scheme> SCHEME = new Word<>(Scheme.class, "scheme");

  public static final ValueType<ProxyProtocol> PROXY_PROTOCOL =
      new Word<>(ProxyProtocol.class, "PROXY protocol version");

  private static boolean isVisible(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 127) {
        return false;
      }
    }
    return true;
  }
}
