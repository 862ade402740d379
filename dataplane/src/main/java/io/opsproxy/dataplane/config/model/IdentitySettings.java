package io.opsproxy.dataplane.config.model;

/**
 * {@code mesh.identity}: who this peer is to others.
 *
 * @param certificate PEM: the certificate, then those between it and its authority
 * @param key PEM: the key that belongs to it
 */
public record IdentitySettings(NamedFile certificate, NamedFile key) {}
