/**
 * The objects of files instead of a cluster: read, checked as an API server would, rendered, and
 * run as peers of this machine. Rendering itself is {@code render}'s; nothing here talks to a
 * cluster.
 */
package io.opsproxy.operator.local;
