package io.opsproxy.dataplane.relay;

import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.NativeInetAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listening socket on one loop, which takes connections in batches. On that loop only. */
final class KernelAcceptor implements EpollIoHandle {
  private static final Logger log = LoggerFactory.getLogger(KernelAcceptor.class);
  private static final int BATCH = 64;
  private static final long PAUSE_MILLIS = 100;
  private final KernelSocket socket;
  private final KernelLoop loop;
  private final Descriptors descriptors;
  private final BiConsumer<KernelSocket, InetSocketAddress> accepted;
  private final Runnable refused;
  private final byte[] address = new byte[26];
  private IoRegistration registration;
  private long lastWarning;

  /**
   * @param accepted gets each, with the address of its other end and a place among the descriptors
   * @param refused runs for each that was reset because there is no place
   */
  KernelAcceptor(
      KernelSocket socket,
      KernelLoop loop,
      Descriptors descriptors,
      BiConsumer<KernelSocket, InetSocketAddress> accepted,
      Runnable refused) {
    this.socket = socket;
    this.loop = loop;
    this.descriptors = descriptors;
    this.accepted = accepted;
    this.refused = refused;
  }

  void start() {
    registration = loop.ioLoop().register(this).getNow();
    registration.submit(EpollIoOps.EPOLLIN);
  }

  @Override
  public FileDescriptor fd() {
    return socket;
  }

  /** Level-triggered: what a batch leaves is reported again. */
  @Override
  public void handle(IoRegistration from, IoEvent event) {
    try {
      for (int i = 0; i < BATCH; i++) {
        int descriptor = socket.accept(address);
        if (descriptor < 0) {
          return;
        }
        KernelSocket one = new KernelSocket(descriptor);
        if (descriptors.takeForAccepted()) {
          accepted.accept(one, NativeInetAddress.address(address, 1, address[0]));
        } else {
          one.end(true);
          refused.run();
        }
      }
    } catch (IOException e) {
      pause(e);
    }
  }

  /** The pending connection stays readable, so without a pause the loop would spin on it. */
  private void pause(IOException cause) {
    registration.submit(EpollIoOps.NONE);
    loop.loop()
        .schedule(
            () -> {
              if (socket.isOpen()) {
                registration.submit(EpollIoOps.EPOLLIN);
              }
            },
            PAUSE_MILLIS,
            TimeUnit.MILLISECONDS);
    long now = System.nanoTime();
    if (now - lastWarning > TimeUnit.SECONDS.toNanos(10)) {
      lastWarning = now;
      log.warn(
          "accept on {} failed, trying again every {} ms: {}",
          socket.localAddress(),
          PAUSE_MILLIS,
          cause.toString());
    }
  }

  /** Stops listening. */
  @Override
  public void close() {
    if (socket.isOpen()) {
      socket.end(false);
      registration.cancel();
    }
  }
}
