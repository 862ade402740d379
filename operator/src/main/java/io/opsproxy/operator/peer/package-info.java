/**
 * A ProxyPeer: observed, rendered, applied; what its pods prove becomes its status, and what was
 * found out of the objects that it serves.
 */
package io.opsproxy.operator.peer;
