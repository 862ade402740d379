package io.opsproxy.operator.local;

import io.opsproxy.operator.render.ObjectKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A peer as a process, which is started again whenever it ends, as the kubelet does with a
 * container: at once after {@code pause}, then twice as late each time up to half a minute, from
 * the beginning again once it has run that long.
 */
final class LocalPeer implements AutoCloseable {
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int READY_POLL_MILLIS = 30;
  private static final int READY_TIMEOUT_MILLIS = 2_000;

  private final ObjectKey key;
  private final Path config;
  private final Duration pause;
  private final Console console;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread keeper;
  private Process process;
  private boolean restarting;
  private Addresses addresses;
  private String told = "";

  /**
   * @param addresses where it is to be found
   */
  LocalPeer(ObjectKey key, Path config, Addresses addresses, Duration pause, Console console) {
    this.key = key;
    this.config = config;
    this.addresses = addresses;
    this.pause = pause;
    this.console = console;
    keeper = new Thread(this::keep, "peer-" + key);
    keeper.setDaemon(true);
  }

  void start() {
    keeper.start();
  }

  /** Its configuration is another one; it reads that by itself. */
  synchronized void addresses(Addresses now) {
    boolean others = !now.equals(addresses);
    addresses = now;
    if (others && process != null && process.isAlive()) {
      awaitReady(process);
    }
  }

  /** What changed takes effect at a start only. */
  synchronized void restart(Addresses now) {
    addresses = now;
    restarting = true;
    end();
  }

  /** Of the process that runs now. */
  synchronized OptionalLong pid() {
    return process != null && process.isAlive()
        ? OptionalLong.of(process.pid())
        : OptionalLong.empty();
  }

  /** Ends it in good order, and does not start it again. Returns at once; see {@link #awaitEnd}. */
  @Override
  public void close() {
    closed.countDown();
    synchronized (this) {
      end();
    }
  }

  /** Waits for its end after {@link #close}; kills it when it takes longer than that. */
  void awaitEnd(Duration atMost) throws InterruptedException {
    keeper.join(atMost.toMillis());
    Process last;
    synchronized (this) {
      last = process;
    }
    if (last != null && last.isAlive()) {
      console.say("peer " + key + " did not end within " + atMost.toSeconds() + " s and is killed");
      last.destroyForcibly().waitFor();
    }
  }

  private void end() {
    if (process != null) {
      try {
        process.getOutputStream().close();
      } catch (IOException e) {
        // It has ended.
      }
    }
  }

  private void keep() {
    Duration next = pause;
    try {
      while (closed.getCount() > 0) {
        long started = System.nanoTime();
        int code = run();
        synchronized (this) {
          if (restarting) {
            continue;
          }
        }
        if (closed.getCount() == 0) {
          return;
        }
        if (System.nanoTime() - started > LONGEST_PAUSE.toNanos()) {
          next = pause;
        }
        console.say(
            "peer "
                + key
                + " ended with exit code "
                + code
                + "; it is started again in "
                + next.toMillis()
                + " ms");
        if (closed.await(next.toNanos(), TimeUnit.NANOSECONDS)) {
          return;
        }
        Duration twice = next.multipliedBy(2);
        next = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
      }
    } catch (IOException e) {
      console.say("peer " + key + " cannot be started: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One life of the process; gives its exit code. */
  private int run() throws IOException, InterruptedException {
    Process started;
    synchronized (this) {
      if (closed.getCount() == 0) {
        return 0;
      }
      restarting = false;
      started = PeerProcess.start(key, config);
      process = started;
    }
    awaitReady(started);
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        console.say("[" + key + "] " + line);
      }
    } catch (IOException e) {
      console.say("peer " + key + ": its output is lost: " + e.getMessage());
    }
    return started.waitFor();
  }

  private void awaitReady(Process started) {
    Thread waiter =
        new Thread(
            () -> {
              try {
                while (started.isAlive() && !ready()) {
                  Thread.sleep(READY_POLL_MILLIS);
                }
                tell(started);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "ready-" + key);
    waiter.setDaemon(true);
    waiter.start();
  }

  private boolean ready() {
    try {
      HttpURLConnection page =
          (HttpURLConnection)
              URI.create("http://" + metrics() + "/readyz").toURL().openConnection();
      page.setConnectTimeout(READY_TIMEOUT_MILLIS);
      page.setReadTimeout(READY_TIMEOUT_MILLIS);
      int code = page.getResponseCode();
      page.disconnect();
      return code == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  private synchronized String metrics() {
    return addresses.metrics();
  }

  private synchronized void tell(Process started) {
    String line = "peer " + key + " " + addresses;
    if (started.isAlive() && !line.equals(told)) {
      told = line;
      console.up(line);
    }
  }
}
