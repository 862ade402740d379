package io.opsproxy.dataplane.config.problem;

/**
 * Where a value stands, so that a problem with it can say so.
 *
 * @param layer which of the places that configure a peer
 * @param origin as in {@link Problem#origin}
 * @param path as in {@link Problem#path}
 * @param line as in {@link Problem#line}
 */
public record Source(Layer layer, String origin, String path, int line) {
  public static final Source DEFAULT = new Source(Layer.DEFAULT, "default", "", 0);

  /** The places, in the order in which problems are listed. */
  public enum Layer {
    FILE,
    ENVIRONMENT,
    FLAGS,
    DEFAULT
  }

  public static Source file(String file) {
    return new Source(Layer.FILE, file, "", 0);
  }

  public static Source variable(String name) {
    return new Source(Layer.ENVIRONMENT, "environment", name, 0);
  }

  public static Source flag(String name) {
    return new Source(Layer.FLAGS, "flags", name, 0);
  }

  /** The same file, another place in it. */
  public Source at(String otherPath, int otherLine) {
    return new Source(layer, origin, otherPath, otherLine);
  }

  /** A key of the section that stands here. String.concat, because start-up counts it. */
  public Source key(String name, int keyLine) {
    return at(path.isEmpty() ? name : path.concat(".").concat(name), keyLine);
  }

  /** An item of the list that stands here. Variables have no items to speak of. */
  public Source item(int index, int itemLine) {
    return layer == Layer.FILE ? at(path + "[" + index + "]", itemLine) : this;
  }

  /** The same as another place sees it: a line of another file is named with its file. */
  public String briefFrom(Source other) {
    return line > 0 && !origin.equals(other.origin) ? origin + ":" + line : brief();
  }

  /** For messages that point from one value to another: {@code SERVICE_ADDR}, {@code line 7}. */
  public String brief() {
    return line > 0 ? "line " + line : path;
  }
}
