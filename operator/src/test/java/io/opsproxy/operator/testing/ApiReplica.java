package io.opsproxy.operator.testing;

import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A further API server of a {@link KubeServer}, which can be killed and started again at the same
 * port. One thread at a time.
 */
public final class ApiReplica implements AutoCloseable {
  private final int port;
  private final Supplier<LeashedProcess> launch;
  private final Predicate<LeashedProcess> answers;
  private LeashedProcess process;

  /**
   * @param answers waits until it is ready; false when it ended before
   */
  ApiReplica(int port, Supplier<LeashedProcess> launch, Predicate<LeashedProcess> answers) {
    this.port = port;
    this.launch = launch;
    this.answers = answers;
  }

  /** Its port on 127.0.0.1. */
  public int port() {
    return port;
  }

  /** Starts it, again too, and waits until it is ready; false when it ended before. */
  public boolean start() {
    process = launch.get();
    return answers.test(process);
  }

  /** SIGKILL: what it had open breaks, and nobody is at its port. */
  public void kill() {
    process.close();
  }

  @Override
  public void close() {
    kill();
  }
}
