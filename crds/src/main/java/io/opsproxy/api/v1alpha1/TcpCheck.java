package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/** A check that only connects. It has no settings. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TcpCheck() {}
