package io.opsproxy.operator.local;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.opsproxy.api.v1alpha1.Admin;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.operator.local.ManifestFiles.Contents;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.OptionalKind;
import io.opsproxy.operator.render.Options;
import io.opsproxy.operator.render.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The peers of some files as processes of this machine: one for each ProxyPeer, whatever its
 * replicas. Follows the files; whatever is wrong with them is said, and what ran before goes on.
 *
 * <p>{@link #start} and {@link #follow} belong to one thread; {@link #close} to any.
 */
public final class LocalMesh implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(200);

  /** Beyond the longest drain time of a peer. */
  private static final Duration LEEWAY = Duration.ofSeconds(5);

  private final Settings settings;
  private final ManifestFiles files;
  private final Console console;
  private final Path directory;
  private final LocalAuthority authority = new LocalAuthority();
  private final Ports ports = new Ports();
  private final Map<ObjectKey, Running> running = new TreeMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private Contents taken;
  private Set<String> said = Set.of();

  /**
   * What the user decides.
   *
   * @param namespace of objects that name none
   * @param peerImage of peers whose template names none; nothing here runs it
   * @param resolved where ports of Services are
   * @param pause before a peer that ended is started again, the first time
   */
  public record Settings(
      String namespace, String peerImage, Map<BackendPort, HostPort> resolved, Duration pause) {}

  /**
   * @param restartsWith what a peer reads at its start only; another value needs another process
   */
  private record Running(
      LocalPeer peer,
      PeerFiles files,
      Addresses addresses,
      List<Object> restartsWith,
      Duration drain) {}

  public LocalMesh(Settings settings, ManifestFiles files, Console console) throws IOException {
    this.settings = settings;
    this.files = files;
    this.console = console;
    directory = Files.createTempDirectory("ops-proxy-up-");
  }

  /**
   * Runs what the files say.
   *
   * @return false when they cannot be taken, or nothing is left to run; why has been said
   */
  public boolean start() throws IOException {
    taken = files.read();
    return apply(taken) && !running.isEmpty();
  }

  /** Follows the files until it is closed. */
  public void follow() throws InterruptedException, IOException {
    Contents last = taken;
    while (!closed.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
      Contents now = files.read();
      // What rests is read: an editor or a checkout may be half-way through.
      if (now.equals(last) && !now.equals(taken)) {
        taken = now;
        apply(now);
      }
      last = now;
    }
  }

  /** Of the process of a peer, if it runs. */
  public OptionalLong pid(ObjectKey peer) {
    synchronized (running) {
      Running one = running.get(peer);
      return one == null ? OptionalLong.empty() : one.peer().pid();
    }
  }

  /** Where a peer is found; empty when the files have none of that name. */
  public Optional<Addresses> addresses(ObjectKey peer) {
    synchronized (running) {
      return Optional.ofNullable(running.get(peer)).map(Running::addresses);
    }
  }

  private boolean apply(Contents contents) throws IOException {
    ManifestReader reader = contents.objects(settings.namespace());
    Optional<Manifests> objects = reader.manifests();
    if (objects.isEmpty()) {
      reader.faults().forEach(fault -> console.say(fault.toString()));
      console.say(
          running.isEmpty()
              ? "nothing was started"
              : "the files are not taken; all goes on as before");
      return false;
    }
    LocalSite site = new LocalSite(directory, ports, settings.resolved(), objects.get());
    reservePorts(objects.get());
    RenderedMesh mesh =
        RenderedMesh.of(
            objects.get(),
            EnumSet.allOf(OptionalKind.class),
            new Options(settings.peerImage(), site, authority.issuer(objects.get())));
    say(mesh, site, objects.get());
    synchronized (running) {
      if (closed.getCount() == 0) {
        return false;
      }
      stopAllBut(objects.get().peers().keySet());
      for (Map.Entry<ObjectKey, Rendered> one : mesh.peers().entrySet()) {
        if (one.getValue().config().isPresent()) {
          run(one.getKey(), objects.get(), one.getValue());
        }
      }
    }
    return true;
  }

  /** In the order of the peers, so that it is always the same one that has its own numbers. */
  private void reservePorts(Manifests objects) {
    objects
        .peers()
        .forEach(
            (key, peer) -> {
              ports.of(key, peer.getSpec().listen().proxyPort());
              ports.of(key, peer.getSpec().listen().metricsPort());
            });
  }

  /** Once each, until it no longer holds. */
  private void say(RenderedMesh mesh, LocalSite site, Manifests objects) {
    Set<String> now = new LinkedHashSet<>();
    mesh.remarks().forEach(remark -> now.add(remark.toString()));
    for (String port : site.unresolved()) {
      now.add(
          "Service " + port + ": nobody says where it is; say --resolve " + port + "=HOST:PORT");
    }
    if (objects.peers().isEmpty()) {
      now.add("no ProxyPeer in the files");
    }
    now.stream().filter(line -> !said.contains(line)).forEach(console::say);
    said = now;
  }

  private void stopAllBut(Set<ObjectKey> wanted) {
    for (ObjectKey key : new HashSet<>(running.keySet())) {
      if (!wanted.contains(key)) {
        Running one = running.remove(key);
        one.peer().close();
        ports.release(key);
        Thread end =
            new Thread(
                () -> {
                  try {
                    one.peer().awaitEnd(one.drain());
                    one.files().delete();
                    console.say("peer " + key + " is gone");
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "end-" + key);
        end.setDaemon(true);
        end.start();
      }
    }
  }

  private void run(ObjectKey key, Manifests objects, Rendered rendered) throws IOException {
    ProxyPeer peer = objects.peers().get(key);
    Addresses addresses = Addresses.of(key, peer.getSpec(), rendered, ports);
    Admin admin = peer.getSpec().admin();
    List<Object> restartsWith = List.of(template(rendered), admin);
    Running before = running.get(key);
    PeerFiles own =
        before == null
            ? new PeerFiles(directory.resolve(key.namespace()).resolve(key.name()))
            : before.files();
    own.write(rendered.config().orElseThrow(), authority.identity(peer, objects));
    LocalPeer process =
        before == null
            ? new LocalPeer(key, own.config(), addresses, settings.pause(), console)
            : before.peer();
    Duration drain =
        Duration.ofSeconds(template(rendered).getSpec().getTerminationGracePeriodSeconds())
            .plus(LEEWAY);
    running.put(key, new Running(process, own, addresses, restartsWith, drain));
    if (before == null) {
      process.start();
    } else if (!before.restartsWith().equals(restartsWith)) {
      console.say("peer " + key + " is started anew: its pods would be, too");
      process.restart(addresses);
    } else {
      process.addresses(addresses);
    }
  }

  private static PodTemplateSpec template(Rendered rendered) {
    return rendered.children().stream()
        .filter(Deployment.class::isInstance)
        .map(child -> ((Deployment) child).getSpec().getTemplate())
        .findFirst()
        .orElseThrow();
  }

  /** Ends all peers in good order and waits for them. */
  @Override
  public void close() {
    List<Running> all;
    synchronized (running) {
      closed.countDown();
      all = new ArrayList<>(running.values());
      running.clear();
    }
    all.forEach(one -> one.peer().close());
    try {
      for (Running one : all) {
        one.peer().awaitEnd(one.drain());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (Stream<Path> left = Files.walk(directory)) {
      for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      console.say("left behind: " + directory);
    }
  }
}
