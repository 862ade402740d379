package io.opsproxy.dataplane.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.Endpoint;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.problem.Problem;
import io.opsproxy.dataplane.config.value.BindProblem;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.Owners;
import io.opsproxy.dataplane.mesh.PeerStatus;
import io.opsproxy.dataplane.mesh.names.RefusedName;
import io.opsproxy.dataplane.route.RouteTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON at {@code /status}; its shape is part of the contract with users and with the operator.
 */
public final class StatusPage {
  /**
   * What the page shows of the configuration.
   *
   * @param hash of the file in force
   * @param source path of the file
   * @param loadedAt when it came into force
   * @param errors why the file on disk is not the one in force; empty when it is
   * @param warnings about the file in force
   */
  public record ConfigState(
      String hash, String source, Instant loadedAt, List<Problem> errors, List<Problem> warnings) {}

  /**
   * A port of this peer.
   *
   * @param listener its name; in parentheses where it is no listener of the configuration
   * @param address the real one, or the one that is wanted
   * @param problem why it is not listened on there; empty when it is
   */
  public record Listening(String listener, String address, Optional<BindProblem> problem) {}

  /** Where the page takes its facts from. */
  public interface Source {
    /** Of this program. */
    String version();

    /** Since start. */
    double uptimeSeconds();

    /** Whether it was told to stop. */
    boolean draining();

    /** The configuration in force. */
    ConfigState config();

    /** The routes in force. */
    RouteTable<Upstream> routes();

    /** The ports that there are or should be. */
    List<Listening> listening();

    /** Links to other peers. */
    List<PeerStatus> peers();

    /** What a person should look at. */
    List<Note> problems();

    /** Who this peer is in the mesh; empty without an identity. */
    default Optional<MeshState> mesh() {
      return Optional.empty();
    }
  }

  /**
   * A peer with an identity.
   *
   * @param id verified by whoever links with it
   * @param certificateExpires when its links are cut if nothing is done
   * @param transit whether it passes on what it has learned
   */
  public record MeshState(String id, Instant certificateExpires, boolean transit) {}

  /**
   * Something that a person should look at.
   *
   * @param subject what it is about
   * @param message what is wrong
   * @param remedy what to do
   */
  public record Note(String subject, String message, String remedy) {}

  private StatusPage() {}

  /** The page as of now. */
  public static Page render(Source source) {
    return render(source, Map.of());
  }

  /**
   * The page as of now. {@code state} names all that it says but for the time; who names it as what
   * is {@code known} is told whether that is still so, and nothing else: a page about thousands of
   * names is a megabyte.
   *
   * @param query values by name
   */
  public static Page render(Source source, Map<String, List<String>> query) {
    String state = digest(rest(source, false));
    boolean known = query.getOrDefault("known", List.of()).contains(state);
    String head =
        JsonText.page(
                json -> {
                  json.writeStartObject();
                  json.writeStringField("version", source.version());
                  json.writeNumberField("uptimeSeconds", source.uptimeSeconds());
                  json.writeStringField("state", state);
                  if (known) {
                    json.writeBooleanField("unchanged", true);
                  }
                  json.writeEndObject();
                })
            .body();
    return known
        ? Page.json(head)
        : Page.json(
            head.substring(0, head.lastIndexOf('}')) + "," + rest(source, true).substring(1));
  }

  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * @param measured whether with what is another at each moment, though nothing has happened
   */
  private static String rest(Source source, boolean measured) {
    return JsonText.page(
            json -> {
              json.writeStartObject();
              json.writeBooleanField("draining", source.draining());
              config(json, source.config());
              if (source.mesh().isPresent()) {
                mesh(json, source.mesh().get());
              }
              names(json, source.routes());
              peers(json, source.peers(), measured);
              List<Listening> listening = source.listening();
              listeners(json, listening);
              problems(json, listening, source.problems());
              json.writeEndObject();
            })
        .body();
  }

  private static void mesh(JsonGenerator json, MeshState mesh) throws IOException {
    json.writeObjectFieldStart("mesh");
    json.writeStringField("id", mesh.id());
    json.writeStringField("certificateExpires", mesh.certificateExpires().toString());
    json.writeBooleanField("transit", mesh.transit());
    json.writeEndObject();
  }

  private static void config(JsonGenerator json, ConfigState config) throws IOException {
    json.writeObjectFieldStart("config");
    json.writeStringField("hash", config.hash());
    json.writeStringField("source", config.source());
    json.writeStringField("loadedAt", config.loadedAt().toString());
    problems(json, "errors", config.errors());
    problems(json, "warnings", config.warnings());
    json.writeEndObject();
  }

  private static void problems(JsonGenerator json, String field, List<Problem> problems)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Problem problem : problems) {
      json.writeStartObject();
      json.writeStringField("path", problem.path());
      json.writeNumberField("line", problem.line());
      json.writeStringField("message", problem.message());
      json.writeStringField("remedy", problem.remedy());
      json.writeStringField("origin", problem.origin());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void names(JsonGenerator json, RouteTable<Upstream> routes) throws IOException {
    json.writeArrayFieldStart("names");
    for (HostName name :
        routes.names().stream().sorted(Comparator.comparing(HostName::value)).toList()) {
      Optional<Upstream> upstream = routes.get(name);
      json.writeStartObject();
      json.writeStringField("name", name.value());
      if (upstream.orElse(null) instanceof Cluster.LocalUpstream local) {
        local(json, local.cluster());
      } else if (upstream.isPresent()) {
        remote(json, upstream.get());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void local(JsonGenerator json, Cluster cluster) throws IOException {
    json.writeStringField("owner", "local");
    json.writeArrayFieldStart("endpoints");
    for (Endpoint endpoint : cluster.endpoints()) {
      json.writeStartObject();
      json.writeStringField("address", endpoint.address().toString());
      json.writeBooleanField("healthy", endpoint.isHealthy());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void remote(JsonGenerator json, Upstream upstream) throws IOException {
    List<String> owners = Owners.names(upstream);
    json.writeStringField("owner", "peer");
    json.writeStringField("peer", owners.isEmpty() ? "" : owners.get(0));
    strings(json, "peers", owners);
    json.writeArrayFieldStart("owners");
    for (Owners.OwnerStatus owner : Owners.status(upstream)) {
      json.writeStartObject();
      json.writeStringField("peer", owner.peer());
      strings(json, "path", owner.path());
      json.writeNumberField("weight", owner.weight());
      json.writeStringField("state", owner.state());
      json.writeEndObject();
    }
    json.writeEndArray();
    Optional<Instant> since = Owners.since(upstream);
    if (since.isPresent()) {
      json.writeStringField("since", since.get().toString());
    }
  }

  private static void peers(JsonGenerator json, List<PeerStatus> peers, boolean measured)
      throws IOException {
    json.writeArrayFieldStart("peers");
    for (PeerStatus peer : peers) {
      json.writeStartObject();
      json.writeStringField("name", peer.name());
      json.writeStringField("address", peer.address());
      json.writeStringField("direction", peer.direction());
      json.writeStringField("state", peer.state());
      json.writeStringField("since", peer.since().toString());
      strings(json, "names", peer.names());
      json.writeStringField("error", peer.error());
      if (peer.link().isPresent()) {
        link(json, peer.link().get(), measured);
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void link(JsonGenerator json, PeerStatus.LinkStatus link, boolean measured)
      throws IOException {
    json.writeStringField("protocol", link.protocol());
    json.writeStringField("id", link.id().orElse(null));
    json.writeStringField("instance", link.instance().orElse(null));
    if (measured && link.roundTrip().isPresent()) {
      json.writeNumberField("rttMillis", link.roundTrip().get().toNanos() / 1e6);
    }
    if (link.certificateExpires().isPresent()) {
      json.writeStringField("certificateExpires", link.certificateExpires().get().toString());
    }
    json.writeArrayFieldStart("refusedNames");
    for (RefusedName name : link.refusedNames()) {
      json.writeStartObject();
      json.writeStringField("name", name.name());
      json.writeStringField("reason", name.reason());
      json.writeStringField("message", name.message());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void listeners(JsonGenerator json, List<Listening> listening) throws IOException {
    json.writeArrayFieldStart("listeners");
    for (Listening one : listening) {
      json.writeStartObject();
      json.writeStringField("listener", one.listener());
      json.writeStringField("address", one.address());
      json.writeBooleanField("up", one.problem().isEmpty());
      json.writeStringField("error", one.problem().map(BindProblem::toString).orElse(null));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Whatever a person should look at, and what to do about it. */
  private static void problems(JsonGenerator json, List<Listening> listening, List<Note> others)
      throws IOException {
    json.writeArrayFieldStart("problems");
    for (Listening one : listening) {
      if (one.problem().isPresent()) {
        BindProblem problem = one.problem().get();
        problem(json, "listener " + one.listener(), problem.message(), problem.remedy());
      }
    }
    for (Note one : others) {
      problem(json, one.subject(), one.message(), one.remedy());
    }
    json.writeEndArray();
  }

  private static void problem(JsonGenerator json, String subject, String message, String remedy)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("subject", subject);
    json.writeStringField("message", message);
    json.writeStringField("remedy", remedy);
    json.writeEndObject();
  }

  private static void strings(JsonGenerator json, String field, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
