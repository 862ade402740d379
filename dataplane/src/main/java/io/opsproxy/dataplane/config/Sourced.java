package io.opsproxy.dataplane.config;

/**
 * A value and where it stands.
 *
 * @param <T> the value's type
 */
record Sourced<T>(T value, Source at) {}
