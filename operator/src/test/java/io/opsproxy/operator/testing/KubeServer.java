package io.opsproxy.operator.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/**
 * etcd, kube-apiserver and kube-controller-manager on loopback, with the project's custom resource
 * definitions in place.
 *
 * <p>Ready about three seconds after its start. The definitions come before the controllers: the
 * garbage collector looks for kinds that came after it only every 30 seconds. Most tests share the
 * one of {@link RealApiServer}, each in namespaces of its own; one that stops or pauses a server
 * starts its own. Thread-safe, but for stopping and starting the API server.
 */
public final class KubeServer implements AutoCloseable {
  private static final Duration READY = Duration.ofMinutes(2);
  private static final Duration STOP = Duration.ofSeconds(10);

  /** Below the range that the kernel gives to outgoing connections. */
  private static final int FIRST_PORT = 20_000;

  private static final int PORTS = 10_000;
  private static final int ATTEMPTS = 5;

  private final KubeBinaries binaries;
  private final boolean controllers;
  private final List<String> flags;
  private final Path directory;
  private final KubeIdentity admin = KubeIdentity.of("admin");

  /**
   * All controllers act as this one caller: an account for each would take seconds at the start.
   */
  private final KubeIdentity manager = KubeIdentity.of("system:kube-controller-manager");

  private AuditLog audit;
  private LeashedProcess etcd;
  private LeashedProcess apiServer;
  private LeashedProcess controllerManager;
  private int port;
  private KubernetesClient client;

  private KubeServer(KubeBinaries binaries, boolean controllers, List<String> flags)
      throws IOException {
    this.binaries = binaries;
    this.controllers = controllers;
    this.flags = List.copyOf(flags);
    directory = Directories.temporary("ops-proxy-kube");
  }

  /**
   * One of the test's own, with controllers.
   *
   * @param flags further ones of the API server
   */
  public static KubeServer start(String... flags) {
    return start(RealApiServerExtension.binaries(true), true, List.of(flags));
  }

  /** Without controllers nothing is garbage collected, and namespaces stay in deletion. */
  static KubeServer start(KubeBinaries binaries, boolean controllers) {
    return start(binaries, controllers, List.of());
  }

  private static KubeServer start(KubeBinaries binaries, boolean controllers, List<String> flags) {
    KubeServer server = null;
    try {
      server = new KubeServer(binaries, controllers, flags);
      server.startAll();
      return server;
    } catch (IOException e) {
      server.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      server.close();
      throw e;
    }
  }

  private void startAll() throws IOException {
    Files.writeString(file("tokens.csv"), admin.line() + manager.line());
    audit = new AuditLog(file("audit.yaml"), file("audit.log"));
    writeServiceAccountKeys();
    startEtcd();
    for (int attempt = 1; !tryPort(); attempt++) {
      if (attempt == ATTEMPTS || !apiServer.log().contains("address already in use")) {
        throw died(apiServer);
      }
    }
    client = newClient(admin.token());
    Files.writeString(kubeconfig(), admin.kubeconfig(url(), certificate()));
    CustomResources.apply(client);
    if (controllers) {
      startControllerManager();
      waitFor(controllerManager, () -> hasDefaultAccount("default"));
    }
  }

  // ---- for tests -----------------------------------------------------------------------------

  /** With all rights. Closed with the server. */
  public KubernetesClient client() {
    return client;
  }

  /** {@code https://127.0.0.1:PORT}; the port stays the same when the API server is restarted. */
  public String url() {
    return "https://127.0.0.1:" + port;
  }

  /** A kubeconfig file with all rights. */
  public Path kubeconfig() {
    return file("kubeconfig");
  }

  /** The configuration of a client with all rights, to be changed as a test needs it. */
  public Config config() {
    return KubeIdentity.client(url(), certificate(), admin.token());
  }

  /** A new namespace in which pods can be made; its name begins with {@code prefix}. */
  public String newNamespace(String prefix) {
    Namespace namespace =
        client
            .resource(
                new NamespaceBuilder()
                    .withNewMetadata()
                    .withGenerateName(prefix + "-")
                    .endMetadata()
                    .build())
            .create();
    String name = namespace.getMetadata().getName();
    if (controllers) {
      waitFor(controllerManager, () -> hasDefaultAccount(name));
    }
    return name;
  }

  /** A client with the rights of a service account, for an hour. The caller closes it. */
  public KubernetesClient clientAs(String namespace, String serviceAccount) {
    return newClient(tokenOf(namespace, serviceAccount));
  }

  /** A kubeconfig file with the rights of a service account, for an hour. */
  public Path kubeconfigAs(String namespace, String serviceAccount) {
    KubeIdentity identity = new KubeIdentity(serviceAccount, tokenOf(namespace, serviceAccount));
    try {
      return Files.writeString(
          file(namespace + "-" + serviceAccount + ".kubeconfig"),
          identity.kubeconfig(url(), certificate()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a service account has asked until now. */
  public List<KubeRequest> requestsOf(String namespace, String serviceAccount) {
    return audit.requestsOf(namespace, serviceAccount);
  }

  /**
   * Runs {@code kubectl} with all rights, in the directory of this module.
   *
   * @return what it wrote
   * @throws AssertionError when it failed
   */
  public String kubectl(String... arguments) {
    return kubectl().run(arguments);
  }

  /**
   * A further API server of this cluster, as on a second control-plane node: the same objects,
   * accounts and certificate. The caller closes it.
   *
   * @param flags beyond those of the first one
   */
  public ApiReplica replica(String... flags) {
    for (int attempt = 1; ; attempt++) {
      int at = anyPort();
      List<String> all = apiServerFlags(at);
      all.addAll(List.of(flags));
      ApiReplica replica =
          new ApiReplica(
              at,
              () -> launch("kube-apiserver", all.toArray(String[]::new)),
              process -> awaitAnswer(process, "https://127.0.0.1:" + at));
      if (replica.start()) {
        return replica;
      }
      if (attempt == ATTEMPTS) {
        throw new IllegalStateException("no further API server would start");
      }
    }
  }

  /** The command that runs {@code kubectl} with all rights, which may not be there. */
  public List<String> kubectlCommand(String... arguments) {
    return kubectl().command(arguments);
  }

  /**
   * Runs {@code helm} in the directory of this module; it knows no cluster.
   *
   * @return what it wrote to standard output
   * @throws AssertionError when it failed
   */
  public String helm(String... arguments) {
    return Helm.run(binaries.path("helm"), arguments);
  }

  private Kubectl kubectl() {
    return new Kubectl(binaries.path("kubectl"), kubeconfig(), file("kubectl-cache"));
  }

  /** Kills the API server; clients find nobody at its port. */
  public void stopApiServer() {
    apiServer.close();
  }

  /** Starts the API server again, with all its objects, and waits until it is ready. */
  public void startApiServer() {
    if (!listen()) {
      throw died(apiServer);
    }
  }

  /** The API server accepts connections and does not answer, until {@link #resumeApiServer}. */
  public void pauseApiServer() {
    apiServer.signal("STOP");
  }

  public void resumeApiServer() {
    apiServer.signal("CONT");
  }

  // ---- servers -------------------------------------------------------------------------------

  private void startEtcd() {
    // The advertised addresses must have a port, but nobody dials them in a cluster of one.
    etcd =
        launch(
            "etcd",
            "--name=test",
            "--data-dir=" + file("etcd"),
            "--unsafe-no-fsync",
            "--log-level=warn",
            "--listen-client-urls=unix://" + file("etcd.sock"),
            "--advertise-client-urls=http://127.0.0.1:1",
            "--listen-peer-urls=unix://" + file("peer.sock"),
            "--initial-advertise-peer-urls=http://127.0.0.1:2",
            "--initial-cluster=test=http://127.0.0.1:2");
    waitFor(etcd, () -> Files.exists(file("etcd.sock")));
  }

  private boolean tryPort() {
    port = anyPort();
    return listen();
  }

  private static int anyPort() {
    return FIRST_PORT + ThreadLocalRandom.current().nextInt(PORTS);
  }

  /** What all API servers of this cluster have in common, but for their port. */
  private List<String> apiServerFlags(int securePort) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--etcd-servers=unix://" + file("etcd.sock"),
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--endpoint-reconciler-type=none",
                "--secure-port=" + securePort,
                // It makes its own certificate there, and finds it again after a restart.
                "--cert-dir=" + file("certificates"),
                "--token-auth-file=" + file("tokens.csv"),
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
                "--service-account-key-file=" + file("account.pub"),
                "--service-account-signing-key-file=" + file("account.key"),
                "--service-cluster-ip-range=10.96.0.0/16",
                "--allow-privileged"));
    all.addAll(audit.flags());
    if (!controllers) {
      // Nobody makes the "default" accounts, without which this plugin lets no pod be created.
      all.add("--disable-admission-plugins=ServiceAccount");
    }
    all.addAll(flags);
    return all;
  }

  /** False when the API server ended before it was ready. */
  private boolean listen() {
    apiServer = launch("kube-apiserver", apiServerFlags(port).toArray(String[]::new));
    return awaitAnswer(apiServer, url());
  }

  /** False when this API server ended before it was ready. */
  private boolean awaitAnswer(LeashedProcess process, String url) {
    KubernetesClient[] asking = new KubernetesClient[1];
    try {
      await(
          process,
          () -> {
            if (!process.isAlive()) {
              return true;
            }
            if (!Files.exists(Path.of(certificate()))) {
              return false;
            }
            if (asking[0] == null) {
              Config config = KubeIdentity.client(url, certificate(), admin.token());
              asking[0] = new KubernetesClientBuilder().withConfig(config).build();
            }
            return answers(asking[0]);
          });
    } finally {
      if (asking[0] != null) {
        asking[0].close();
      }
    }
    return process.isAlive();
  }

  private static boolean answers(KubernetesClient client) {
    try {
      return "ok".equals(client.raw("/readyz"));
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  private void startControllerManager() throws IOException {
    Path kubeconfig = file("controllers.kubeconfig");
    Files.writeString(kubeconfig, manager.kubeconfig(url(), certificate()));
    controllerManager =
        launch(
            "kube-controller-manager",
            "--kubeconfig=" + kubeconfig,
            "--secure-port=0",
            "--leader-elect=false",
            // The node of the tests sends no heartbeat, and keeps its pods nevertheless.
            "--controllers=*,-node-lifecycle-controller,-taint-eviction-controller,"
                + "-pod-garbage-collector-controller",
            "--kube-api-qps=500",
            "--kube-api-burst=1000",
            "--root-ca-file=" + certificate(),
            "--service-account-private-key-file=" + file("account.key"));
  }

  private LeashedProcess launch(String name, String... flags) {
    List<String> command = new ArrayList<>(List.of(binaries.path(name)));
    command.addAll(List.of(flags));
    return LeashedProcess.start(name, file(name + ".log"), null, command);
  }

  // ---- details -------------------------------------------------------------------------------

  private boolean hasDefaultAccount(String namespace) {
    return client.serviceAccounts().inNamespace(namespace).withName("default").get() != null;
  }

  private String tokenOf(String namespace, String serviceAccount) {
    TokenRequest request =
        new TokenRequestBuilder().withNewSpec().withExpirationSeconds(3600L).endSpec().build();
    return client
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(serviceAccount)
        .tokenRequest(request)
        .getStatus()
        .getToken();
  }

  private KubernetesClient newClient(String token) {
    Config config = KubeIdentity.client(url(), certificate(), token);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private void writeServiceAccountKeys() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair pair = generator.generateKeyPair();
      Files.writeString(
          file("account.key"), pem("PRIVATE KEY", pair.getPrivate().getEncoded()), UTF_8);
      Files.writeString(
          file("account.pub"), pem("PUBLIC KEY", pair.getPublic().getEncoded()), UTF_8);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String type, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n";
  }

  private String certificate() {
    return file("certificates").resolve("apiserver.crt").toString();
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private static void waitFor(LeashedProcess process, BooleanSupplier ready) {
    await(process, () -> !process.isAlive() || ready.getAsBoolean());
    if (!process.isAlive()) {
      throw died(process);
    }
  }

  private static void await(LeashedProcess process, BooleanSupplier condition) {
    long deadline = System.nanoTime() + READY.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            process.name()
                + " was not ready after "
                + READY.toSeconds()
                + " s:\n"
                + process.tail());
      }
      process.awaitEnd(Duration.ofMillis(20));
    }
  }

  private static IllegalStateException died(LeashedProcess process) {
    return new IllegalStateException(process.name() + " ended:\n" + process.tail());
  }

  @Override
  public void close() {
    if (client != null) {
      client.close();
    }
    // The API server before etcd: it must not see its storage go away.
    if (controllerManager != null) {
      controllerManager.close();
    }
    if (apiServer != null) {
      apiServer.signal("CONT");
      apiServer.close();
    }
    if (etcd != null) {
      etcd.stop(STOP);
    }
    try {
      Directories.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
