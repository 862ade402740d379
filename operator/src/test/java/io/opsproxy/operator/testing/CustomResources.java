package io.opsproxy.operator.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The project's custom resource definitions, as they are installed: {@code crds/manifests}. */
final class CustomResources {
  private static final Path MANIFESTS = Path.of("..", "crds", "manifests");

  private CustomResources() {}

  /** Applies them, and returns when the server serves their kinds. */
  static void apply(KubernetesClient client) {
    List<CustomResourceDefinition> definitions = read(client);
    if (definitions.isEmpty()) {
      throw new IllegalStateException("no CustomResourceDefinition in " + MANIFESTS);
    }
    definitions.forEach(definition -> client.resource(definition).serverSideApply());
    for (CustomResourceDefinition definition : definitions) {
      client.resource(definition).waitUntilCondition(CustomResources::isEstablished, 30, SECONDS);
    }
  }

  private static List<CustomResourceDefinition> read(KubernetesClient client) {
    try (Stream<Path> files = Files.list(MANIFESTS)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted()
          .flatMap(file -> items(client, file).stream())
          .filter(CustomResourceDefinition.class::isInstance)
          .map(CustomResourceDefinition.class::cast)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<HasMetadata> items(KubernetesClient client, Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      return client.load(stream).items();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static boolean isEstablished(CustomResourceDefinition definition) {
    return definition != null
        && definition.getStatus() != null
        && definition.getStatus().getConditions() != null
        && definition.getStatus().getConditions().stream()
            .anyMatch(
                condition ->
                    condition.getType().equals("Established")
                        && condition.getStatus().equals("True"));
  }
}
