package io.opsproxy.operator.status;

/** Types of conditions, in the order in which they are written. */
public enum ConditionType {
  ACCEPTED("Accepted", "Whether the object is in the configuration of its peer."),
  RESOLVED_REFS("ResolvedRefs", "Whether everything that the object refers to exists."),
  TRUSTED("Trusted", "Whether the peer has a certificate that other peers can believe."),
  PROGRAMMED("Programmed", "Whether the pods have said that they run this configuration."),
  CONNECTED("Connected", "Whether the pods have their links to the remote peers."),
  MESH_OPEN(
      "MeshOpen",
      "True is a warning: whoever reaches the Service from outside may link. Not part of Ready."),
  ADVERTISED("Advertised", "Whether the peers that are linked take the names. Not part of Ready."),
  BACKENDS_HEALTHY("BackendsHealthy", "Whether the pods find endpoints that work."),
  READY("Ready", "The sum of what decides about serving.");

  private final String text;
  private final String meaning;

  ConditionType(String text, String meaning) {
    this.text = text;
    this.meaning = meaning;
  }

  /** As it stands in a status. */
  public String text() {
    return text;
  }

  /** One sentence, for the reference. */
  public String meaning() {
    return meaning;
  }
}
