package io.opsproxy.dataplane.config.model;

import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostPort;
import java.time.Duration;
import java.util.List;

/**
 * The {@code peer:} section.
 *
 * @param name this peer's name on links ({@code peer_name}; default POD_NAME, HOSTNAME, else the
 *     machine's name)
 * @param bindAddress where clients and peers connect ({@code bind_addr}, default {@code :6443})
 * @param metricsAddress where the status pages are ({@code listen_address}, default {@code :9090})
 * @param telemetryPath path of the metrics page ({@code telemetry_path}, default {@code /metrics})
 * @param advertisedAddress the address that other peers dial to reach this one ({@code
 *     local_peer_addr}; else POD_IP and the bound port, else the host of {@code bind_addr} when it
 *     names one, else the machine's name)
 * @param remotePeers peers to keep a link to ({@code remote_peer_addr}), without repetition
 * @param connectionTimeout how long a FORWARD waits for its DATA connection (default 5 s)
 * @param registrationReadTimeout silence after which an accepted link is dead (default 180 s)
 * @param reconnectInterval upper bound of the jittered pause between two dials of a remote peer
 *     (default 5 s)
 * @param maxReconnect dials in a row that may fail before a remote peer is given up; 0 means never
 * @param heartbeatInterval how often a dialled link registers again (default 30 s)
 * @param drainDelay pause between "not ready" and the end of accepting when told to stop (default 0
 *     s)
 * @param drainTimeout how long sessions may go on after that (default 30 s)
 */
public record PeerSettings(
    String name,
    BindAddress bindAddress,
    BindAddress metricsAddress,
    String telemetryPath,
    HostPort advertisedAddress,
    List<HostPort> remotePeers,
    Duration connectionTimeout,
    Duration registrationReadTimeout,
    Duration reconnectInterval,
    int maxReconnect,
    Duration heartbeatInterval,
    Duration drainDelay,
    Duration drainTimeout) {

  public PeerSettings {
    remotePeers = List.copyOf(remotePeers);
  }
}
