/**
 * A real Kubernetes API server and a kubelet that runs real peers, for tests of the operator.
 *
 * <p>A test class says {@link io.opsproxy.operator.testing.RealApiServer}; what that starts is in
 * {@code design/testing.md}.
 */
package io.opsproxy.operator.testing;
