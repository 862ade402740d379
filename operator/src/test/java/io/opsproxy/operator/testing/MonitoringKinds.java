package io.opsproxy.operator.testing;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The kinds of the Prometheus operator, as far as a test needs them: they take any spec. */
public final class MonitoringKinds {
  private static final List<String> KINDS =
      List.of("ServiceMonitor", "PodMonitor", "PrometheusRule");

  private MonitoringKinds() {}

  /** Adds them to a server, and returns when it serves them. */
  public static void install(KubernetesClient client) {
    for (String kind : KINDS) {
      String singular = kind.toLowerCase(Locale.ROOT);
      String definition =
          """
          apiVersion: apiextensions.k8s.io/v1
          kind: CustomResourceDefinition
          metadata: {name: %1$ss.monitoring.coreos.com}
          spec:
            group: monitoring.coreos.com
            scope: Namespaced
            names: {kind: %2$s, plural: %1$ss, singular: %1$s, listKind: %2$sList}
            versions:
            - name: v1
              served: true
              storage: true
              schema:
                openAPIV3Schema:
                  type: object
                  properties:
                    spec: {type: object, x-kubernetes-preserve-unknown-fields: true}
          """
              .formatted(singular, kind);
      client
          .load(new ByteArrayInputStream(definition.getBytes(StandardCharsets.UTF_8)))
          .serverSideApply();
      client
          .apiextensions()
          .v1()
          .customResourceDefinitions()
          .withName(singular + "s.monitoring.coreos.com")
          .waitUntilCondition(CustomResources::isEstablished, 30, TimeUnit.SECONDS);
    }
  }

  /** How many objects of the kind a namespace has. */
  public static int count(KubernetesClient client, String kind, String namespace) {
    return client
        .genericKubernetesResources("monitoring.coreos.com/v1", kind)
        .inNamespace(namespace)
        .list()
        .getItems()
        .size();
  }
}
