/** An ExposedService: the status that the last look at its peer found out. Writes nothing else. */
package io.opsproxy.operator.service;
