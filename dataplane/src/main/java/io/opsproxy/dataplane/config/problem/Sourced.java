package io.opsproxy.dataplane.config.problem;

/**
 * A value and where it stands.
 *
 * @param <T> the value's type
 */
public record Sourced<T>(T value, Source at) {}
