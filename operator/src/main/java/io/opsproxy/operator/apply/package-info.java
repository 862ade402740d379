/** What is written into the cluster: children, each by itself, and events. */
package io.opsproxy.operator.apply;
