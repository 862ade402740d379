package io.opsproxy.dataplane.mesh;

import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.TestAuthority;
import io.opsproxy.dataplane.testing.TestPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Peers with certificates, linked by protocol v2. */
public abstract class TrustedMesh extends Scenario {
  protected final TestAuthority authority = new TestAuthority();

  /** The file of a peer with an identity, which believes this authority for any name. */
  protected PeerFile trusted(String name) {
    return trusted(name, "names: [\"*\"]");
  }

  /**
   * @param entry of {@code trust}, but for the authority
   */
  protected PeerFile trusted(String name, String entry) {
    Path ca = directory.resolve("ca.crt");
    if (!Files.exists(ca)) {
      authority.writeCa(directory);
    }
    if (!Files.exists(directory.resolve(name + ".crt"))) {
      authority.write(directory, name);
    }
    return new PeerFile(name).section("mesh", mesh(name, entry, ""));
  }

  protected static String mesh(String name, String entry, String more) {
    return "{identity: {certificate: "
        + name
        + ".crt, key: "
        + name
        + ".key}, trust: [{ca: ca.crt, "
        + entry
        + "}]"
        + more
        + "}";
  }

  protected static String address(TestPeer peer) {
    return "127.0.0.1:" + peer.address().getPort();
  }

  protected static void awaitStatus(TestPeer peer, String text) {
    await(text).atMost(Duration.ofSeconds(20)).until(() -> peer.pages().status().contains(text));
  }
}
