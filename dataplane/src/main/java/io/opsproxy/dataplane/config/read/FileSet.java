package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import io.opsproxy.dataplane.config.yaml.YamlParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that one configuration is made of, each read once, in the order in which they are
 * named. A file that is named and missing belongs to it too: it may come.
 */
public final class FileSet {
  private final Map<Path, ConfigFile> contents = new LinkedHashMap<>();
  private final Problems problems;
  private final boolean reload;

  /**
   * @param reload whether a configuration is in force already
   */
  public FileSet(Problems problems, boolean reload) {
    this.problems = problems;
    this.reload = reload;
  }

  /**
   * Reads the configuration file itself. Where it is not there, the same name with {@code .gz}
   * counts, as large configurations come in a ConfigMap; whichever appears later is a change.
   */
  public ConfigFile main(Path path, Source origin) {
    ConfigFile plain = ConfigFile.read(path, origin, problems);
    add(path, plain);
    if (!plain.missing()) {
      return plain;
    }
    Path packed = path.resolveSibling(path.getFileName() + ".gz");
    ConfigFile unpacked = ConfigFile.read(packed, origin, problems);
    add(packed, unpacked);
    return unpacked;
  }

  /** Adds a file that has been read. */
  void add(Path path, ConfigFile file) {
    contents.put(path, file);
  }

  /**
   * Reads a file that another one names. Null when there is nothing to read in it; that is
   * reported, a missing file where it is named. An empty one is an error only where a configuration
   * is in force, which then goes on: it is mostly a file that is just being written. At the start
   * it is how installers begin, who move the real file in place later.
   */
  public YamlNode read(Sourced<Path> path, Source file) {
    ConfigFile read = contents.get(path.value());
    if (read == null) {
      read = ConfigFile.read(path.value(), file, problems);
      add(path.value(), read);
    }
    if (read.missing()) {
      problems.error(
          path.at(),
          "there is no such file as " + Quoted.of(file.origin()),
          "create it, or name the right one; paths are relative to the file that names them");
      return null;
    }
    int errors = problems.errors();
    String text = read.readable() ? read.text(file, problems) : null;
    YamlNode root = text == null ? null : YamlParser.parse(text, file, problems);
    if (root == null && read.readable() && problems.errors() == errors) {
      String remedy = "write resources: [] when there are none";
      if (reload) {
        problems.error(file, "the file is empty", remedy);
      } else {
        problems.warning(file, "the file is empty, and what it is for comes later", remedy);
      }
    }
    return root;
  }

  /** All of them, missing ones included. */
  public List<Path> paths() {
    return List.copyOf(contents.keySet());
  }

  /** Over the bytes of all files in this order; of one file, that of its bytes. */
  public String hash() {
    return ConfigFile.hash(contents.values());
  }

  /** The hash of the files as they are now. */
  public static String hashOf(List<Path> paths) {
    List<ConfigFile> files = new ArrayList<>();
    for (Path path : paths) {
      files.add(ConfigFile.read(path, Source.file(""), new Problems()));
    }
    return ConfigFile.hash(files);
  }
}
