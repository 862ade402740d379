package io.opsproxy.dataplane.mesh.link;

/** Who dialled a link. */
public enum Direction {
  /** The other side did. */
  IN("in"),
  /** This side did. */
  OUT("out");

  private final String label;

  Direction(String label) {
    this.label = label;
  }

  /** As metrics and the status page have it. */
  public String label() {
    return label;
  }
}
