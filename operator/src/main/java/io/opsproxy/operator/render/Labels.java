package io.opsproxy.operator.render;

import java.util.LinkedHashMap;
import java.util.Map;

/** Labels and annotations of children. */
public final class Labels {
  /** Whose object it is; also the field manager. */
  public static final String MANAGER = "ops-proxy-operator";

  public static final String NAME = "app.kubernetes.io/name";
  public static final String COMPONENT = "app.kubernetes.io/component";
  public static final String INSTANCE = "app.kubernetes.io/instance";
  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

  /** On the Service whose pods the monitors scrape, and on no other. */
  public static final String SCRAPE = "opsproxy.io/scrape";

  /** Annotation of pods: what the kubelet is to look for in the ConfigMap. */
  public static final String CONFIG_HASH = "opsproxy.io/config-hash";

  private Labels() {}

  /** Labels by which the pods of a peer are selected; they never change. */
  public static Map<String, String> selector(String peer) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(NAME, "ops-proxy");
    labels.put(COMPONENT, "peer");
    labels.put(INSTANCE, peer);
    return labels;
  }

  /** Labels of every child; those of the user come first and cannot displace ours. */
  static Map<String, String> of(String peer, Map<String, String> further) {
    Map<String, String> labels = new LinkedHashMap<>(further);
    labels.putAll(selector(peer));
    labels.put(MANAGED_BY, MANAGER);
    return labels;
  }
}
