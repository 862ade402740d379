package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.config.value.HostName;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One message of protocol v2, parsed. {@link MessageCodec} reads and writes them; {@code
 * design/protocol-v2.md} is the reference.
 */
sealed interface Message {

  // on a link

  /**
   * First on a link, from either side.
   *
   * @param instance of this process: 16 random bytes in hex
   * @param name what the sender calls itself, for people
   * @param address where it can be dialled, {@code host:port}
   * @param weight its share among the owners of a name, 1-100
   * @param always whether it wants every stream encrypted
   */
  record Hello(
      int version, String instance, String name, String address, int weight, boolean always)
      implements Message {}

  /**
   * The answer of the side that was dialled: the link is up.
   *
   * @param session names this link on its data connections, in hex
   * @param key what their tokens are made with, in hex
   */
  record Welcome(String session, String key) implements Message {}

  /** The sender serves this name. */
  record Add(long seq, HostName name) implements Message {}

  /**
   * The name does not come here by the sender any more.
   *
   * @param owner the {@link Route}'s; empty: the sender does not serve it any more
   */
  record Remove(long seq, HostName name, String owner) implements Message {}

  /**
   * What became of a name.
   *
   * @param seq of the {@link Add} or {@link Route}
   * @param reason empty when it is in force, else the word of the metric
   * @param message for people; empty as well
   * @param owner the {@link Route}'s; empty: the sender of {@link Add}
   */
  record Ack(long seq, HostName name, String reason, String message, String owner)
      implements Message {}

  /**
   * Certificates that {@link Route}s after it speak of.
   *
   * @param number given by the sender; a later one with the same number takes its place
   * @param chain DER, the owner's first
   */
  record Origin(int number, List<ByteBuffer> chain) implements Message {
    public Origin {
      chain = List.copyOf(chain);
    }
  }

  /**
   * A name that another peer serves can be reached by the sender; or, of the sender's own name, the
   * signature that the receiver may pass on.
   *
   * @param origin the number of the owner's certificates; 0: not signed, as replicas tell each
   *     other what they know otherwise
   * @param owner id of the peer that serves the name; empty where it has none
   * @param instance which of the owner's processes has signed
   * @param issued when, in milliseconds since 1970
   * @param weight the owner's share among owners, 1-100
   * @param path ids of the peers on the way to the owner, the sender's first, the owner's left out
   */
  record Route(
      long seq,
      HostName name,
      int origin,
      String owner,
      String instance,
      long issued,
      int weight,
      List<String> path,
      ByteBuffer signature)
      implements Message {
    public Route {
      path = List.copyOf(path);
    }
  }

  /** Whether the sender passes names on, and wants the receiver's signatures for it. */
  record Carry(boolean on) implements Message {}

  /** Answered by {@link Pong} with the same number. */
  record Ping(long stamp) implements Message {}

  /** The answer to {@link Ping}. */
  record Pong(long stamp) implements Message {}

  /** The side that dialled is to dial so many data connections more. */
  record Want(int count, boolean secure) implements Message {}

  // on a data connection

  /**
   * First on a data connection, from the side that dialled.
   *
   * @param session of the link that it belongs to
   * @param number no other connection of the session has it
   * @param mac over all of it, with the session's key, in hex
   * @param yours whether the receiver is to open streams on it
   */
  record Join(String session, long number, boolean yours, String mac) implements Message {}

  /**
   * A stream to a name that the receiver serves or passes on; the client's bytes follow at once.
   *
   * @param name as it was told by {@link Add}
   * @param source the client, {@code host:port}; empty when not known
   * @param destination where the client connected to, the same
   * @param ttl peers that may still be passed
   * @param visited ids of the peers that it has passed
   * @param mac over all of it and the number of the connection, in hex; empty in TLS
   * @param owner id of the peer that it is for, where the receiver is to pass it on; else empty
   * @param id what the connection is called at every peer that it passes
   */
  record Open(
      HostName name,
      String source,
      String destination,
      int ttl,
      List<String> visited,
      String mac,
      String owner,
      String id)
      implements Message {
    public Open {
      visited = List.copyOf(visited);
    }
  }

  /** The backend is connected; its bytes follow. */
  record Opened() implements Message {}

  /** It cannot be connected; nothing follows. */
  record OpenFailed(String reason, String message) implements Message {}

  /** A message of a later version: passed over, and counted. */
  record Unknown(int type) implements Message {}
}
