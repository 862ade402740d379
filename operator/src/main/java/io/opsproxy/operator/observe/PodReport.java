package io.opsproxy.operator.observe;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pod says of itself at {@code /status}, as far as it matters here. Equal reports say the
 * same.
 *
 * @param hash SHA-256 of the configuration in force
 * @param errors why the configuration on disk is not in force; empty when it is
 * @param endpoints of the names that it serves itself, by name
 * @param links to and from other peers
 * @param certificateExpires when the certificate ends that it shows; empty without one
 */
public record PodReport(
    String hash,
    List<String> errors,
    Map<String, List<Endpoint>> endpoints,
    List<Link> links,
    Optional<Instant> certificateExpires) {

  /**
   * @param address host and port
   * @param healthy whether connections may go there
   */
  public record Endpoint(String address, boolean healthy) {}

  /**
   * @param address as the configuration has it, or where the link came from
   * @param dialled whether this pod opened it
   * @param connected whether it is up
   * @param names that come over it
   * @param error the last problem; empty for none
   * @param id who is at the other end, as far as it is known
   * @param refused names of ours that the other end does not take
   */
  public record Link(
      String address,
      boolean dialled,
      boolean connected,
      List<String> names,
      String error,
      String id,
      List<Refused> refused) {}

  /**
   * @param message of the peer that refuses, for people
   */
  public record Refused(String name, String message) {}

  /** Reads the page; what is not there is empty. */
  static PodReport of(JsonNode page) {
    Map<String, List<Endpoint>> endpoints = new LinkedHashMap<>();
    for (JsonNode name : page.path("names")) {
      if (name.path("owner").asText().equals("local")) {
        List<Endpoint> all = new ArrayList<>();
        for (JsonNode one : name.path("endpoints")) {
          all.add(new Endpoint(one.path("address").asText(), one.path("healthy").asBoolean()));
        }
        endpoints.put(name.path("name").asText(), List.copyOf(all));
      }
    }
    List<Link> links = new ArrayList<>();
    for (JsonNode peer : page.path("peers")) {
      links.add(
          new Link(
              peer.path("address").asText(),
              peer.path("direction").asText().equals("out"),
              peer.path("state").asText().equals("connected"),
              texts(peer.path("names")),
              peer.path("error").isTextual() ? peer.path("error").asText() : "",
              peer.path("id").asText(peer.path("name").asText()),
              refused(peer.path("refusedNames"))));
    }
    JsonNode config = page.path("config");
    List<String> errors = new ArrayList<>();
    for (JsonNode error : config.path("errors")) {
      errors.add(error.path("path").asText() + ": " + error.path("message").asText());
    }
    return new PodReport(
        config.path("hash").asText(),
        List.copyOf(errors),
        endpoints,
        links,
        instant(page.at("/mesh/certificateExpires").asText()));
  }

  private static Optional<Instant> instant(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static List<Refused> refused(JsonNode list) {
    List<Refused> refused = new ArrayList<>();
    list.forEach(
        one -> refused.add(new Refused(one.path("name").asText(), one.path("message").asText())));
    return List.copyOf(refused);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(one -> texts.add(one.asText()));
    return List.copyOf(texts);
  }
}
