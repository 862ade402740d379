package io.opsproxy.dataplane.config.value;

import java.util.Locale;

/**
 * Why an address cannot be listened on, and the way out.
 *
 * @param message a sentence that names the address and the cause
 * @param remedy what to do about it
 */
public record BindProblem(String message, String remedy) {

  /**
   * @param setting what the address is set with: a key, a flag
   * @param cause what the system said; its sentence is looked at
   */
  public static BindProblem of(BindAddress address, String setting, Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String said = root.getMessage() == null ? root.toString() : root.getMessage();
    return new BindProblem(
        "cannot listen on " + address + ": " + said, remedy(said, address.port(), setting));
  }

  private static String remedy(String said, int port, String setting) {
    String lower = said.toLowerCase(Locale.ROOT);
    if (lower.contains("permission denied")) {
      return "choose a port from 1024 with "
          + setting
          + ", or let this user listen below: AmbientCapabilities=CAP_NET_BIND_SERVICE (systemd),"
          + " capability NET_BIND_SERVICE (Kubernetes), or sysctl"
          + " net.ipv4.ip_unprivileged_port_start="
          + port;
    }
    if (lower.contains("address already in use")) {
      return "stop what listens there (ss -ltnp 'sport = :"
          + port
          + "' names it), or choose another address with "
          + setting;
    }
    if (lower.contains("cannot assign requested address")) {
      return "this machine has no such address: choose one of its own, or none, with " + setting;
    }
    return "free it, or choose another address with " + setting;
  }

  @Override
  public String toString() {
    return message + "; " + remedy;
  }
}
