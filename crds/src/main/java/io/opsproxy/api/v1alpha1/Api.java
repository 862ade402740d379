package io.opsproxy.api.v1alpha1;

/** Where the kinds live. */
public final class Api {
  private Api() {}

  public static final String GROUP = "opsproxy.io";

  public static final String VERSION = "v1alpha1";
}
