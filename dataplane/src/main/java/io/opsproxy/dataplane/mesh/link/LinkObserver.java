package io.opsproxy.dataplane.mesh.link;

/** Hears of the life of a link, on its loop. */
public interface LinkObserver {

  /** Nobody needs to hear of it. */
  LinkObserver NONE = (link, why) -> {};

  /** One side has accepted the other's registration. Called at most once. */
  default void up(Link link) {}

  /** The other side has told what it serves. */
  default void told(Link link) {}

  /** It is closed. Called once. */
  void closed(Link link, String why);
}
