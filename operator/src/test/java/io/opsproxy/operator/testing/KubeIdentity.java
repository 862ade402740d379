package io.opsproxy.operator.testing;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.security.SecureRandom;
import java.util.HexFormat;

/** A caller that the API server knows by its token, with all rights. */
record KubeIdentity(String user, String token) {
  private static final SecureRandom RANDOM = new SecureRandom();

  static KubeIdentity of(String user) {
    byte[] bytes = new byte[16];
    RANDOM.nextBytes(bytes);
    return new KubeIdentity(user, HexFormat.of().formatHex(bytes));
  }

  /** Its line of the server's token file. */
  String line() {
    return token + "," + user + "," + user + ",system:masters\n";
  }

  /** A kubeconfig file's text. */
  String kubeconfig(String url, String certificateFile) {
    return """
        apiVersion: v1
        kind: Config
        clusters:
        - name: test
          cluster: {server: "%s", certificate-authority: "%s"}
        users:
        - name: caller
          user: {token: "%s"}
        contexts:
        - name: test
          context: {cluster: test, user: caller}
        current-context: test
        """
        .formatted(url, certificateFile, token);
  }

  /** A client's configuration; nothing of the caller's own kubeconfig or environment is in it. */
  static Config client(String url, String certificateFile, String token) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(url)
        .withCaCertFile(certificateFile)
        .withOauthToken(token)
        .withHttpProxy(null)
        .withHttpsProxy(null)
        .build();
  }
}
