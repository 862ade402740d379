package io.opsproxy.dataplane.testing;

import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The peer command in a process of its own, with the small heap that it is shipped with. */
public final class PeerProcess implements PeerUnderTest, AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Pattern STARTED =
      Pattern.compile(" on /?127\\.0\\.0\\.1:(\\d+), status on /?127\\.0\\.0\\.1:(\\d+)");
  private final Path file;
  private final Path out;
  private final Path err;
  private final String limit;
  private Process process;
  private InetSocketAddress address;
  private StatusPages pages;

  PeerProcess(Path file, String limit) {
    this.file = file;
    this.limit = limit;
    out = file.resolveSibling(file.getFileName() + ".out");
    err = file.resolveSibling(file.getFileName() + ".err");
  }

  /** The command of this program with these arguments. */
  public static List<String> command(String... arguments) {
    return java(Main.class, arguments);
  }

  /** The command that runs a main class of this class path in a small Java. */
  public static List<String> java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-XX:-UsePerfData",
            "-cp"));
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts it, again too, and waits until it is ready. */
  public PeerProcess start() {
    List<String> command = command("peer", "--config.file=" + file);
    if (!limit.isEmpty()) {
      command.addAll(0, List.of("bash", "-c", limit + " && exec \"$@\"", "bash"));
    }
    if (ignoresHangup()) {
      command.addAll(0, List.of("env", "--default-signal=HUP"));
    }
    try {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().putAll(PeerUnderTest.variables());
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await("start").atMost(DEADLINE).pollInterval(Duration.ofMillis(20)).until(this::hasStarted);
    return this;
  }

  /** Tests that run under nohup would hand it on to the peer, which then never sees a SIGHUP. */
  private static boolean ignoresHangup() {
    Path status = Path.of("/proc/self/status");
    try {
      return Files.exists(status)
          && Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("SigIgn:"))
              .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean hasStarted() {
    Matcher started = STARTED.matcher(log());
    if (!started.find()) {
      if (!process.isAlive()) {
        throw new AssertionError("it ended with " + process.exitValue() + ": " + log());
      }
      return false;
    }
    address = local(started.group(1));
    pages = new StatusPages(local(started.group(2)));
    return true;
  }

  private static InetSocketAddress local(String port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }

  /** All that it has written. */
  public String log() {
    try {
      return Files.readString(out) + Files.readString(err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public StatusPages pages() {
    return pages;
  }

  public Path file() {
    return file;
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public void signal(String name) {
    signal(process, name);
  }

  /** Sends any process a signal, such as STOP. */
  public static void signal(Process process, String name) {
    try {
      int result =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
      if (result != 0) {
        throw new AssertionError("kill -" + name + " failed");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Its exit code. */
  public int awaitExit() {
    try {
      if (!process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("it still runs: " + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Resident memory in MiB. */
  public long residentMebibytes() {
    for (String line : proc("status").split("\n")) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
      }
    }
    throw new AssertionError("no VmRSS");
  }

  /** CPU time used so far, in hundredths of a second. */
  public long cpuTicks() {
    String[] fields = proc("stat").replaceFirst(".*\\) ", "").split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private String proc(String name) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), name), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    awaitExit();
  }
}
