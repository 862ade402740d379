package io.opsproxy.dataplane.admin;

/** Why a reader of the status pages is not served. */
public enum PageRefusal {
  /** Its request did not come whole in time. */
  REQUEST_TIMEOUT("request_timeout"),
  /** It did not take its answer in time. */
  SLOW_READER("slow_reader"),
  /** It gave way to another connection or answer. */
  SHED("shed"),
  /** There was no room for its connection or its answer. */
  BUSY("busy"),
  /** Its request is malformed, too large, or asks for something that is no filter. */
  BAD_REQUEST("bad_request");

  private final String label;

  PageRefusal(String label) {
    this.label = label;
  }

  /** Its value in metrics. */
  public String label() {
    return label;
  }
}
