package io.opsproxy.dataplane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.problem.Strictness;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What is understood without the library is what the library would have understood. */
final class PeerArgumentsTest {
  private static Optional<PeerArguments> plain(String line) {
    return PeerArguments.plain(line.isEmpty() ? new String[0] : line.split(" "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--config.file=a.yaml",
        "--config.file a.yaml",
        "-c a.yaml",
        "-c=a.yaml",
        "--bind-addr=:1 --web.listen-address=:2 --web.telemetry-path=/m",
        "--bind-addr :1 -c a=b.yaml",
        "--config-path a.yaml -l info --concurrency 2 --drain-time-s 60",
        "-c a.yaml --log-level=warning --service-cluster proxy --service-node n --base-id 1"
            + " --use-dynamic-base-id --restart-epoch=0 --parent-shutdown-time-s 90"
            + " --drain-strategy immediate --service-zone z --disable-hot-restart"
      })
  void plainWaysMeanWhatTheLibraryMakesOfThem(String line) {
    for (String command : new String[] {"", "peer "}) {
      PeerOptions options = new PeerOptions();
      new CommandLine(options).parseArgs(line.isEmpty() ? new String[0] : line.split(" "));
      assertThat(plain((command + line).strip())).contains(options.arguments());
    }
  }

  @Test
  void theEndOfInputIsAnOptionOfTheCommand() {
    assertThat(plain("peer --until-eof -c a.yaml"))
        .contains(
            new PeerArguments(Optional.of(Path.of("a.yaml")), Map.of(), Strictness.USUAL, true));
    assertThat(plain("--until-eof")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "-V",
        "validate a.yaml",
        "peer --help",
        "--mode validate -c a.yaml",
        "--config.file",
        "--config.file=",
        "-c -c",
        "-c a.yaml -c b.yaml",
        "-c a.yaml --config.file=b.yaml",
        "-ca.yaml",
        "-c @a",
        "-c \"a",
        "a.yaml",
        "peer peer",
        "--no-such-flag=1",
        "peer --until-eof --until-eof",
        "--until-eof=true"
      })
  void allElseIsTheLibrarys(String line) {
    assertThat(plain(line)).isEmpty();
  }

  /** An option that is added has a plain way too, or this says so. */
  @Test
  void everyOptionOfAPeerHasAPlainWay() {
    Stream<OptionSpec> options =
        new CommandLine(new PeerCommand())
            .getCommandSpec().options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp());
    assertThat(options)
        .hasSize(12)
        .allSatisfy(
            option ->
                assertThat(option.names())
                    .allSatisfy(
                        name ->
                            assertThat(
                                    PeerArguments.plain(
                                        "peer", option.arity().max() == 0 ? name : name + "=x"))
                                .isPresent()));
  }
}
