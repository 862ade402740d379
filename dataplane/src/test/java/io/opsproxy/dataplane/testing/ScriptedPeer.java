package io.opsproxy.dataplane.testing;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A v1 peer that does what a test tells it, in either dialect, over plain sockets. It can dial the
 * peer under test, and it listens, so that it can be dialled.
 */
public final class ScriptedPeer implements AutoCloseable {
  private final Backend listener = Backend.queueing();
  private final List<Wire> wires = new ArrayList<>();
  private final String id;

  public ScriptedPeer(String id) {
    this.id = id;
  }

  public String address() {
    return listener.address();
  }

  /** {@code id:host:port:}, as the Go peers send it before the first item. */
  public String prefix() {
    return id + ":" + address() + ":";
  }

  private Wire keep(Wire wire) {
    synchronized (wires) {
      wires.add(wire);
    }
    return wire;
  }

  /** A control connection that has not said anything yet. */
  public Wire dial(PeerUnderTest peer) {
    return keep(peer.client());
  }

  /** Registers these items in the documented form, and reads OK and SYNC. */
  public Wire register(PeerUnderTest peer, String items) {
    return introduce(dial(peer), items);
  }

  /** The same in the Go peers' form. */
  public Wire registerPrefixed(PeerUnderTest peer, String items) {
    return introduce(dial(peer), prefix() + items);
  }

  private static Wire introduce(Wire control, String registration) {
    control.send("REGISTER:" + registration + "\n");
    expect(control, "OK:");
    expect(control, "SYNC:");
    return control;
  }

  private static String expect(Wire control, String start) {
    String line = control.line();
    if (!line.startsWith(start)) {
      throw new AssertionError("expected " + start + "…, got " + line);
    }
    return line;
  }

  /** The next connection that the peer under test opens to this one. */
  public Wire accept() {
    return keep(listener.accept());
  }

  public boolean isAsked() {
    return listener.isAsked();
  }

  public int accepted() {
    return listener.accepted();
  }

  /** A FORWARD line, taken apart. */
  public record Forward(String id, String name, String backend) {
    public static Forward of(String line) {
      String[] fields = line.split(":", 4);
      if (!fields[0].equals("FORWARD") || fields.length != 4) {
        throw new AssertionError("expected FORWARD:id:name:backend, got " + line);
      }
      return new Forward(fields[1], fields[2], fields[3]);
    }
  }

  /** Reads the next FORWARD. */
  public static Forward forward(Wire control) {
    return Forward.of(control.line());
  }

  /** Opens the DATA connection for a forward, with bytes that share its first segment. */
  public Wire data(PeerUnderTest peer, String forwardId, String early) {
    return keep(peer.client().send("DATA:" + forwardId + "\n" + early));
  }

  /** Serves every FORWARD of a control connection on a thread of its own, until that ends. */
  public void serve(PeerUnderTest peer, Wire control, Consumer<Wire> handler) {
    Backend.daemon(
        id + "-control",
        () -> {
          while (true) {
            String line;
            try {
              line = control.line();
            } catch (AssertionError ended) {
              return;
            }
            if (line.startsWith("FORWARD:")) {
              String forwardId = Forward.of(line).id();
              Backend.daemon(id + "-data", () -> serveOne(peer, forwardId, handler));
            }
          }
        });
  }

  private static void serveOne(PeerUnderTest peer, String forwardId, Consumer<Wire> handler) {
    try (Wire data = peer.client()) {
      data.send("DATA:" + forwardId + "\n");
      handler.accept(data);
    } catch (UncheckedIOException | AssertionError e) {
      // the client went away
    }
  }

  @Override
  public void close() {
    synchronized (wires) {
      wires.forEach(Wire::close);
    }
    listener.close();
  }
}
