package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;

/** A connected endpoint; counted with the endpoint until it is released. */
final class EndpointConnection implements Upstream.Connection {
  private static final byte[] NOTHING = new byte[0];
  private final Stream stream;
  private final Endpoint endpoint;

  EndpointConnection(Stream stream, Endpoint endpoint) {
    this.stream = stream;
    this.endpoint = endpoint;
    endpoint.opened();
  }

  @Override
  public Stream stream() {
    return stream;
  }

  @Override
  public String description() {
    return "endpoint " + endpoint.address();
  }

  @Override
  public byte[] early() {
    return NOTHING;
  }

  @Override
  public ErrorReason brokenReason() {
    return ErrorReason.BACKEND_IO_ERROR;
  }

  @Override
  public void released() {
    endpoint.closed();
  }
}
