package io.opsproxy.operator.cli;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.opsproxy.operator.local.ManifestReader;
import io.opsproxy.operator.local.Manifests;
import io.opsproxy.operator.local.RenderedMesh;
import io.opsproxy.operator.local.RenderedMesh.Remark;
import io.opsproxy.operator.render.Dashboard;
import io.opsproxy.operator.render.OptionalKind;
import io.opsproxy.operator.render.Options;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ops-proxy render}: what the operator would apply, without a cluster. */
@Command(
    name = "render",
    mixinStandardHelpOptions = true,
    description = {
      "Prints what the operator would apply for the objects of some files, as YAML.",
      "The conditions of an object that is refused are on standard error."
    },
    footer = {"", "Exit codes: 0 rendered; 1 an object was refused; 2 wrong usage."})
final class RenderCommand implements Callable<Integer> {
  private static final String DASHBOARD = "dashboard";

  @Mixin private ManifestOptions manifests;
  @Mixin private PeerImage image;
  @Spec private CommandSpec spec;

  @Option(
      names = "--without",
      paramLabel = "KIND",
      split = ",",
      description =
          "optional kinds that the cluster does not know: ServiceMonitor, PodMonitor, PrometheusRule; it knows all by default. And: dashboard, the ConfigMap with Grafana's")
  private List<String> without = List.of();

  @Option(
      names = "--only",
      paramLabel = "KIND",
      split = ",",
      description = "print objects of these kinds alone, such as ConfigMap")
  private List<String> only = List.of();

  @Override
  public Integer call() throws IOException {
    Set<OptionalKind> kinds = kinds();
    ManifestReader reader = manifests.files().read().objects(manifests.namespace());
    reader.faults().forEach(System.err::println);
    Optional<Manifests> objects = reader.manifests();
    if (objects.isEmpty()) {
      return 1;
    }
    RenderedMesh mesh = RenderedMesh.of(objects.get(), kinds, Options.forPods(image.get()));
    List<Remark> remarks = mesh.remarks();
    print(chosen(mesh.children()));
    remarks.forEach(System.err::println);
    Notes.of(objects.get()).forEach(System.err::println);
    boolean nothing = objects.get().peers().isEmpty();
    return nothing || remarks.stream().anyMatch(Remark::refuses) ? 1 : 0;
  }

  private List<HasMetadata> chosen(List<HasMetadata> children) {
    Set<String> kinds =
        children.stream().map(HasMetadata::getKind).collect(Collectors.toCollection(TreeSet::new));
    for (String kind : only) {
      if (!kinds.isEmpty() && !kinds.contains(kind)) {
        throw new ParameterException(
            spec.commandLine(),
            "--only: there is no \"" + kind + "\"; there are " + String.join(", ", kinds));
      }
    }
    return children.stream()
        .filter(child -> only.isEmpty() || only.contains(child.getKind()))
        .filter(child -> !without.contains(DASHBOARD) || !Dashboard.is(child))
        .toList();
  }

  private Set<OptionalKind> kinds() {
    Set<OptionalKind> kinds = EnumSet.allOf(OptionalKind.class);
    for (String name : without) {
      if (name.equals(DASHBOARD)) {
        continue;
      }
      if (!kinds.removeIf(kind -> kind.kind().equals(name)) && !isKind(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "--without: \""
                + name
                + "\" is none of "
                + Arrays.stream(OptionalKind.values())
                    .map(OptionalKind::kind)
                    .collect(Collectors.joining(", "))
                + ", "
                + DASHBOARD);
      }
    }
    return kinds;
  }

  private static boolean isKind(String name) {
    return Arrays.stream(OptionalKind.values()).anyMatch(kind -> kind.kind().equals(name));
  }

  private static void print(List<HasMetadata> objects) {
    KubernetesSerialization serialization = new KubernetesSerialization();
    StringBuilder text = new StringBuilder();
    for (HasMetadata object : objects) {
      String yaml = serialization.asYaml(object);
      text.append(yaml.startsWith("---") ? "" : "---\n").append(yaml);
    }
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    out.print(text);
    out.flush();
  }
}
