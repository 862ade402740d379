/**
 * The kinds {@code ProxyPeer} and {@code ExposedService} of {@code opsproxy.io/v1alpha1}. All types
 * but the two kinds are immutable; where a user says nothing they hold the default that the custom
 * resource definition states, so that they read the same with and without an API server.
 */
package io.opsproxy.api.v1alpha1;
