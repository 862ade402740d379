package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said about a configuration, word for word. */
class ProblemsTest {
  private static final String HOST_PORT_REMEDY = "write host:port, such as 10.0.0.1:6443";
  private static final String DURATION_REMEDY =
      "write seconds, such as 5 or 0.5, or a duration such as 500ms, 5s, 2m, 1h";

  private static Arguments file(String yaml, String... problems) {
    return Arguments.of(yaml, List.of(problems));
  }

  static Stream<Arguments> files() {
    return Stream.of(
        // keys
        file(
            "peer:\n  bind_adr: ':1'\n",
            "error 2 peer.bind_adr: unknown key \"bind_adr\" has no effect; did you mean"
                + " \"bind_addr\"?"),
        file(
            "per: {}\nzzzzzz: 1",
            "error 1 per: unknown key \"per\" has no effect; did you mean \"peer\"?",
            "warning 2 zzzzzz: unknown key \"zzzzzz\" has no effect; remove it"),
        file(
            "services: [{name: a, endpoints: [{address: 'b:1', wieght: 2}]}]",
            "error 1 services[0].endpoints[0].wieght: unknown key \"wieght\" has no effect; did"
                + " you mean \"weight\"?"),
        file(
            "peer: {}\n? \"a\\nb\"\n: 1",
            "warning 2 (unknown): unknown key \"a\\nb\" has no effect; remove it"),
        file(
            "mesh: {transit: true}",
            "warning 1 mesh.transit: transit has no effect without mesh.identity; add mesh.identity,"
                + " or remove it"),
        file(
            "log: {level: info}\nlog: {level: warn}",
            "error 2 : key \"log\" stands twice in this section, first on line 1; keep one of the"
                + " two"),
        // shapes
        file(
            "peer: here",
            "error 1 peer: expected a section of keys and values, found a single value; write key:"
                + " value on lines of its own"),
        file(
            "[a]",
            "error : expected a section of keys and values, found a list; write key: value on"
                + " lines of its own"),
        file(
            "services: {name: a}",
            "error 1 services: expected a list of sections, found a section of keys and values;"
                + " begin each item with a dash"),
        file(
            "log: {level: [info]}",
            "error 1 log.level: expected a single value, found a list; write debug, info, warn or"
                + " error"),
        file(
            "access: {connect: {a: 1}}",
            "error 1 access.connect: expected a list, found a section of keys and values; write"
                + " db.internal:5432, *.example.com:443 or 10.0.0.0/8:*"),
        // values
        file(
            "peer:\n  bind_addr: 6443",
            "error 2 peer.bind_addr: \"6443\": expected host:port or :port; write host:port, or"
                + " :port for all addresses"),
        file(
            "proxy:\n  idle_timeout: 0\n  read_timeout: -1\n  dial_timeout: soon",
            "error 2 proxy.idle_timeout: \"0\": must be more than 0; " + DURATION_REMEDY,
            "error 3 proxy.read_timeout: \"-1\": must be more than 0; " + DURATION_REMEDY,
            "error 4 proxy.dial_timeout: \"soon\": not a duration; " + DURATION_REMEDY),
        file(
            "peer: {drain_delay: -1s, drain_timeout: 9000h}",
            "error 1 peer.drain_delay: \"-1s\": must not be negative; " + DURATION_REMEDY,
            "error 1 peer.drain_timeout: \"9000h\": must be at most 366 days; " + DURATION_REMEDY),
        file(
            "proxy: {threads: 1025}\nlimits: {max_connections: ''}",
            "error 1 proxy.threads: \"1025\": must be 0-1024; write a whole number",
            "error 2 limits.max_connections: \"\": must be 0 or more; write a whole number"),
        file(
            "peer:\n  remote_peer_addr:\n  - a:1\n  - b\n  - c:0",
            "error 4 peer.remote_peer_addr[1]: \"b\": expected host:port; " + HOST_PORT_REMEDY,
            "error 5 peer.remote_peer_addr[2]: \"c:0\": port must be 1-65535; " + HOST_PORT_REMEDY),
        file(
            "peer: {telemetry_path: /status}",
            "error 1 peer.telemetry_path: \"/status\": this path belongs to another page; write a"
                + " path such as /metrics"),
        file(
            "peer: {peer_name: 'a,b'}",
            "error 1 peer.peer_name: \"a,b\": a peer name has no colon, comma, white space or"
                + " control character; write a name such as peer-a"),
        // services
        file(
            "services:\n- name: api\n  endpoints:\n  - 10.0.0.1:99999\n  - {address: 'a:1',"
                + " weight: 129}",
            "error 4 services[0].endpoints[0]: service \"api\" endpoint \"10.0.0.1:99999\": port"
                + " must be 1-65535; "
                + HOST_PORT_REMEDY,
            "error 5 services[0].endpoints[1].weight: service \"api\" endpoint a:1 weight \"129\":"
                + " must be 1-128; write a whole number"),
        file(
            "services:\n- endpoints: ['a:1']\n- {name: b}\n- {name: c, endpoints: []}",
            "error 2 services[0]: a service needs a name; add name: with what connections ask for",
            "error 3 services[1]: service \"b\" has no endpoints; add endpoints: with at least one"
                + " host:port",
            "error 4 services[2].endpoints: service \"c\" has no endpoints; add endpoints: with at"
                + " least one host:port"),
        file(
            "services: [{name: a, names: [b], endpoints: ['a:1']}]",
            "error 1 services[0].names: a service has name or names, not both; list every name"
                + " under names"),
        file(
            "services: [{name: 'a b', endpoints: [{weight: 2}]}]",
            "error 1 services[0].name: service \"a b\": not a name to route by; write a name such"
                + " as redis, api.example.com or *.example.com",
            "error 1 services[0].endpoints[0]: service endpoint needs address; "
                + HOST_PORT_REMEDY),
        file(
            "services:\n- {name: a, endpoints: ['b:1', 'B:1']}",
            "warning 2 services[0].endpoints[1]: service \"a\" endpoint b:1 stands twice and counts"
                + " once; remove one of the two, or use weight for a larger share"),
        file(
            "services: [{name: a, endpoints: ['b:1'], lb_policy: FAST, connect: {attempts: 17}}]",
            "error 1 services[0].lb_policy: service \"a\" lb_policy \"FAST\": not a balancing"
                + " policy; write ROUND_ROBIN, LEAST_REQUEST, RANDOM or SOURCE_HASH",
            "error 1 services[0].connect.attempts: service \"a\" connect attempts \"17\": must be 1-16; write a whole number"),
        // this peer itself
        file(
            "peer: {bind_addr: ':6443', service_addr: 'a:localhost:6443,b:10.0.0.1:6443'}",
            "error 1 peer.service_addr: service \"a\" endpoint localhost:6443 is this peer itself,"
                + " its listener \"peer\" on :6443: a loop; write the address of the backend"),
        file(
            "peer: {bind_addr: '10.0.0.1:6443'}\nservices: [{name: a, endpoints: ['10.0.0.1:6443']}]",
            "error 2 services[0].name: service \"a\" endpoint 10.0.0.1:6443 is this peer itself,"
                + " its listener \"peer\" on 10.0.0.1:6443: a loop; write the address of the"
                + " backend"),
        // one name, several times
        file(
            "services:\n- {names: [a, A.], endpoints: ['b:1']}\n- {name: A, endpoints: ['c:1']}",
            "warning 2 services[0].names[1]: name \"a\" stands twice in one service; keep one of"
                + " the two",
            "error 3 services[1].name: name \"a\" belongs to another service, line 2; put all"
                + " endpoints of a name into one service"),
        file(
            "peer: {service_addr: 'a:b:1,A.:B:1'}",
            "warning 1 peer.service_addr: service \"a\" with backend b:1 stands twice: also line"
                + " 1; keep one of the two"),
        file(
            "peer:\n  service_addr:\n  - a:b:1\n  - a:c:1",
            "error 4 peer.service_addr[1]: service \"a\" has backend c:1 here and b:1: line 3;"
                + " write several endpoints of one name under services:, and the name nowhere"
                + " else"),
        file(
            "peer: {service_addr: 'a:b:1'}\nservices: [{name: a, endpoints: ['b:1']}]",
            "warning 1 peer.service_addr: service \"a\" with backend b:1 stands twice: also under"
                + " services, line 2; keep one of the two"),
        file(
            "peer: {service_addr: 'a:b:1'}\nservices: [{name: a, endpoints: ['b:1', 'c:1']}]",
            "error 1 peer.service_addr: service \"a\" has backend b:1 here and others: under"
                + " services, line 2; write several endpoints of one name under services:, and the"
                + " name nowhere else"),
        file(
            "peer: {service_addr: 'a:b:1:2:3'}",
            "error 1 peer.service_addr: service \"a:b:1:2:3\": expected domain:port or"
                + " name:host:port; write domain:port or name:host:port"),
        file(
            "peer: {backends: [{name: a}, {address: 'b:1'}, c]}",
            "error 1 peer.backends[2]: expected a section of keys and values, found a single value;"
                + " write key: value on lines of its own",
            "error 1 peer.backends[0]: backend needs address; " + HOST_PORT_REMEDY,
            "error 1 peer.backends[1]: backend needs name; write a name such as redis,"
                + " api.example.com or *.example.com"),
        file(
            "peer: {service_addr: 'a:1', backend_addr: 'b:2', peer_name: c, client_name: d}",
            "warning 1 peer.client_name: client_name has no effect, because peer_name is set as"
                + " well; remove client_name, the old name",
            "warning 1 peer.backend_addr: backend_addr has no effect, because service_addr is set"
                + " as well; remove backend_addr, the old name"),
        // listeners
        file(
            "listeners:\n- {name: a, address: ':1'}\n- {name: a, address: ':2'}\n- {name: peer,"
                + " address: ':3'}\n- {name: b}",
            "error 3 listeners[1].name: listener name \"a\" stands twice, first on line 2; choose"
                + " another name",
            "error 4 listeners[2].name: listener name \"peer\" belongs to the listener of"
                + " peer.bind_addr; choose another name",
            "error 5 listeners[3]: listener \"b\" needs address; write host:port, or :port for all"
                + " addresses"),
        file(
            "listeners:\n- {name: a, address: '127.0.0.1:6443'}\n- {name: b, address: ':9090'}\n-"
                + " {name: c, address: '[::1]:9090'}",
            "error 2 listeners[0].address: listener \"a\" \"127.0.0.1:6443\" and peer.bind_addr"
                + " \":6443\" cannot both be listened on; give one of them another port or another"
                + " host",
            "error 3 listeners[1].address: listener \"b\" \":9090\" and peer.listen_address"
                + " \":9090\" cannot both be listened on; give one of them another port or another"
                + " host",
            "error 4 listeners[2].address: listener \"c\" \"[::1]:9090\" and peer.listen_address"
                + " \":9090\" cannot both be listened on; give one of them another port or another"
                + " host"),
        file(
            "listeners:\n- {name: a, address: ':1', service: b, sni_routes: [{server_names: [x],"
                + " service: y}]}\n- {name: b, address: ':2', sni_routes: [{service: y},"
                + " {server_names: [], service: y}, {server_names: [x], service: y}, {server_names:"
                + " [X, '*'], service: z}]}",
            "error 2 listeners[0].sni_routes: listener \"a\" has sni_routes and service; rename"
                + " service to default_service: it gets what no route names",
            "error 3 listeners[1].sni_routes[0]: listener \"b\" route needs server_names; write a"
                + " name such as redis, api.example.com or *.example.com",
            "error 3 listeners[1].sni_routes[1].server_names: listener \"b\" route has no server"
                + " names; list the names, or use default_service for whatever else comes",
            "error 3 listeners[1].sni_routes[3].server_names[1]: listener \"b\" route \"*\": not a"
                + " name to route by; write a name such as redis, api.example.com or *.example.com",
            "error 3 listeners[1].sni_routes[3].server_names[0]: listener \"b\" has server name"
                + " \"x\" twice, first on line 3; remove one of the two"),
        file(
            "listeners: [{name: a, address: ':1', service: b, default_service: c, detect: auto}]",
            "error 1 listeners[0].default_service: listener \"a\" has both service and"
                + " default_service; keep service to send everything there, or default_service for"
                + " what names nothing",
            "error 1 listeners[0].detect: listener \"a\" has both detect: auto and service; with"
                + " service nothing is detected: remove detect, or use default_service"),
        file(
            "listeners: [{name: a, address: ':1', detect: off, default_service: '*.b'}]",
            "error 1 listeners[0].default_service: listener \"a\" default_service \"*.b\": a"
                + " wildcard is no target; write one exact name, such as api.example.com",
            "error 1 listeners[0].detect: listener \"a\" has detect: off and no service; name the"
                + " service that every connection goes to"),
        // the whole
        file(
            "peer: {remote_peer_addr: 'a:1, A:1, a:1', local_peer_addr: 'a:1'}",
            "warning 1 peer.remote_peer_addr: remote peer a:1 is the address of this peer itself;"
                + " remove it, or set local_peer_addr to the address that others dial",
            "warning 1 peer.remote_peer_addr: remote peer a:1 stands more than once; keep one of"
                + " them"),
        file(
            "peer: {heartbeat_interval: 180}",
            "warning 1 peer.heartbeat_interval: heartbeat_interval is not shorter than"
                + " registration_read_timeout: peers with the same settings cut links as dead"
                + " between two heartbeats; make it a third of registration_read_timeout or less"));
  }

  @ParameterizedTest
  @MethodSource("files")
  void ofFiles(String yaml, List<String> problems) {
    assertThat(Loading.yaml(yaml).problems()).isEqualTo(problems);
    assertThat(Loading.yaml(yaml).load().config().isEmpty())
        .isEqualTo(problems.stream().anyMatch(problem -> problem.startsWith("error")));
  }

  @Test
  void areAllFoundInOneRunInTheOrderOfTheLayers() {
    assertThat(
            Loading.yaml("log:\n  format: xml\n  level: loud", "peer: {bind_addr: x}")
                .variable("PROXY_THREADS", "many")
                .variable("PEER_BIND_ADDR", "y")
                .flag("--web.telemetry-path", "m")
                .flag("--bind-addr", "z")
                .flag("--no-such", "")
                .load()
                .problems())
        .extracting(problem -> problem.origin().replaceFirst(".*/.*", "file"), Problem::path)
        .map(Object::toString)
        .containsExactly(
            "(\"file\", \"log.format\")",
            "(\"file\", \"log.level\")",
            "(\"file\", \"peer.bind_addr\")",
            "(\"environment\", \"PEER_BIND_ADDR\")",
            "(\"environment\", \"PROXY_THREADS\")",
            "(\"flags\", \"--bind-addr\")",
            "(\"flags\", \"--no-such\")",
            "(\"flags\", \"--web.telemetry-path\")");
  }

  @Test
  void areShownOnOneLine() {
    Problem problem =
        Loading.yaml("log: {level: loud}").load().problems().stream()
            .filter(p -> p.line() == 1)
            .findFirst()
            .orElseThrow();
    assertThat(problem.toString())
        .matches(
            "error: .*\\.yaml:1: log\\.level: \"loud\": not a log level; write debug, info, warn or"
                + " error");
  }

  @Test
  void ofFilesThatAreMissingOrEmptyDependOnWhetherThePeerRuns() {
    Path missing = Path.of("no", "such", "config.yaml");
    ConfigLoader loader =
        new ConfigLoader(Optional.of(missing), Map.of("PEER_BIND_ADDR", "127.0.0.1:0"), Map.of());
    LoadResult start = loader.load();
    assertThat(start.config()).isEmpty();
    assertThat(start.source()).isEqualTo(missing.toString());
    assertThat(start.problems())
        .containsExactly(
            new Problem(
                Problem.Severity.ERROR,
                missing.toString(),
                "",
                0,
                "there is no such file",
                "check --config.file, or leave it out"));
    LoadResult reload = loader.loadForReload();
    assertThat(reload.config()).isEmpty();
    assertThat(reload.problems())
        .containsExactly(
            new Problem(
                Problem.Severity.ERROR,
                missing.toString(),
                "",
                0,
                "there is no such file",
                "put the file back"));
    for (String empty : new String[] {"", " \n\n", "# only a comment\n", "---\n", "\ufeff"}) {
      assertThat(Loading.yaml(empty).problems())
          .containsExactly(
              "warning : the file is empty; variables, flags and defaults apply; write into it");
      assertThat(Loading.yaml(empty).reload().config()).isEmpty();
      assertThat(Loading.yaml(empty).reload().problems())
          .extracting(Problem::message)
          .containsExactly("the file is empty");
    }
  }

  @Test
  void ofAFileThatIsADirectory() {
    LoadResult result = new ConfigLoader(Optional.of(Path.of(".")), Map.of(), Map.of()).load();
    assertThat(result.config()).isEmpty();
    assertThat(result.problems().get(0))
        .hasToString("error: .: is a directory; name the file in it");
  }

  @Test
  void theHashIsThatOfTheBytes() {
    assertThat(Loading.nothing().load().hash())
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(Loading.bytes("abc".getBytes(StandardCharsets.US_ASCII)).load().hash())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  @Test
  void anOpenMeshIsWarnedOfOnceAtTheStart() {
    assertThat(warnings(Loading.yaml("log: {level: info}").load()))
        .containsExactly(
            "warning: default: mesh.legacy_peers: not set: whoever reaches :6443 may register any"
                + " name and take its traffic; list the networks of your peers, such as"
                + " [10.0.0.0/8], or [] for no v1 links");
    assertThat(warnings(Loading.yaml("log: {level: info}").reload())).isEmpty();
    assertThat(warnings(Loading.yaml("peer: {bind_addr: '127.0.0.1:1'}").load())).isEmpty();
    assertThat(warnings(Loading.yaml("mesh: {legacy_peers: []}").load())).isEmpty();
    assertThat(warnings(Loading.yaml("mesh: {legacy_peers: 0.0.0.0/0}").load())).isEmpty();
  }

  private static List<String> warnings(LoadResult result) {
    return result.problems().stream().map(Problem::toString).toList();
  }

  @Test
  void areBoundedInNumber() {
    StringBuilder yaml = new StringBuilder("peer: {}\n");
    for (int i = 0; i < 5000; i++) {
      yaml.append("unknown").append(i).append(": 1\n");
    }
    List<Problem> problems = Loading.yaml(yaml.toString()).load().problems();
    assertThat(problems).hasSize(1001);
    assertThat(problems.get(1000).message()).isEqualTo("4001 more problems are not shown");
  }
}
