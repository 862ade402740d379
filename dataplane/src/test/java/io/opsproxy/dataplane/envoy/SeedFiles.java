package io.opsproxy.dataplane.envoy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The five files of a user of Envoy, of which only addresses, paths and times are changed. */
final class SeedFiles {
  private static final String SECOND_ITEM = "    - endpoint:\n        address:\n";
  private final Path directory;

  SeedFiles(Path directory) {
    this.directory = directory;
    for (String name :
        List.of("envoy.yaml", "lds.yaml", "cds.yaml", "eds_cluster1.yaml", "eds_cluster2.yaml")) {
      try (InputStream in = SeedFiles.class.getResourceAsStream("/config/envoy/" + name)) {
        Files.copy(in, directory.resolve(name));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  Path bootstrap() {
    return directory.resolve("envoy.yaml");
  }

  Path accessLog() {
    return directory.resolve("access.log");
  }

  /** On loopback, with these ports (0: chosen by the system) and checks several times a second. */
  SeedFiles local(int first, int second, int admin) {
    replace("lds.yaml", "0.0.0.0", "127.0.0.1");
    replace("lds.yaml", "port_value: 6443", "port_value: " + first);
    replace("lds.yaml", "port_value: 6444", "port_value: " + second);
    replace("lds.yaml", "/var/log/envoy/access.log", accessLog().toString());
    replace("envoy.yaml", "0.0.0.0", "127.0.0.1");
    replace("envoy.yaml", "port_value: 10000", "port_value: " + admin);
    replace("cds.yaml", "interval: {seconds: 10}", "interval: 0.1s");
    return this;
  }

  /** Checks give up after a second, connects after half of one. */
  SeedFiles impatient() {
    replace("cds.yaml", "timeout: {seconds: 3}", "timeout: 1s");
    replace("cds.yaml", "connect_timeout: 5s", "connect_timeout: 0.5s");
    return this;
  }

  /** These endpoints of a cluster, and no others; written as a careful editor does. */
  SeedFiles endpoints(int cluster, int... ports) {
    write("eds_cluster" + cluster + ".yaml", head(cluster) + items(ports));
    return this;
  }

  /** These endpoints as well, of priority 1. */
  SeedFiles spare(int cluster, int... ports) {
    String name = "eds_cluster" + cluster + ".yaml";
    write(name, read(name) + "  - priority: 1\n    lb_endpoints:\n" + items(ports));
    return this;
  }

  private static String items(int... ports) {
    StringBuilder text = new StringBuilder();
    for (int port : ports) {
      text.append(SECOND_ITEM)
          .append("          socket_address:\n            address: 127.0.0.1\n")
          .append("            port_value: " + port + "\n");
    }
    return text.toString();
  }

  private String head(int cluster) {
    String text = read("eds_cluster" + cluster + ".yaml");
    return text.substring(0, text.indexOf("    - endpoint:"));
  }

  void write(String name, String text) {
    try {
      Path fresh = Files.writeString(directory.resolve(name + ".new"), text);
      Files.move(
          fresh,
          directory.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String read(String name) {
    try {
      return Files.readString(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void replace(String name, String old, String now) {
    String text = read(name);
    if (!text.contains(old)) {
      throw new AssertionError(name + " has no " + old);
    }
    write(name, text.replace(old, now));
  }
}
