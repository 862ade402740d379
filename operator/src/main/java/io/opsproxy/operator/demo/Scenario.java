package io.opsproxy.operator.demo;

import io.opsproxy.operator.demo.DemoClient.Answer;

/** What the demo proves, in its order. */
final class Scenario {
  private final DemoMesh mesh;
  private final DemoPeer a;
  private final DemoPeer b;
  private final DemoClient client;
  private final Steps steps;

  Scenario(DemoMesh mesh, DemoCertificate certificate, Steps steps) {
    this.mesh = mesh;
    this.a = mesh.peer("a");
    this.b = mesh.peer("b");
    this.client = new DemoClient(certificate);
    this.steps = steps;
  }

  void run() {
    steps.step("up of the example: two ProxyPeers run, four names are exposed", this::start);
    steps.step("each peer knows the names of the other", this::namesExchanged);
    requests();
    steps.step(
        "an unknown HTTP name gets 503 that names it",
        () -> expect(503, "Service not available: nobody.demo", client.http(a, "nobody.demo")));
    steps.step(
        "an unknown TLS name gets the alert unrecognized_name",
        () -> client.alert(a, "nobody.demo"));
    steps.step(
        "web-b is given one name more, reachable at a; a connection that is open goes on",
        this::addName);
    steps.step("the name is taken back and refused at a", this::takeBack);
    steps.step("a broken object changes nothing and is reported with its line", this::badObject);
    steps.step("b is killed (-9): its names are gone at a, those of a go on", this::kill);
    steps.step(
        "b is started again: its names are reachable at a", () -> eventually(200, "web of b"));
    steps.step("ProxyPeer b is deleted: it drains and ends", this::delete);
    steps.step("ProxyPeer b is back, and its names with it", this::putBack);
  }

  private void requests() {
    steps.step(
        "HTTP  client -> a -> backend of a",
        () -> expect(200, "web of a", client.http(a, "web-a.demo")));
    steps.step(
        "HTTP  client -> a -> tunnel -> b -> backend of b",
        () -> expect(200, "web of b", client.http(a, "web-b.demo")));
    steps.step(
        "HTTP  client -> b -> tunnel -> a -> backend of a",
        () -> expect(200, "web of a", client.http(b, "web-a.demo")));
    steps.step(
        "TLS   client -> a -> tunnel -> b, certificate of the backend verified end to end",
        () -> expect(200, "secure of b", client.https(a, "secure-b.demo")));
    steps.step(
        "TLS   client -> b -> tunnel -> a, certificate of the backend verified end to end",
        () -> expect(200, "secure of a", client.https(b, "secure-a.demo")));
  }

  private String start() throws Exception {
    return mesh.start()
        ? Steps.await(() -> a.ready() && b.ready(), "the peers are not ready; see " + mesh.log())
        : "nothing was started; see " + mesh.log();
  }

  private String namesExchanged() throws Exception {
    return Steps.await(
        () ->
            a.knows("web-b.demo")
                && a.knows("secure-b.demo")
                && b.knows("web-a.demo")
                && b.knows("secure-a.demo"),
        "names were not exchanged");
  }

  private String addName() throws Exception {
    try (DemoClient.Open open = client.open(a, "web-b.demo")) {
      mesh.edit("[web-b.demo]", "[web-b.demo, late-b.demo]");
      String problem = eventually(200, "web of b", "late-b.demo");
      return problem != null ? problem : expect(200, "web of b", open.again());
    }
  }

  private String takeBack() throws Exception {
    mesh.restore();
    return eventually(503, "Service not available", "late-b.demo");
  }

  private String badObject() throws Exception {
    mesh.edit("hostnames: [web-b.demo]", "hostname: [web-b.demo]");
    String problem =
        Steps.await(
            () -> mesh.said("did you mean \"hostnames\"?"), "the error is not in " + mesh.log());
    if (problem == null) {
      problem = expect(200, "web of b", client.http(a, "web-b.demo"));
    }
    mesh.restore();
    return problem;
  }

  private String kill() throws Exception {
    b.kill();
    String problem = eventually(503, "web-b.demo");
    return problem != null ? problem : expect(200, "web of a", client.http(a, "web-a.demo"));
  }

  private String delete() throws Exception {
    ProcessHandle process = ProcessHandle.of(b.pid()).orElseThrow();
    mesh.remove("ProxyPeer", "b");
    String problem = Steps.await(() -> !process.isAlive(), "process " + process.pid() + " lives");
    return problem != null ? problem : eventually(503, "web-b.demo");
  }

  private String putBack() throws Exception {
    mesh.restore();
    return eventually(200, "web of b");
  }

  private String eventually(int status, String body) throws Exception {
    return eventually(status, body, "web-b.demo");
  }

  private String eventually(int status, String body, String name) throws Exception {
    return Steps.await(
        () -> expect(status, body, client.http(a, name)) == null,
        name + " at a: " + expect(status, body, client.http(a, name)));
  }

  private static String expect(int status, String body, Answer answer) {
    return answer.status() == status && answer.body().contains(body)
        ? null
        : "unexpected answer: " + answer;
  }
}
