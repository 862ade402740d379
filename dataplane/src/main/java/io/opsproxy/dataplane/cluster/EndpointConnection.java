package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;

/** A connected endpoint; counted with the endpoint until it is released. */
final class EndpointConnection implements Upstream.Connection {
  private static final byte[] NOTHING = new byte[0];
  private final Stream stream;
  private final Endpoint endpoint;
  private final Slots slots;
  private volatile String severed;

  /**
   * @param slots where one is to be given back in the end
   */
  EndpointConnection(Stream stream, Endpoint endpoint, Slots slots) {
    this.stream = stream;
    this.endpoint = endpoint;
    this.slots = slots;
    endpoint.connected();
    endpoint.holds(this);
  }

  @Override
  public Stream stream() {
    return stream;
  }

  @Override
  public String description() {
    return "endpoint " + endpoint.address() + (severed == null ? "" : ", " + severed + ",");
  }

  @Override
  public byte[] early() {
    return NOTHING;
  }

  @Override
  public ErrorReason brokenReason() {
    return ErrorReason.BACKEND_IO_ERROR;
  }

  /** Closes it as if the endpoint had; any thread. */
  void sever(String why) {
    severed = why;
    stream.sever();
  }

  @Override
  public void released() {
    endpoint.released(this);
    slots.giveBack();
  }
}
