package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.List;

/** A peer of the mesh: pods that serve names and keep links to other peers. */
@JsonClassDescription("A peer of the mesh: pods that serve names and keep links to other peers.")
@ValidationRule(
    value = "self.metadata.name.size() <= 52",
    message =
        "metadata.name: use at most 52 characters: the objects of the peer are named after it, such as NAME-config")
@ValidationRule(
    value = "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message =
        "metadata.name: use lower-case letters, digits and '-', beginning with a letter: a Service has this name")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Plural("proxypeers")
@ShortNames("ppeer")
@Categories("opsproxy")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Replicas",
    jsonPath = ".status.replicas.desired",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Programmed",
    jsonPath = ".status.replicas.programmed",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Services",
    jsonPath = ".status.services.accepted",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Address",
    jsonPath = ".status.addresses[0].value",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Age",
    jsonPath = ".metadata.creationTimestamp",
    type = AdditionalPrinterColumn.Type.DATE,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Reason",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@AdditionalPrinterColumn(
    name = "Message",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 1)
@JsonDeserialize(using = ProxyPeer.Reader.class)
public class ProxyPeer extends CustomResource<ProxyPeerSpec, ProxyPeerStatus>
    implements Namespaced {
  private static final long serialVersionUID = 1L;

  private transient List<String> faults = List.of();

  /**
   * What this program does not know in the spec, a sentence each; the spec lacks it. Empty when the
   * whole object could be read.
   */
  public List<String> faults() {
    return faults;
  }

  /** A spec that says nothing; the deserialiser replaces it. */
  @Override
  protected ProxyPeerSpec initSpec() {
    return null;
  }

  /** None before the operator has written one. */
  @Override
  protected ProxyPeerStatus initStatus() {
    return null;
  }

  /** Reads what is known. */
  static final class Reader extends TolerantReader<ProxyPeer, ProxyPeerSpec, ProxyPeerStatus> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(ProxyPeer.class, ProxyPeerSpec.class, ProxyPeerStatus.class);
    }

    @Override
    ProxyPeer make() {
      return new ProxyPeer();
    }

    @Override
    void faults(ProxyPeer object, List<String> faults) {
      object.faults = faults;
    }
  }
}
