/**
 * Which configuration pods run and what they see: asked of the pods themselves, never concluded
 * from what was written. Also makes the kubelet look for new configuration at once.
 */
package io.opsproxy.operator.observe;
