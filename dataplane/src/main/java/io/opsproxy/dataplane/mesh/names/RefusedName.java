package io.opsproxy.dataplane.mesh.names;

/**
 * A name of this peer that another peer does not take.
 *
 * @param reason a word of the metric of refusals, or {@code limit}
 * @param message by the other peer's words
 */
public record RefusedName(String name, String reason, String message) {}
