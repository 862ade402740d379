package io.opsproxy.operator.render;

import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostPort;

/**
 * Where peers run: where they listen, and find each other, the Services behind them and their
 * files.
 */
public interface Site {
  /** Pods, and the names that a cluster's DNS has for them and for Services. */
  Site CLUSTER =
      new Site() {
        @Override
        public boolean hasReplicas() {
          return true;
        }

        @Override
        public boolean privileged() {
          return false;
        }

        @Override
        public BindAddress listen(ObjectKey peer, BindAddress inPod) {
          return inPod;
        }

        @Override
        public HostPort service(ObjectKey service, int port, int dialled) {
          return new HostPort(hostOf(service), dialled);
        }

        @Override
        public HostPort peer(ObjectKey peer, int proxyPort) {
          return new HostPort(
              hostOf(new ObjectKey(peer.namespace(), ChildNames.headless(peer.name()))), proxyPort);
        }

        @Override
        public String directory(ObjectKey peer) {
          return Deployments.MOUNT;
        }

        private String hostOf(ObjectKey service) {
          return service.name() + "." + service.namespace() + ".svc";
        }
      };

  /** Whether a peer runs as often as its spec has replicas; else once. */
  boolean hasReplicas();

  /** Whether peers may listen on ports below 1024. */
  boolean privileged();

  /**
   * Where a peer listens.
   *
   * @param inPod where its pod would
   */
  BindAddress listen(ObjectKey peer, BindAddress inPod);

  /**
   * Where a port of a Service is reached; looked up at each connect when it is a name.
   *
   * @param port of the Service
   * @param dialled the port at the addresses that its name has in a cluster
   */
  HostPort service(ObjectKey service, int port, int dialled);

  /**
   * Where a peer is dialled: all addresses behind it are those of its replicas.
   *
   * @param proxyPort that its spec names
   */
  HostPort peer(ObjectKey peer, int proxyPort);

  /** Where a peer finds what its ConfigMap holds as files, without a slash at the end. */
  String directory(ObjectKey peer);
}
