package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.opsproxy.api.v1alpha1.ProxyPeerSpec;

/** What the pods of a peer mount. */
final class PodVolumes {
  static final String CONFIG = "config";
  static final String TEMPORARY = "tmp";

  private static final int ANYONE_READS = 0444;

  /** The owner of the files is root; the peer is in their group. */
  private static final int GROUP_READS = 0440;

  private PodVolumes() {}

  /**
   * The configuration, and with an identity the certificate and its key in the same directory: all
   * of them change by one rename, and the configuration names the files by their names alone.
   */
  static Volume config(String peer, ProxyPeerSpec spec) {
    VolumeBuilder volume = new VolumeBuilder().withName(CONFIG);
    if (!spec.mesh().hasIdentity()) {
      return volume
          .withNewConfigMap()
          .withName(ChildNames.configMap(peer))
          .withDefaultMode(ANYONE_READS)
          .endConfigMap()
          .build();
    }
    return volume
        .withNewProjected()
        .withDefaultMode(ANYONE_READS)
        .addNewSource()
        .withNewConfigMap()
        .withName(ChildNames.configMap(peer))
        .endConfigMap()
        .endSource()
        .addNewSource()
        .withNewSecret()
        .withName(ChildNames.identity(peer, spec))
        // Without a fixed user nobody knows which group reads them.
        .withItems(
            item(TlsSecret.CERTIFICATE, null),
            item(TlsSecret.KEY, spec.template().fixedUser() ? GROUP_READS : null))
        .endSecret()
        .endSource()
        .endProjected()
        .build();
  }

  private static KeyToPath item(String key, Integer mode) {
    return new KeyToPathBuilder().withKey(key).withPath(key).withMode(mode).build();
  }

  static Volume temporary() {
    return new VolumeBuilder()
        .withName(TEMPORARY)
        .withNewEmptyDir()
        .withSizeLimit(new Quantity("64Mi"))
        .endEmptyDir()
        .build();
  }
}
