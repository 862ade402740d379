package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.relay.Relay;
import java.util.function.Supplier;

/**
 * What clusters reach their endpoints by.
 *
 * @param traffic for the connections of clients
 * @param watching for checks, and for all that is learned of endpoints, so that neither ever runs
 *     on a loop that serves clients; only its first loop is used. Asked for by those clusters only
 *     whose endpoints are watched; always gives the same
 */
public record Network(Relay traffic, Supplier<Relay> watching, Resolver resolver) {}
