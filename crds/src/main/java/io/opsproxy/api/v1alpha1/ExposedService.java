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

/** Names that a ProxyPeer serves, and what serves them. */
@JsonClassDescription("Names that a ProxyPeer serves, and what serves them.")
@ValidationRule(
    value =
        "has(self.spec.hostnames) && self.spec.hostnames.size() > 0 || !self.metadata.name.matches('[^.]{64}')",
    message =
        "without spec.hostnames the name of the object is the name that is served, and its labels have at most 63 characters: set spec.hostnames")
@Group(Api.GROUP)
@Version(Api.VERSION)
@Plural("exposedservices")
@ShortNames("exsvc")
@Categories("opsproxy")
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Peer",
    jsonPath = ".spec.peerRef.name",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Names",
    jsonPath = ".status.names[*].name",
    type = AdditionalPrinterColumn.Type.STRING,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Healthy",
    jsonPath = ".status.endpoints.healthy",
    type = AdditionalPrinterColumn.Type.INTEGER,
    priority = 0)
@AdditionalPrinterColumn(
    name = "Endpoints",
    jsonPath = ".status.endpoints.total",
    type = AdditionalPrinterColumn.Type.INTEGER,
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
@JsonDeserialize(using = ExposedService.Reader.class)
public class ExposedService extends CustomResource<ExposedServiceSpec, ExposedServiceStatus>
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
  protected ExposedServiceSpec initSpec() {
    return null;
  }

  /** None before the operator has written one. */
  @Override
  protected ExposedServiceStatus initStatus() {
    return null;
  }

  /** Reads what is known. */
  static final class Reader
      extends TolerantReader<ExposedService, ExposedServiceSpec, ExposedServiceStatus> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(ExposedService.class, ExposedServiceSpec.class, ExposedServiceStatus.class);
    }

    @Override
    ExposedService make() {
      return new ExposedService();
    }

    @Override
    void faults(ExposedService object, List<String> faults) {
      object.faults = faults;
    }
  }
}
