/**
 * Issues certificates for peers: what {@code ops-proxy trust} does. The only place that knows a
 * library which can, and never loaded by a peer.
 */
package io.opsproxy.dataplane.trust.issue;
