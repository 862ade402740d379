package io.opsproxy.operator.testing;

/**
 * One request that the API server has answered.
 *
 * @param verb of RBAC: {@code get}, {@code list}, {@code watch}, {@code patch}, …
 * @param group of the API; empty for the core group, and for what is no resource
 * @param resource with its subresource: {@code pods}, {@code proxypeers/status}; empty for what is
 *     no resource
 * @param namespace may be empty
 * @param name may be empty
 * @param code status of the answer
 */
public record KubeRequest(
    String verb, String group, String resource, String namespace, String name, int code) {}
