package io.opsproxy.operator.demo;

import io.opsproxy.dataplane.trust.issue.AuthorityDirectory;
import io.opsproxy.operator.demo.DemoClient.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the demo proves of peers with certificates: who links, who does not, who no longer may. */
final class TrustedScenario implements AutoCloseable {
  private static final String NAME = "inner.demo";
  private static final int DAYS = 1;
  private final Path directory;
  private final DemoClient client;
  private final Steps steps;
  private final int backend;
  private final TrustedPeer gate;
  private final TrustedPeer inside;
  private final TrustedPeer branch;
  private final TrustedPeer stranger;

  /**
   * @param directory of the demo
   * @param backend a port of this machine that answers HTTP
   */
  TrustedScenario(Path directory, int backend, DemoClient client, Steps steps) {
    this.directory = directory.resolve("trusted");
    this.backend = backend;
    this.client = client;
    this.steps = steps;
    gate = new TrustedPeer(this.directory, "gate");
    inside = new TrustedPeer(this.directory, "inside");
    branch = new TrustedPeer(this.directory, "branch");
    stranger = new TrustedPeer(this.directory, "stranger");
  }

  void run() {
    steps.step(
        "two peers with certificates link; HTTP  client -> gate -> encrypted -> inside",
        this::link);
    steps.step(
        "a third peer serves it too, which knows gate alone; HTTP  client -> branch -> gate -> inside",
        this::transit);
    steps.step("a stranger with a certificate of another authority gets no link", this::stranger);
    steps.step("a peer that is revoked loses its link and its names", this::revoke);
  }

  private String link() throws Exception {
    Files.createDirectories(directory);
    AuthorityDirectory authority = new AuthorityDirectory(directory.resolve("trust"));
    authority.init("mesh.demo", DAYS);
    authority.issue("gate", DAYS, directory, false);
    authority.issue("inside", DAYS, directory, false);
    authority.issue("branch", DAYS, directory, false);
    gate.configure("", "", "transit: true");
    inside.configure(NAME + ":127.0.0.1:" + backend, gate.address(), "");
    gate.start();
    inside.start();
    return Steps.await(
        () -> answers(gate, 200), "no answer through gate: see " + directory + "/*.log");
  }

  private String transit() throws Exception {
    branch.configure("", gate.address(), "");
    branch.start();
    return Steps.await(
        () -> answers(branch, 200), "no answer through branch: see " + directory + "/*.log");
  }

  private boolean answers(TrustedPeer entrance, int status) {
    try {
      Answer answer = client.http(entrance, NAME);
      return answer.status() == status;
    } catch (IOException e) {
      return false;
    }
  }

  private String stranger() throws Exception {
    AuthorityDirectory other = new AuthorityDirectory(directory.resolve("other"));
    other.init("mesh.demo", DAYS);
    other.issue("stranger", DAYS, directory, false);
    stranger.configure("stolen.demo:127.0.0.1:" + backend, gate.address(), "");
    stranger.start();
    String problem =
        Steps.await(() -> gate.hasRefused("untrusted"), "gate has refused nobody as untrusted");
    stranger.close();
    if (problem == null && client.http(gate, "stolen.demo").status() != 503) {
      problem = "gate serves the stranger's name";
    }
    return problem;
  }

  private String revoke() throws Exception {
    gate.configure("", "", "transit: true\n  revoked: [\"spiffe://mesh.demo/peer/inside\"]");
    String problem =
        Steps.await(() -> answers(gate, 503) && answers(branch, 503), "the name is served still");
    return problem != null
        ? problem
        : Steps.await(() -> gate.hasRefused("revoked"), "gate has refused nobody as revoked");
  }

  @Override
  public void close() {
    stranger.close();
    branch.close();
    inside.close();
    gate.close();
  }
}
