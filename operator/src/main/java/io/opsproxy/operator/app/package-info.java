/**
 * The operator as a process: its start, settings, health pages, leadership and metrics. Puts the
 * other rooms together.
 */
package io.opsproxy.operator.app;
