/**
 * Who this peer is and whom it believes: certificates, authorities, revocation, and the TLS of peer
 * links. Immutable snapshots, made of a configuration's files; nothing here is loaded by a peer
 * without {@code mesh.identity}. The JDK does X.509, signatures and TLS.
 */
package io.opsproxy.dataplane.trust;
