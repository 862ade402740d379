package io.opsproxy.operator.testing;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a container becomes a process of this machine.
 *
 * <p>Without a {@code command} it is a peer, whatever its image. The paths of its mounts are
 * replaced in arguments and variables by the directories of the volumes. Its two addresses are set
 * by variables to those of the pod; further listeners of a configuration bind as the file says.
 *
 * @param command with its arguments
 * @param environment all of it
 */
record PeerCommand(List<String> command, Map<String, String> environment) {
  /**
   * @param address the pod's own
   * @param volumes the directory of each volume by its name
   */
  static PeerCommand of(
      Pod pod, Container container, String address, Map<String, Path> volumes, Path hosts) {
    Map<String, String> mounts = new LinkedHashMap<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      mounts.put(mount.getMountPath(), volumes.get(mount.getName()).toString());
    }
    Map<String, String> variables = new HashMap<>();
    for (EnvVar variable : container.getEnv()) {
      String value = value(pod, variable, address);
      variables.put(variable.getName(), moved(expanded(value, variables), mounts));
    }
    List<String> command = new ArrayList<>();
    if (container.getCommand().isEmpty()) {
      command.addAll(java(hosts));
      // As the image has it: these options win over its own.
      if (variables.getOrDefault("JDK_JAVA_OPTIONS", "").contains("-Xmx")) {
        command.remove("-Xmx64m");
      }
      bind(container, address, variables);
    }
    for (String word : container.getCommand()) {
      command.add(moved(expanded(word, variables), mounts));
    }
    for (String word : container.getArgs()) {
      command.add(moved(expanded(word, variables), mounts));
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", hosts.getParent().toString());
    environment.put("MALLOC_ARENA_MAX", "1");
    environment.putAll(variables);
    return new PeerCommand(command, environment);
  }

  private static List<String> java(Path hosts) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xms8m",
        "-Xmx64m",
        "-Xss256k",
        "-XX:-UsePerfData",
        // Names are looked up in this file at each look-up, and what was found is kept a second.
        "-Djdk.net.hosts.file=" + hosts,
        "-Dsun.net.inetaddr.ttl=1",
        "-Dsun.net.inetaddr.negative.ttl=1",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        "io.opsproxy.dataplane.cli.Main");
  }

  /** Each pod has the same ports at an address of its own. */
  private static void bind(Container container, String address, Map<String, String> variables) {
    variables.putIfAbsent("PEER_BIND_ADDR", address + ":" + port(container, "proxy", 6443));
    variables.putIfAbsent("PEER_LISTEN_ADDRESS", address + ":" + port(container, "metrics", 9090));
  }

  private static int port(Container container, String name, int otherwise) {
    return container.getPorts().stream()
        .filter(port -> name.equals(port.getName()))
        .map(port -> port.getContainerPort())
        .findFirst()
        .orElse(otherwise);
  }

  private static String value(Pod pod, EnvVar variable, String address) {
    if (variable.getValueFrom() == null) {
      return variable.getValue() == null ? "" : variable.getValue();
    }
    if (variable.getValueFrom().getFieldRef() == null) {
      throw new IllegalArgumentException(
          "variable " + variable.getName() + ": the test kubelet knows values and fieldRefs only");
    }
    String path = variable.getValueFrom().getFieldRef().getFieldPath();
    return switch (path) {
      case "metadata.name" -> pod.getMetadata().getName();
      case "metadata.namespace" -> pod.getMetadata().getNamespace();
      case "metadata.uid" -> pod.getMetadata().getUid();
      case "spec.nodeName" -> pod.getSpec().getNodeName();
      case "spec.serviceAccountName" -> pod.getSpec().getServiceAccountName();
      case "status.podIP", "status.podIPs" -> address;
      case "status.hostIP" -> "127.0.0.1";
      default ->
          throw new IllegalArgumentException(
              "variable " + variable.getName() + ": the test kubelet does not know " + path);
    };
  }

  private static String expanded(String text, Map<String, String> variables) {
    String result = text;
    for (Map.Entry<String, String> variable : variables.entrySet()) {
      result = result.replace("$(" + variable.getKey() + ")", variable.getValue());
    }
    return result;
  }

  /** With the first mount that stands in it moved; where it is moved to is not looked at again. */
  private static String moved(String text, Map<String, String> mounts) {
    for (Map.Entry<String, String> mount : mounts.entrySet()) {
      int at = text.indexOf(mount.getKey() + "/");
      if (at >= 0) {
        return text.substring(0, at)
            + mount.getValue()
            + text.substring(at + mount.getKey().length());
      }
    }
    return text;
  }
}
