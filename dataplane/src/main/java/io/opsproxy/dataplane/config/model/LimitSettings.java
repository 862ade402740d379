package io.opsproxy.dataplane.config.model;

/**
 * The {@code limits:} section. 0 means: no limit of its own.
 *
 * @param maxConnections client connections in all; 0 means as many as the file-descriptor limit
 *     allows less a reserve
 * @param maxConnectionsPerSource client connections from one address
 * @param maxConnectionsPerName client connections to one name
 * @param maxSniffing connections that have not yet said what they are (default 4096); the oldest is
 *     shed for a newer one
 * @param maxSniffingPerSource the same, from one address (default 1024)
 * @param maxLinks links that other peers dialled (default 1024)
 * @param maxLinksPerSource the same, from one address (default 256)
 * @param maxForwardsPerLink connections that the peer of one link has asked for; 0 means half of
 *     the sockets that may be open, of which each takes two
 */
public record LimitSettings(
    int maxConnections,
    int maxConnectionsPerSource,
    int maxConnectionsPerName,
    int maxSniffing,
    int maxSniffingPerSource,
    int maxLinks,
    int maxLinksPerSource,
    int maxForwardsPerLink) {}
