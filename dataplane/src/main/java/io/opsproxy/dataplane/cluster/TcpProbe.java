package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.dial.Dialler;
import io.opsproxy.dataplane.dial.Dialling;
import io.opsproxy.dataplane.relay.Stream;
import java.util.function.Consumer;

/** Passes when the endpoint can be connected. */
final class TcpProbe implements Probe, Dialling.Listener {
  private final Dialler dialler;
  private final Endpoint endpoint;
  private final EventExecutor loop;
  private final byte[] preamble;
  private Consumer<CheckResult> done;
  private Dialling dial;

  /**
   * @param preamble sent first: a PROXY header, or nothing
   */
  TcpProbe(Dialler dialler, Endpoint endpoint, EventExecutor loop, byte[] preamble) {
    this.dialler = dialler;
    this.endpoint = endpoint;
    this.loop = loop;
    this.preamble = preamble;
  }

  @Override
  public void begin(Consumer<CheckResult> whenDone) {
    done = whenDone;
    dial = dialler.to(endpoint.checkDestination(), loop, this);
    dial.start();
  }

  @Override
  public void connected(Stream stream) {
    if (preamble.length > 0) {
      stream.write(preamble, 0, preamble.length);
    }
    stream.close();
    done.accept(new CheckResult(CheckResult.Kind.PASSED, "connected"));
  }

  @Override
  public void failed(Dialling.Problem problem) {
    done.accept(failure(problem));
  }

  /** What a connect that failed means. */
  static CheckResult failure(Dialling.Problem problem) {
    return new CheckResult(
        problem.timedOut() ? CheckResult.Kind.TIMEOUT : CheckResult.Kind.NETWORK, problem.why());
  }

  @Override
  public String waitingFor() {
    return "a connect";
  }

  @Override
  public void cancel() {
    dial.cancel();
  }
}
