package io.opsproxy.operator.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.operator.app.OperatorProcess;
import io.opsproxy.operator.app.OperatorSettings;
import io.opsproxy.operator.render.Labels;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ops-proxy operator}: runs the operator until SIGTERM. */
@Command(
    name = "operator",
    mixinStandardHelpOptions = true,
    description = "Runs the Kubernetes operator: ProxyPeer and ExposedService objects become pods.",
    footer = {"", "Exit codes: 0 stopped by a signal; 1 a setting was refused; 2 wrong usage."})
final class OperatorCommand implements Callable<Integer> {
  /** Of SPIFFE-ID 2.1. */
  private static final Pattern DOMAIN = Pattern.compile("[a-z0-9._-]{1,255}");

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "how to reach the cluster (KUBECONFIG); the pod's own account, or ~/.kube/config, by default")
  private File kubeconfig;

  @Option(
      names = "--namespaces",
      paramLabel = "A,B",
      split = ",",
      description = "namespaces that are watched (WATCH_NAMESPACES); all by default")
  private List<String> namespaces;

  @Option(
      names = "--admin-address",
      paramLabel = "ADDRESS",
      description =
          "address of /healthz, /readyz and /metrics (OPERATOR_ADMIN_ADDRESS); :8081 by default")
  private String adminAddress;

  @Option(
      names = "--leader-elect",
      description = "of several operators only the one that holds a lease works")
  private boolean leaderElect;

  @Option(
      names = "--mesh-domain",
      paramLabel = "DOMAIN",
      description =
          "domain of the ids of peers whose certificates the operator issues (MESH_DOMAIN); made of the uid of kube-system by default")
  private String meshDomain;

  @Mixin private PeerImage image;

  private final Map<String, String> environment = System.getenv();

  @Override
  public Integer call() throws IOException, InterruptedException {
    BindAddress admin;
    try {
      admin = BindAddress.parse(chosen(adminAddress, "OPERATOR_ADMIN_ADDRESS", ":8081"));
    } catch (IllegalArgumentException e) {
      System.err.println("--admin-address: " + e.getMessage());
      return 1;
    }
    if (kubeconfig != null && !kubeconfig.canRead()) {
      System.err.println("--kubeconfig: " + kubeconfig + " cannot be read");
      return 1;
    }
    String domain = chosen(meshDomain, "MESH_DOMAIN", "");
    if (!domain.isEmpty() && !DOMAIN.matcher(domain).matches()) {
      System.err.println(
          "--mesh-domain: \""
              + domain
              + "\" is no domain; write lower-case letters, digits, dots and hyphens");
      return 1;
    }
    Config config;
    try {
      config = kubeconfig == null ? Config.autoConfigure(null) : Config.fromKubeconfig(kubeconfig);
    } catch (KubernetesClientException | IllegalArgumentException e) {
      System.err.println(
          (kubeconfig == null ? "KUBECONFIG" : "--kubeconfig: " + kubeconfig)
              + " is no kubeconfig: "
              + e.getMessage());
      return 1;
    }
    // What fails is tried again where it is known what for, and with a pause that all share.
    config = new ConfigBuilder(config).withRequestRetryBackoffLimit(0).build();
    OperatorSettings settings =
        new OperatorSettings(
            namespaces(),
            admin.resolve(),
            leaderElect,
            environment.getOrDefault("POD_NAME", "operator") + "-" + UUID.randomUUID(),
            environment.getOrDefault(
                "POD_NAMESPACE", config.getNamespace() == null ? "default" : config.getNamespace()),
            environment.getOrDefault("OPERATOR_LEASE_NAME", Labels.MANAGER),
            domain.isEmpty() ? Optional.empty() : Optional.of(domain),
            image.get());
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      OperatorProcess process = new OperatorProcess(client, settings);
      CountDownLatch stopped = new CountDownLatch(1);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    process.close();
                    stopped.countDown();
                  },
                  "operator-stop"));
      stopped.await();
    }
    return 0;
  }

  private List<String> namespaces() {
    if (namespaces != null) {
      return namespaces;
    }
    return Arrays.stream(environment.getOrDefault("WATCH_NAMESPACES", "").split(","))
        .map(String::strip)
        .filter(one -> !one.isEmpty())
        .toList();
  }

  private String chosen(String option, String variable, String fallback) {
    return option != null ? option : environment.getOrDefault(variable, fallback);
  }
}
