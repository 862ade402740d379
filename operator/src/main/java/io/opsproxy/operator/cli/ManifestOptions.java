package io.opsproxy.operator.cli;

import io.opsproxy.operator.local.ManifestFiles;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Option;

/** The objects that a command works on. */
final class ManifestOptions {
  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE",
      arity = "1..*",
      required = true,
      description =
          "files with ProxyPeer and ExposedService objects, directories of such files, - for standard input")
  private List<String> files;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      defaultValue = "default",
      description = "namespace of objects that name none; ${DEFAULT-VALUE}")
  private String namespace;

  ManifestFiles files() throws IOException {
    return new ManifestFiles(files, System.in);
  }

  String namespace() {
    return namespace;
  }
}
