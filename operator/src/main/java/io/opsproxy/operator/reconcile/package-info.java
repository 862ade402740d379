/**
 * Keeps the cluster as it should be: watches, renders, applies, and writes what the pods have
 * proved into the status of both kinds. One writer for each status.
 */
package io.opsproxy.operator.reconcile;
