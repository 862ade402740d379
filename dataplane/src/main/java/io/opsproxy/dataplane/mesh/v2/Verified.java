package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.trust.PeerId;
import io.opsproxy.dataplane.trust.Verdict;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Who is at the other end of a TLS connection.
 *
 * @param chain as it was shown, to be judged again when trust changes
 */
record Verified(List<X509Certificate> chain, Verdict.Admitted admitted) {
  Verified {
    chain = List.copyOf(chain);
  }

  PeerId id() {
    return admitted.id();
  }
}
