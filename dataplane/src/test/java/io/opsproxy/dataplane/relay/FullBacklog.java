package io.opsproxy.dataplane.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A listening socket whose backlog is full: the kernel answers no further SYN. */
public final class FullBacklog implements AutoCloseable {
  private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final List<Socket> waiting = new ArrayList<>();

  public FullBacklog() throws IOException {
    for (int i = 0; i < 8; i++) {
      Socket one = new Socket();
      waiting.add(one);
      try {
        one.connect(address(), 100);
      } catch (IOException full) {
        return;
      }
    }
  }

  /** What gets no answer. */
  public InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  @Override
  public void close() throws IOException {
    for (Socket one : waiting) {
      one.close();
    }
    socket.close();
  }
}
