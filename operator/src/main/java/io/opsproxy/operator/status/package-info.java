/**
 * What is said of an object: conditions, their reasons with a sentence each, and when they change.
 */
package io.opsproxy.operator.status;
