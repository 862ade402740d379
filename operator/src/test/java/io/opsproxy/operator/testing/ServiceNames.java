package io.opsproxy.operator.testing;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The cluster's DNS for the peers of this machine: a file of hosts, which their JVM reads at each
 * look-up. A Service's name has the addresses of its ready pods, whatever its type; a name that a
 * test registered has the address that the test gave. Ports are not translated. Thread-safe.
 */
final class ServiceNames {
  private final Path file;
  private final Map<String, String> registered = new ConcurrentHashMap<>();
  private String written = "";

  ServiceNames(Path file) {
    this.file = file;
    update(List.of(), List.of());
  }

  Path file() {
    return file;
  }

  void register(String name, String address) {
    registered.put(name, address);
  }

  /** Writes what follows from these objects. */
  synchronized void update(Collection<Service> services, Collection<Pod> pods) {
    String text = text(services, pods);
    if (text.equals(written)) {
      return;
    }
    try {
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.writeString(next, text);
      Files.move(next, file, ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    written = text;
  }

  /** The addresses of a name as the peers find them now. */
  synchronized List<String> lookUp(String name) {
    return written
        .lines()
        .filter(line -> line.endsWith(" " + name))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }

  private String text(Collection<Service> services, Collection<Pod> pods) {
    StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");
    new TreeMap<>(registered).forEach((name, address) -> line(hosts, address, name));
    for (Service service : services) {
      String name = service.getMetadata().getName() + "." + service.getMetadata().getNamespace();
      if (registered.containsKey(name + ".svc")) {
        continue;
      }
      for (Pod pod : pods) {
        if (isBehind(service, pod)) {
          line(hosts, pod.getStatus().getPodIP(), name);
          line(hosts, pod.getStatus().getPodIP(), name + ".svc");
          line(hosts, pod.getStatus().getPodIP(), name + ".svc.cluster.local");
        }
      }
    }
    return hosts.toString();
  }

  private static void line(StringBuilder hosts, String address, String name) {
    hosts.append(address).append(' ').append(name).append('\n');
  }

  private static boolean isBehind(Service service, Pod pod) {
    Map<String, String> selector = service.getSpec().getSelector();
    return selector != null
        && !selector.isEmpty()
        && service.getMetadata().getNamespace().equals(pod.getMetadata().getNamespace())
        && pod.getMetadata().getLabels().entrySet().containsAll(selector.entrySet())
        && pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus() != null
        && pod.getStatus().getPodIP() != null
        && (PodStatuses.isReady(pod)
            || Boolean.TRUE.equals(service.getSpec().getPublishNotReadyAddresses()));
  }
}
