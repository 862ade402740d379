package io.opsproxy.operator.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.opsproxy.api.schema.Schema;
import io.opsproxy.api.schema.Schemas;
import io.opsproxy.api.schema.Violation;
import io.opsproxy.api.v1alpha1.Api;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.local.YamlDocument.Unreadable;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.References;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Takes objects out of texts and holds them to the schemas of an API server, unknown fields and
 * rules included. Objects of other kinds are counted and passed over, except those that ours refer
 * to. One reader for one set of files; not thread-safe.
 */
public final class ManifestReader {
  private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

  private final String defaultNamespace;
  private final SortedMap<ObjectKey, ProxyPeer> peers = new TreeMap<>();
  private final SortedMap<ObjectKey, ExposedService> services = new TreeMap<>();
  private final Map<ObjectKey, Service> backends = new HashMap<>();
  private final Map<ObjectKey, ConfigMap> configMaps = new HashMap<>();
  private final Map<ObjectKey, Secret> secrets = new HashMap<>();
  private final Map<String, Map<String, String>> namespaces = new HashMap<>();
  private final SortedMap<String, Integer> passedOver = new TreeMap<>();
  private final Map<String, String> places = new HashMap<>();
  private final List<Fault> faults = new ArrayList<>();

  /**
   * @param defaultNamespace of objects that name none
   */
  public ManifestReader(String defaultNamespace) {
    this.defaultNamespace = defaultNamespace;
  }

  /**
   * Reads one text.
   *
   * @param origin names it in messages
   */
  public void read(String origin, String text) {
    try {
      for (YamlDocument document : YamlDocument.all(text)) {
        read(new Place(origin, document, ""), document.value());
      }
    } catch (Unreadable e) {
      faults.add(new Fault(origin, e.line(), e.getMessage()));
    }
  }

  /** A text that could not be had. */
  void fault(Fault fault) {
    faults.add(fault);
  }

  /** All objects, when there is nothing wrong with any of them. */
  public Optional<Manifests> manifests() {
    if (!faults.isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, Integer> unused = new TreeMap<>(passedOver);
    count("ConfigMap", configMaps.keySet(), References::configMaps, unused);
    count("Secret", secrets.keySet(), References::secrets, unused);
    return Optional.of(
        new Manifests(peers, services, backends, configMaps, secrets, namespaces, unused));
  }

  /** Those that no peer names are passed over as well. */
  private void count(
      String kind,
      Set<ObjectKey> found,
      Function<ProxyPeer, List<ObjectKey>> named,
      SortedMap<String, Integer> unused) {
    Set<ObjectKey> rest = new HashSet<>(found);
    peers.values().forEach(peer -> named.apply(peer).forEach(rest::remove));
    if (!rest.isEmpty()) {
      unused.put(kind, rest.size());
    }
  }

  /** Everything that is wrong, in the order of the texts. */
  public List<Fault> faults() {
    return List.copyOf(faults);
  }

  /**
   * @param path of the object in its document; empty for the document itself
   */
  private record Place(String origin, YamlDocument document, String path) {
    int line(String field) {
      return document.line(path.isEmpty() || field.isEmpty() ? path + field : path + "." + field);
    }

    Fault fault(String field, String message) {
      return new Fault(origin, line(field), message);
    }

    Place item(int index) {
      return new Place(
          origin, document, (path.isEmpty() ? "" : path + ".") + "items[" + index + "]");
    }
  }

  private void read(Place place, JsonNode node) {
    if (!(node instanceof ObjectNode object)
        || !object.path("kind").isTextual()
        || !object.path("apiVersion").isTextual()) {
      faults.add(
          place.fault("", "not an object of Kubernetes: it needs apiVersion, kind and metadata"));
      return;
    }
    String kind = object.get("kind").asText();
    String apiVersion = object.get("apiVersion").asText();
    if (kind.endsWith("List") && object.get("items") instanceof ArrayNode items) {
      for (int i = 0; i < items.size(); i++) {
        read(place.item(i), items.get(i));
      }
    } else if (Schemas.kinds().contains(kind) || apiVersion.startsWith(Api.GROUP + "/")) {
      readOurs(place, kind, object);
    } else if (apiVersion.equals("v1") && kind.equals("Service")) {
      readService(place, inNamespace(object));
    } else if (apiVersion.equals("v1") && kind.equals("ConfigMap")) {
      read(place, inNamespace(object), ConfigMap.class)
          .ifPresent(one -> configMaps.put(ObjectKey.of(one), one));
    } else if (apiVersion.equals("v1") && kind.equals("Secret")) {
      read(place, inNamespace(object), Secret.class)
          .ifPresent(one -> secrets.put(ObjectKey.of(one), one));
    } else if (apiVersion.equals("v1") && kind.equals("Namespace")) {
      read(place, object, Namespace.class).ifPresent(this::addNamespace);
    } else {
      passedOver.merge(kind, 1, Integer::sum);
    }
  }

  private void readService(Place place, ObjectNode object) {
    Optional<Service> service = read(place, object, Service.class);
    if (service.isPresent() && service.get().getSpec() == null) {
      String name = service.get().getMetadata().getName();
      faults.add(place.fault("metadata", "Service " + name + ": needs spec"));
    } else {
      service.ifPresent(one -> backends.put(ObjectKey.of(one), one));
    }
  }

  /** An object of Kubernetes itself, of which only the shape is looked at. */
  private <T extends HasMetadata> Optional<T> read(Place place, ObjectNode object, Class<T> type) {
    String kind = type.getSimpleName();
    JsonNode name = object.at("/metadata/name");
    try {
      T read = SERIALIZATION.convertValue(object, type);
      if (!name.isTextual() || name.asText().isEmpty()) {
        faults.add(
            place.fault(object.has("metadata") ? "metadata" : "", kind + ": needs metadata.name"));
        return Optional.empty();
      }
      return Optional.of(read);
    } catch (IllegalArgumentException e) {
      String which = name.isTextual() ? kind + " " + name.asText() : kind;
      String field = name.isTextual() ? "" : "metadata";
      faults.add(place.fault(field, which + ": " + firstLine(e.getMessage())));
      return Optional.empty();
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("cannot be read");
  }

  private void addNamespace(Namespace namespace) {
    Map<String, String> labels = new HashMap<>();
    if (namespace.getMetadata().getLabels() != null) {
      labels.putAll(namespace.getMetadata().getLabels());
    }
    labels.put("kubernetes.io/metadata.name", namespace.getMetadata().getName());
    namespaces.put(namespace.getMetadata().getName(), labels);
  }

  private void readOurs(Place place, String kind, ObjectNode object) {
    if (!Schemas.kinds().contains(kind)) {
      faults.add(
          place.fault(
              "kind", "kind \"" + kind + "\" is none of " + String.join(", ", Schemas.kinds())));
      return;
    }
    ObjectNode whole = inNamespace(object);
    String name =
        kind
            + " "
            + whole.at("/metadata/namespace").asText()
            + "/"
            + whole.at("/metadata/name").asText("?");
    Schema schema = Schemas.of(kind);
    List<Violation> violations = schema.check(whole);
    for (Violation violation : violations) {
      faults.add(place.fault(violation.path(), name + ": " + violation));
    }
    if (!violations.isEmpty()) {
      return;
    }
    String here = place.origin() + ":" + place.line("");
    String first = places.putIfAbsent(name, here);
    if (first != null) {
      faults.add(place.fault("", name + " stands at " + first + " already; remove one"));
      return;
    }
    JsonNode complete = schema.withDefaults(whole);
    if (kind.equals("ProxyPeer")) {
      ProxyPeer peer = SERIALIZATION.convertValue(complete, ProxyPeer.class);
      peers.put(ObjectKey.of(peer), peer);
    } else {
      ExposedService service = SERIALIZATION.convertValue(complete, ExposedService.class);
      services.put(ObjectKey.of(service), service);
    }
  }

  private ObjectNode inNamespace(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    if (copy.get("metadata") instanceof ObjectNode metadata
        && metadata.path("namespace").asText().isEmpty()) {
      metadata.put("namespace", defaultNamespace);
    }
    return copy;
  }
}
