package io.opsproxy.operator.observe;

import io.opsproxy.operator.render.ObjectKey;

/**
 * A pod that can be asked.
 *
 * @param uid tells it from an earlier pod of the same name
 * @param ip its address
 * @param port of its status pages
 * @param annotation what it was last told to run; empty for nothing
 */
public record PodTarget(ObjectKey key, String uid, String ip, int port, String annotation) {}
