package io.opsproxy.dataplane.relay;

import io.netty.channel.epoll.Native;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;

/**
 * A non-blocking socket of a chosen family, without a channel. On its loop only, once it has one.
 *
 * <p>Invariant: nothing is asked of the kernel for a socket that is closed. Its descriptor may be
 * another connection's by then, and bytes would go where nobody meant them to go.
 */
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

  private void requireOpen() throws IOException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public int recvAddress(long address, int from, int end) throws IOException {
    requireOpen();
    return super.recvAddress(address, from, end);
  }

  @Override
  public int sendAddress(long address, int from, int end) throws IOException {
    requireOpen();
    return super.sendAddress(address, from, end);
  }

  @Override
  public int send(ByteBuffer bytes, int from, int end) throws IOException {
    requireOpen();
    return super.send(bytes, from, end);
  }

  /**
   * Moves what has been received into a pipe.
   *
   * @return bytes moved; 0 when there is nothing, and at the end
   */
  int spliceInto(Pipes.Pipe pipe) throws IOException {
    requireOpen();
    return Native.splice(intValue(), -1, pipe.in(), -1, pipe.size());
  }

  /**
   * Sends what is in a pipe.
   *
   * @return bytes sent; 0 when there is no room
   */
  int spliceFrom(Pipes.Pipe pipe, int count) throws IOException {
    requireOpen();
    return Native.splice(pipe.out(), -1, intValue(), -1, count);
  }

  /** Sends FIN. */
  void finish() throws IOException {
    requireOpen();
    try {
      shutdown(false, true);
    } catch (NotYetConnectedException e) {
      throw new IOException("it is reset already", e);
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
    if (!isOpen()) {
      return;
    }
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
