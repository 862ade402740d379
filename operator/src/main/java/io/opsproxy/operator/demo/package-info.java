/** The main job, proved on this machine: {@code up} of a shipped example, asked as clients do. */
package io.opsproxy.operator.demo;
