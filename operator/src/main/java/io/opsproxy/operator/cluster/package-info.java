/**
 * What the operator knows of the cluster: caches over watches, kinds that come and go, and who is
 * looked at again when something changes.
 */
package io.opsproxy.operator.cluster;
