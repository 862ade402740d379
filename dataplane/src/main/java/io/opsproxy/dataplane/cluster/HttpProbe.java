package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.cluster.HttpExchange.Ending;
import io.opsproxy.dataplane.cluster.HttpExchange.Evidence;
import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.HealthCheck.Scheme;
import io.opsproxy.dataplane.dial.Dialler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;

/**
 * Passes when the endpoint answers a GET with an expected status.
 *
 * <p>With {@code scheme: auto} it finds out whether the endpoint speaks TLS, TLS first, and
 * remembers it. When an answer suggests that it was wrong, the other scheme is tried at once,
 * within the same check; what spoke is what is remembered. As long as nothing is known, TLS gets
 * half of the time: a server of plain HTTP may wait for the end of what it takes for a line.
 */
final class HttpProbe implements Probe {
  private static final int BAD_REQUEST = 400;
  private final Dialler dialler;
  private final Endpoint endpoint;
  private final EventExecutor loop;
  private final HealthCheck check;
  private final HttpStatuses statuses;
  private final CheckTls tls;
  private final byte[] preamble;
  private final byte[] request;
  private final Consumer<Instant> certificate;
  private Scheme scheme;
  private Consumer<CheckResult> done;
  private HttpExchange exchange;
  private ScheduledFuture<?> patience;

  /**
   * @param check has an HTTP part
   * @param preamble sent before anything else: a PROXY header, or nothing
   * @param certificate told at each check over TLS when that of the endpoint ends
   */
  HttpProbe(
      Dialler dialler,
      Endpoint endpoint,
      EventExecutor loop,
      HealthCheck check,
      byte[] preamble,
      Consumer<Instant> certificate) {
    this.dialler = dialler;
    this.endpoint = endpoint;
    this.loop = loop;
    this.check = check;
    this.preamble = preamble;
    this.certificate = certificate;
    HealthCheck.Http http = check.http().orElseThrow();
    statuses = new HttpStatuses(http);
    tls = new CheckTls(http);
    scheme = http.scheme();
    request =
        ("GET "
                + http.path()
                + " HTTP/1.1\r\nHost: "
                + endpoint.checkHost().or(http::host).orElse(endpoint.address().toString())
                + "\r\nUser-Agent: ops-proxy health check\r\nAccept: */*\r\nConnection: close\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void begin(Consumer<CheckResult> whenDone) {
    done = whenDone;
    if (!isAuto()) {
      ask(scheme, ending -> conclude(scheme, ending));
      return;
    }
    Scheme first = scheme == Scheme.AUTO ? Scheme.HTTPS : scheme;
    if (scheme == Scheme.AUTO) {
      patience = loop.schedule(this::tooSlow, check.timeout().toNanos() / 2, TimeUnit.NANOSECONDS);
    }
    ask(first, ending -> firstEnded(first, ending));
  }

  private boolean isAuto() {
    return check.http().orElseThrow().scheme() == Scheme.AUTO;
  }

  private void ask(Scheme how, Consumer<Ending> then) {
    Optional<SSLEngine> engine;
    try {
      engine = how == Scheme.HTTPS ? Optional.of(tls.engine(endpoint)) : Optional.empty();
    } catch (IOException | GeneralSecurityException e) {
      done.accept(CheckResult.network("TLS cannot be set up: " + e.getMessage()));
      return;
    }
    exchange =
        new HttpExchange(dialler, endpoint, loop, engine, preamble, request, certificate, then);
    exchange.start();
  }

  /** Connected, and no answer to a ClientHello in half of the time. */
  private void tooSlow() {
    if (exchange.evidence() == Evidence.NONE) {
      String what = exchange.waitingFor();
      exchange.cancel();
      CheckResult none = new CheckResult(CheckResult.Kind.TIMEOUT, "no answer to " + what);
      firstEnded(Scheme.HTTPS, new Ending(0, none, Evidence.NONE));
    }
  }

  private void firstEnded(Scheme first, Ending ending) {
    stopPatience();
    Scheme other = first == Scheme.HTTPS ? Scheme.HTTP : Scheme.HTTPS;
    if (suggestsOther(first, ending)) {
      ask(other, second -> secondEnded(other, second, ending));
    } else {
      conclude(first, ending);
    }
  }

  private static boolean suggestsOther(Scheme scheme, Ending ending) {
    // a Go server answers plain HTTP on its TLS port with 400
    return ending.evidence() == Evidence.NONE
        || ending.evidence() == Evidence.NOT_SPOKEN
        || (scheme == Scheme.HTTP && ending.status() == BAD_REQUEST);
  }

  private void secondEnded(Scheme second, Ending ending, Ending first) {
    boolean doubtful =
        second == Scheme.HTTP
            && ending.status() == BAD_REQUEST
            && first.evidence() != Evidence.NOT_SPOKEN;
    if (ending.evidence() == Evidence.SPOKEN && !doubtful) {
      conclude(second, ending);
    } else {
      done.accept(result(second == Scheme.HTTP ? Scheme.HTTPS : Scheme.HTTP, first));
    }
  }

  private void conclude(Scheme how, Ending ending) {
    if (isAuto() && ending.evidence() == Evidence.SPOKEN) {
      scheme = how;
    }
    done.accept(result(how, ending));
  }

  private CheckResult result(Scheme how, Ending ending) {
    return ending.failure() != null ? ending.failure() : statuses.judge(how, ending.status());
  }

  @Override
  public String waitingFor() {
    return exchange.waitingFor();
  }

  @Override
  public void cancel() {
    stopPatience();
    exchange.cancel();
  }

  private void stopPatience() {
    if (patience != null) {
      patience.cancel(false);
      patience = null;
    }
  }
}
