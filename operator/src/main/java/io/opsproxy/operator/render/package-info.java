/**
 * From objects to objects: a ProxyPeer, the ExposedServices that name it and what they refer to,
 * become the configuration of its pods, all its children, and what is to be said of each. Pure
 * functions; no client, no clock, no order of calls.
 */
package io.opsproxy.operator.render;
