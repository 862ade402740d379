package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.model.LogSettings.Format;
import io.opsproxy.dataplane.config.model.LogSettings.Level;
import io.opsproxy.dataplane.config.model.ProxySettings.RelayChoice;
import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.ConnectRule;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.config.value.PeerName;
import io.opsproxy.dataplane.config.value.Quoted;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The types of values that keys have. */
public final class ValueTypes {
  private ValueTypes() {}

  public static final ValueType<Duration> DURATION = new DurationType(false);
  public static final ValueType<Duration> DURATION_OR_ZERO = new DurationType(true);

  static final ValueType<String> PEER_NAME =
      new ValueType<>("text", "write a name such as peer-a") {
        @Override
        public String parse(String text) {
          return PeerName.checked(text);
        }
      };

  /** Checked against the grammar later, when the peer's name is known. */
  static final ValueType<List<Sourced<String>>> SERVICE_ITEMS =
      new ListType<>(
          "list of services",
          new ValueType<String>("service", "write domain:port or name:host:port") {
            @Override
            public String parse(String text) {
              return text;
            }
          });

  static final ValueType<BindAddress> BIND_ADDRESS =
      new ValueType<>("address", "write host:port, or :port for all addresses") {
        @Override
        public BindAddress parse(String text) {
          return BindAddress.parse(text);
        }
      };

  public static final ValueType<HostPort> HOST_PORT =
      new ValueType<>("host:port", "write host:port, such as 10.0.0.1:6443") {
        @Override
        public HostPort parse(String text) {
          return HostPort.parse(text);
        }
      };

  static final ValueType<List<Sourced<HostPort>>> HOST_PORTS =
      new ListType<>("list of host:port", HOST_PORT);

  /** Port 0 stands for "the port that is listened on". */
  static final ValueType<HostPort> HOST_OR_HOST_PORT =
      new ValueType<>("host or host:port", "write host or host:port, such as 192.0.2.1:6443") {
        @Override
        public HostPort parse(String text) {
          boolean bracketed = text.startsWith("[") && text.endsWith("]");
          return bracketed || text.indexOf(':') < 0
              ? new HostPort(HostPort.parseHost(text, text), 0)
              : HostPort.parse(text);
        }
      };

  static final ValueType<HostName> EXACT_NAME =
      new ValueType<>("name", "write one exact name, such as api.example.com") {
        @Override
        public HostName parse(String text) {
          HostName name = NAME.parse(text);
          if (name.isWildcard()) {
            throw new IllegalArgumentException(Quoted.of(text) + ": a wildcard is no target");
          }
          return name;
        }
      };

  static final ValueType<HostName> NAME =
      new ValueType<>("name", "write a name such as redis, api.example.com or *.example.com") {
        @Override
        public HostName parse(String text) {
          Optional<HostName> name = HostName.pattern(text);
          if (name.isEmpty()) {
            throw new IllegalArgumentException(Quoted.of(text) + ": not a name to route by");
          }
          return name.get();
        }
      };

  public static final ValueType<List<Sourced<HostName>>> NAMES =
      new ListType<>("list of names", NAME);

  static final ValueType<List<Sourced<Cidr>>> CIDRS =
      new ListType<>(
          "list of IP ranges",
          new ValueType<Cidr>("IP range", "write ranges such as 10.0.0.0/8 or fd00::/8") {
            @Override
            public Cidr parse(String text) {
              return Cidr.parse(text);
            }
          });

  static final ValueType<List<Sourced<ConnectRule>>> CONNECT_RULES =
      new ListType<>(
          "list of targets",
          new ValueType<ConnectRule>(
              "target", "write db.internal:5432, *.example.com:443 or 10.0.0.0/8:*") {
            @Override
            public ConnectRule parse(String text) {
              return ConnectRule.parse(text);
            }
          });

  /** The pages beside the metrics page keep their paths. */
  static final ValueType<String> TELEMETRY_PATH =
      new ValueType<>("path", "write a path such as /metrics") {
        @Override
        public String parse(String text) {
          if (!text.startsWith("/")) {
            throw new IllegalArgumentException(Quoted.of(text) + ": a path begins with /");
          }
          for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 127 || c == '?' || c == '#') {
              throw new IllegalArgumentException(
                  Quoted.of(text) + ": has characters that no path has");
            }
          }
          if (text.equals("/healthz") || text.equals("/readyz") || text.equals("/status")) {
            throw new IllegalArgumentException(
                Quoted.of(text) + ": this path belongs to another page");
          }
          return text;
        }
      };

  static final ValueType<Level> LEVEL =
      new ValueType<>("level", "write debug, info, warn or error") {
        @Override
        public Level parse(String text) {
          return switch (text.toLowerCase(Locale.ROOT)) {
            // the other words are Envoy's
            case "debug", "trace" -> Level.DEBUG;
            case "info" -> Level.INFO;
            case "warn", "warning" -> Level.WARN;
            case "error", "critical", "off" -> Level.ERROR;
            default -> throw new IllegalArgumentException(Quoted.of(text) + ": not a log level");
          };
        }
      };

  static final ValueType<RelayChoice> RELAY =
      new ValueType<>("relay", "write auto, kernel or channel") {
        @Override
        public RelayChoice parse(String text) {
          return switch (text.toLowerCase(Locale.ROOT)) {
            case "auto" -> RelayChoice.AUTO;
            case "kernel" -> RelayChoice.KERNEL;
            case "channel" -> RelayChoice.CHANNEL;
            default -> throw new IllegalArgumentException(Quoted.of(text) + ": not a relay");
          };
        }
      };

  static final ValueType<Format> FORMAT =
      new ValueType<>("format", "write text or json") {
        @Override
        public Format parse(String text) {
          return switch (text.toLowerCase(Locale.ROOT)) {
            case "text" -> Format.TEXT;
            case "json" -> Format.JSON;
            default -> throw new IllegalArgumentException(Quoted.of(text) + ": not a log format");
          };
        }
      };

  static final ValueType<LbPolicy> LB_POLICY =
      new ValueType<>("policy", "write ROUND_ROBIN, LEAST_REQUEST, RANDOM or SOURCE_HASH") {
        @Override
        public LbPolicy parse(String text) {
          return switch (text.toUpperCase(Locale.ROOT)) {
            case "ROUND_ROBIN" -> LbPolicy.ROUND_ROBIN;
            case "LEAST_REQUEST" -> LbPolicy.LEAST_REQUEST;
            case "RANDOM" -> LbPolicy.RANDOM;
            case "SOURCE_HASH" -> LbPolicy.SOURCE_HASH;
            default ->
                throw new IllegalArgumentException(Quoted.of(text) + ": not a balancing policy");
          };
        }
      };

  /** True for {@code auto}. Tools that rewrite YAML turn the word {@code off} into false. */
  static final ValueType<Boolean> DETECT =
      new ValueType<>("auto or off", "write auto or off") {
        @Override
        public Boolean parse(String text) {
          return switch (text.toLowerCase(Locale.ROOT)) {
            case "auto" -> true;
            case "off", "false" -> false;
            default -> throw new IllegalArgumentException(Quoted.of(text) + ": not auto or off");
          };
        }
      };

  public static final ValueType<String> LISTENER_NAME =
      new ValueType<>("text", "write a short name such as edge") {
        @Override
        public String parse(String text) {
          for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
              throw new IllegalArgumentException(
                  Quoted.of(text) + ": has characters that no name has");
            }
          }
          return text;
        }
      };

  public static final ValueType<Boolean> BOOLEAN =
      new ValueType<>("true or false", "write true or false") {
        @Override
        public Boolean parse(String text) {
          return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(Quoted.of(text) + ": not true or false");
          };
        }
      };

  public static ValueType<Integer> integer(int least, int most) {
    boolean open = most == Integer.MAX_VALUE;
    String bounds = open ? least + " or more" : least + "-" + most;
    return new ValueType<>(open ? "number" : "number " + bounds, "write a whole number") {
      @Override
      boolean emptyIsUnset() {
        return false;
      }

      @Override
      public Integer parse(String text) {
        String digits = text.strip();
        // Ten digits hold every int, and no long overflows with them.
        long value =
            HostPort.isDigits(digits) && digits.length() <= 10 ? Long.parseLong(digits) : -1;
        if (value < least || value > most) {
          throw new IllegalArgumentException(Quoted.of(text) + ": must be " + bounds);
        }
        return (int) value;
      }
    };
  }

  /** For keys that hold sections or lists of sections, which have readers of their own. */
  public static ValueType<Void> section(String label) {
    return new ValueType<>(label, "") {
      @Override
      boolean holdsSections() {
        return true;
      }

      @Override
      public Void parse(String text) {
        throw new IllegalArgumentException(Quoted.of(text) + ": expected a " + label);
      }
    };
  }
}
