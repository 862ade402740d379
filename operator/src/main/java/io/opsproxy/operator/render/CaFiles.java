package io.opsproxy.operator.render;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Certificates that stand beside the configuration of a peer, named after what is in them. */
final class CaFiles {
  private final String directory;
  private final SortedMap<String, String> files = new TreeMap<>();

  /**
   * @param directory where the peer finds them
   */
  CaFiles(String directory) {
    this.directory = directory;
  }

  /** Takes a file, once; gives the path under which the peer finds it. */
  String add(String pem) {
    String name = name(pem);
    files.put(name, pem);
    return directory + "/" + name;
  }

  /** The name of a file with this text. */
  static String name(String pem) {
    return "ca-" + Sha256.hex(pem).substring(0, 16) + ".pem";
  }

  /** All that were taken, by name. */
  Map<String, String> files() {
    return Collections.unmodifiableSortedMap(files);
  }
}
