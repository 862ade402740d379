package io.opsproxy.dataplane.mesh.link;

import java.util.Locale;

/** Why a link was closed: the values of the metric label {@code reason}. */
public enum LinkEnd {
  /** The other side closed it. */
  ENDED,
  /** It was reset, or failed. */
  BROKEN,
  /** Nothing was heard for too long. */
  SILENT,
  /** One side did not accept the other's registration. */
  REFUSED,
  /** A line was longer than allowed. */
  LINE_TOO_LONG,
  /** Its peer changed its names without end. */
  NAMES_CHURN,
  /** A newer link had taken its place. */
  REPLACED,
  /** This peer, or its configuration, did not want it any more. */
  UNWANTED;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The label's value. */
  public String label() {
    return label;
  }
}
