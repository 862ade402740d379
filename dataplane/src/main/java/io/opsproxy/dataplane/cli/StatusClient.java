package io.opsproxy.dataplane.cli;

import io.opsproxy.dataplane.config.value.HostPort;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/** Asks the status pages of a peer. */
final class StatusClient {
  /** Where a peer has them when nothing else is said. */
  static final String DEFAULT = "127.0.0.1:9090";

  private static final int CONNECT_MILLIS = 5_000;

  /** An explanation may have to wait for its turn. */
  private static final int READ_MILLIS = 30_000;

  private static final int NOT_FOUND = 404;

  /** The peer could not be asked; the message says why, and what to do. */
  static final class Unreachable extends Exception {
    private static final long serialVersionUID = 1;

    Unreachable(String message) {
      super(message);
    }
  }

  private final HostPort address;

  private StatusClient(HostPort address) {
    this.address = address;
  }

  /**
   * @param text a host and a port; a lone host has port 9090, a lone port is on this machine
   * @throws IllegalArgumentException when it is neither
   */
  static StatusClient at(String text) {
    String bare = text.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
    if (bare.matches(":\\d+")) {
      bare = "127.0.0.1" + bare;
    } else if (!bare.matches(".*:\\d+")) {
      bare += ":9090";
    }
    return new StatusClient(HostPort.parse(bare));
  }

  @Override
  public String toString() {
    return address.toString();
  }

  /**
   * The body of a page.
   *
   * @param path with its query
   */
  String get(String path) throws Unreachable {
    try {
      URL url = new URL("http://" + address + path);
      HttpURLConnection connection = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(READ_MILLIS);
      int status = connection.getResponseCode();
      if (status == NOT_FOUND) {
        throw new Unreachable(
            address
                + " has no page "
                + path.replaceFirst("\\?.*", "")
                + ": give the address of the status pages of a peer (its listen_address, usually port"
                + " 9090) of this version or a newer one");
      }
      if (status != HttpURLConnection.HTTP_OK) {
        throw new Unreachable(address + " answered " + status + " for " + path);
      }
      return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new Unreachable(
          "cannot ask "
              + address
              + ": "
              + e.getMessage()
              + "; is a peer running, and is this the address of its status pages (listen_address,"
              + " default "
              + DEFAULT
              + ")?");
    }
  }
}
