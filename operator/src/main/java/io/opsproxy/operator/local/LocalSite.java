package io.opsproxy.operator.local;

import io.fabric8.kubernetes.api.model.Service;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.operator.render.Lookup;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.Site;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * This machine: every peer listens on loopback, and Services are where the user says, or where one
 * of type ExternalName in the files points to. Used for one rendering, by one thread.
 */
final class LocalSite implements Site {
  private static final String LOOPBACK = "127.0.0.1";

  private final Path directory;
  private final Ports ports;
  private final Map<BackendPort, HostPort> resolved;
  private final Lookup objects;
  private final Set<String> unresolved = new TreeSet<>();

  LocalSite(Path directory, Ports ports, Map<BackendPort, HostPort> resolved, Lookup objects) {
    this.directory = directory;
    this.ports = ports;
    this.resolved = resolved;
    this.objects = objects;
  }

  @Override
  public boolean hasReplicas() {
    return false;
  }

  @Override
  public boolean privileged() {
    // What is not to be had is replaced by what is, port by port.
    return true;
  }

  @Override
  public BindAddress listen(ObjectKey peer, BindAddress inPod) {
    return new BindAddress(LOOPBACK, ports.of(peer, inPod.port()));
  }

  @Override
  public HostPort peer(ObjectKey peer, int proxyPort) {
    return new HostPort(LOOPBACK, ports.of(peer, proxyPort));
  }

  @Override
  public HostPort service(ObjectKey service, int port, int dialled) {
    BackendPort wanted = new BackendPort(service, port);
    HostPort said = resolved.get(wanted);
    if (said != null) {
      return said;
    }
    Optional<String> external =
        objects.service(service).map(Service::getSpec).map(spec -> spec.getExternalName());
    if (external.isPresent()) {
      return new HostPort(external.get(), port);
    }
    unresolved.add(wanted.toString());
    return CLUSTER.service(service, port, dialled);
  }

  @Override
  public String directory(ObjectKey peer) {
    return directory.resolve(peer.namespace()).resolve(peer.name()).toString();
  }

  /** Services of which nobody has said where they are. */
  Set<String> unresolved() {
    return unresolved;
  }
}
