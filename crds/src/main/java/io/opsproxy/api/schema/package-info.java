/**
 * Does with an object, without a cluster, what an API server does with the definitions of its
 * kinds: unknown fields, types, bounds, keys of lists, rules and defaults. The definitions are
 * those that are installed in a cluster, read from the class path.
 */
package io.opsproxy.api.schema;
