package io.opsproxy.operator.status;

import static io.opsproxy.operator.status.State.FALSE;
import static io.opsproxy.operator.status.State.TRUE;
import static io.opsproxy.operator.status.State.UNKNOWN;

/** Why a condition has its value. Scripts of users rest on the words; none is ever renamed. */
public enum Reason {
  ACCEPTED("Accepted", TRUE, "The object is in the configuration of its peer."),
  NAME_CONFLICT(
      "NameConflict",
      FALSE,
      "All names belong to older objects; take other names, or delete them."),
  PARTIAL_NAME_CONFLICT(
      "PartialNameConflict",
      TRUE,
      "Some names belong to older objects; the others are served, and Ready is False."),
  PORT_CONFLICT(
      "PortConflict",
      FALSE,
      "The listenerPort belongs to an older object or to the peer; take another one."),
  PORT_NOT_ALLOWED(
      "PortNotAllowed", FALSE, "The listenerPort is not among the listen.tenantPorts of the peer."),
  HOSTNAME_NOT_ALLOWED(
      "HostnameNotAllowed",
      FALSE,
      "The allowedHostnames of the peer do not give a hostname to this namespace."),
  TOO_LARGE(
      "TooLarge",
      FALSE,
      "The configuration of the peer has no room left for it; attach it to another peer."),
  INVALID_NAME("InvalidName", FALSE, "A hostname is not a name to route by."),
  INVALID_SPEC(
      "InvalidSpec",
      FALSE,
      "The spec has a value that a peer would refuse, or that this operator does not know."),
  NOT_ALLOWED_BY_PEER(
      "NotAllowedByPeer",
      FALSE,
      "The peer does not admit objects of this namespace; its allowedNamespaces say which."),
  NOT_OWNED(
      "NotOwned",
      FALSE,
      "An object with the name of a child belongs to somebody else and is left alone; rename one of them."),
  CHILD_REFUSED(
      "ChildRefused",
      FALSE,
      "The API server does not take an object that the peer needs; the message has its reason."),
  ANYONE_MAY_LINK(
      "AnyoneMayLink",
      TRUE,
      "Whoever reaches the Service from outside may link and bring names; set mesh.legacyPeers."),
  LINKS_BOUNDED(
      "LinksBounded", FALSE, "Only the cluster, or whom mesh.legacyPeers names, may link."),
  APPLY_FAILED(
      "ApplyFailed",
      FALSE,
      "The API server could not apply an object that the peer needs; it is tried again."),
  CONTESTED(
      "Contested",
      FALSE,
      "Somebody else writes an object of the peer as well; the message says what and who."),
  RESOLVED_REFS("ResolvedRefs", TRUE, "Everything that the object refers to exists."),
  PEER_NOT_FOUND("PeerNotFound", FALSE, "There is no ProxyPeer of that name."),
  BACKEND_NOT_FOUND("BackendNotFound", FALSE, "There is no Service of that name."),
  BACKEND_PORT_NOT_FOUND("BackendPortNotFound", FALSE, "The Service has no such port."),
  TRUST_BUNDLE_NOT_FOUND(
      "TrustBundleNotFound",
      FALSE,
      "A ConfigMap of mesh.trust does not exist, or holds no certificates of authorities."),
  KIND_NOT_FOUND(
      "KindNotFound", FALSE, "The cluster does not know the kind of an object that is Enabled."),
  TRUSTED("Trusted", TRUE, "The peer has a certificate, and it is valid."),
  IDENTITY_NOT_READY(
      "IdentityNotReady",
      FALSE,
      "The certificate of the peer cannot be had yet; it is tried again."),
  SECRET_NOT_FOUND(
      "SecretNotFound", FALSE, "The Secret of mesh.identity does not exist; the pods wait for it."),
  INVALID_CERTIFICATE(
      "InvalidCertificate", FALSE, "The Secret holds no certificate that a peer can show."),
  CERTIFICATE_EXPIRED(
      "CertificateExpired", FALSE, "The certificate is outside of its validity: no link holds."),
  EXPIRING("Expiring", TRUE, "The certificate ends soon, and nobody has renewed it."),
  PROGRAMMED("Programmed", TRUE, "The pods have said that they run this configuration."),
  PODS_LAG(
      "PodsLag", FALSE, "Some pods do not run this configuration yet; the message names them."),
  PODS_NOT_STARTED("PodsNotStarted", FALSE, "There are fewer pods than there should be."),
  ROLLOUT_STUCK(
      "RolloutStuck",
      FALSE,
      "Pods of the present template cannot be started; those of the one before go on."),
  NO_READY_POD("NoReadyPod", FALSE, "No pod of the peer is ready."),
  CONFIG_REFUSED(
      "ConfigRefused", FALSE, "A pod refused the configuration; it goes on with the one before."),
  NOT_PROGRAMMED("NotProgrammed", FALSE, "The object is not in the configuration of a peer."),
  CONNECTED("Connected", TRUE, "Every pod has a link to every remote peer."),
  NO_REMOTE_PEERS("NoRemotePeers", TRUE, "No remote peers are configured."),
  DISCONNECTED("Disconnected", FALSE, "Links are missing; status.remotePeers says which, and why."),
  ADVERTISED("Advertised", TRUE, "No linked peer refuses a name."),
  NAME_REFUSED(
      "NameRefused",
      FALSE,
      "A linked peer does not take a name: its mesh.trust does not grant it, or it is taken there."),
  HEALTHY("Healthy", TRUE, "Every pod finds endpoints that work."),
  NO_HEALTHY_ENDPOINT("NoHealthyEndpoint", FALSE, "A pod finds no endpoint that works."),
  PENDING("Pending", UNKNOWN, "Nothing is known yet."),
  READY("Ready", TRUE, "The pods serve what the object asks for.");

  private final String text;
  private final State state;
  private final String meaning;

  Reason(String text, State state, String meaning) {
    this.text = text;
    this.state = state;
    this.meaning = meaning;
  }

  /** As it stands in a status. */
  public String text() {
    return text;
  }

  /** The value of the condition that it explains. */
  public State state() {
    return state;
  }

  /** One sentence, for the reference and where there is no more to say. */
  public String meaning() {
    return meaning;
  }
}
