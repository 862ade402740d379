package io.opsproxy.dataplane.relay;

import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;

/** A non-blocking socket of a chosen family, without a channel. */
final class KernelSocket extends Socket {
  private static final int IPPROTO_TCP = 6;
  private static final int TCP_KEEPIDLE = 4;
  private static final int TCP_KEEPINTVL = 5;
  private static final int TCP_KEEPCNT = 6;

  /** The descriptor of a socket. */
  KernelSocket(int descriptor) {
    super(descriptor);
  }

  /**
   * A new one.
   *
   * @throws IOException when there is no descriptor left
   */
  static KernelSocket open(boolean ipv6) throws IOException {
    try {
      return new KernelSocket(newSocketStream0(ipv6));
    } catch (io.netty.channel.ChannelException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e);
    }
  }

  void keepalive(DialOptions options) throws IOException {
    if (options.keepalive().isPresent()) {
      setKeepAlive(true);
      setIntOpt(IPPROTO_TCP, TCP_KEEPCNT, options.keepalive().get().probes());
      setIntOpt(IPPROTO_TCP, TCP_KEEPIDLE, options.keepalive().get().timeSeconds());
      setIntOpt(IPPROTO_TCP, TCP_KEEPINTVL, options.keepalive().get().intervalSeconds());
    }
  }

  /** Closes it; with RST, and without what was not sent, if asked for. */
  void end(boolean reset) {
    try {
      if (reset) {
        setSoLinger(0);
      }
    } catch (IOException e) {
      // it is gone already
    }
    try {
      close();
    } catch (IOException e) {
      // the descriptor is free all the same
    }
  }

  /** The same failure without the name of a native function. */
  static IOException plain(IOException cause) {
    String message = String.valueOf(cause.getMessage());
    int words = message.indexOf("): ");
    if (words < 0) {
      return cause;
    }
    String said = message.substring(words + 3);
    if (cause instanceof NoRouteToHostException) {
      return new NoRouteToHostException(said);
    }
    if (cause instanceof ConnectException) {
      return said.startsWith("No route to host")
          ? new NoRouteToHostException(said)
          : new ConnectException(said);
    }
    return cause instanceof Errors.NativeIoException ? new IOException(said) : cause;
  }
}
