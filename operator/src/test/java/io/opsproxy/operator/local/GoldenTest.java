package io.opsproxy.operator.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.OptionalKind;
import io.opsproxy.operator.render.Options;
import io.opsproxy.operator.render.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is rendered for {@code in-NAME.yaml} stands in {@code out-NAME.yaml}, conditions that a user
 * should read first. {@code -Dgolden.update=true} writes the latter anew, to be read in the diff.
 */
final class GoldenTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/golden");
  private static final String WITHOUT = "# without: ";

  static List<String> cases() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith("in-"))
          .map(name -> name.substring("in-".length()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersAsWritten(String name) throws IOException {
    String text = text(rendered(name));
    Path out = DIRECTORY.resolve("out-" + name);
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(out, text);
    }
    assertThat(text).isEqualTo(Files.readString(out));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersTheSameEachTime(String name) {
    assertThat(text(rendered(name))).isEqualTo(text(rendered(name)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aPeerTakesItsConfigurationAndItsPodsNameItsHash(String name) {
    RenderedMesh mesh = rendered(name);
    assertThat(mesh.peers()).isNotEmpty();
    mesh.peers()
        .forEach(
            (key, rendered) -> {
              String yaml = config(rendered.children());
              assertThat(ConfigLoader.check(yaml, "config.yaml").problems())
                  .as("%s:%n%s", key, yaml)
                  .isEmpty();
              assertThat(rendered.config().orElseThrow().hash()).isEqualTo(Sha256.hex(yaml));
            });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void childrenCarryOurLabelsAndTheirNamesAreTheirOwn(String name) {
    RenderedMesh mesh = rendered(name);
    for (Map.Entry<ObjectKey, io.opsproxy.operator.render.Rendered> peer :
        mesh.peers().entrySet()) {
      assertThat(peer.getValue().children())
          .allSatisfy(
              child -> {
                assertThat(child.getMetadata().getNamespace()).isEqualTo(peer.getKey().namespace());
                assertThat(child.getMetadata().getLabels())
                    .containsEntry(Labels.NAME, "ops-proxy")
                    .containsEntry(Labels.COMPONENT, "peer")
                    .containsEntry(Labels.INSTANCE, peer.getKey().name())
                    .containsEntry(Labels.MANAGED_BY, "ops-proxy-operator");
              });
      // The pods' labels outlive every change of the spec: a selector cannot be changed.
      assertThat(
              only(Deployment.class, peer.getValue().children())
                  .getSpec()
                  .getSelector()
                  .getMatchLabels())
          .isEqualTo(Labels.selector(peer.getKey().name()));
    }
    Function<HasMetadata, String> identity = child -> child.getKind() + " " + ObjectKey.of(child);
    assertThat(mesh.children().stream().map(identity)).doesNotHaveDuplicates();
  }

  private static String config(List<HasMetadata> children) {
    return children.stream()
        .filter(ConfigMap.class::isInstance)
        .map(child -> ((ConfigMap) child).getData().get("config.yaml"))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow();
  }

  private static <T extends HasMetadata> T only(Class<T> kind, List<HasMetadata> children) {
    List<T> found = children.stream().filter(kind::isInstance).map(kind::cast).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  private static RenderedMesh rendered(String name) {
    String text = read("in-" + name);
    ManifestReader reader = new ManifestReader("default");
    reader.read("in-" + name, text);
    assertThat(reader.faults()).isEmpty();
    return RenderedMesh.of(
        reader.manifests().orElseThrow(), kinds(text), Options.forPods("ops-proxy/dataplane:1"));
  }

  private static Set<OptionalKind> kinds(String text) {
    Set<String> without =
        text.lines()
            .filter(line -> line.startsWith(WITHOUT))
            .flatMap(line -> Stream.of(line.substring(WITHOUT.length()).split(", ", -1)))
            .collect(Collectors.toSet());
    Set<OptionalKind> kinds = EnumSet.allOf(OptionalKind.class);
    kinds.removeIf(kind -> without.contains(kind.kind()));
    return kinds;
  }

  private static String text(RenderedMesh mesh) {
    KubernetesSerialization serialization = new KubernetesSerialization();
    StringBuilder text = new StringBuilder();
    mesh.remarks().forEach(remark -> text.append("# ").append(remark).append('\n'));
    for (HasMetadata child : mesh.children()) {
      // The dashboard is a file of its own, and has tests of its own.
      text.append(
          child.getMetadata().getName().endsWith("-dashboard")
              ? "--- # ConfigMap " + ObjectKey.of(child) + "\n"
              : serialization.asYaml(child));
    }
    return text.toString();
  }

  private static String read(String name) {
    try {
      return Files.readString(DIRECTORY.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
