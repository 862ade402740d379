package io.opsproxy.operator.testing;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Starts the shared server with the first class that needs it; JUnit closes it after the last. */
final class RealApiServerExtension
    implements ExecutionCondition, BeforeAllCallback, ParameterResolver {
  /** What the launcher looks for in the reports, to say once that tests were skipped. */
  private static final String MISSING = "no Kubernetes API server";

  private static final Namespace NAMESPACE = Namespace.create(RealApiServerExtension.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    boolean controllers = needsControllers(context);
    if (find(controllers).isPresent() || "true".equals(System.getenv("CI"))) {
      return ConditionEvaluationResult.enabled("there is a server, or there must be one");
    }
    return ConditionEvaluationResult.disabled(missing(controllers));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    // Where the server is missing although it must not be, this fails the class.
    binaries(needsControllers(context));
    server(context);
  }

  /**
   * The servers' programs.
   *
   * @throws AssertionError if there are none
   */
  static KubeBinaries binaries(boolean controllers) {
    return find(controllers).orElseThrow(() -> new AssertionError(missing(controllers)));
  }

  private static Optional<KubeBinaries> find(boolean controllers) {
    return KubeBinaries.find().filter(found -> !controllers || found.haveControllers());
  }

  private static String missing(boolean controllers) {
    return MISSING
        + (controllers ? " with controllers" : "")
        + " of version "
        + KubeBinaries.version()
        + ": install Go 1.25 or newer, then run ./ops-proxy test, which builds it once";
  }

  private static boolean needsControllers(ExtensionContext context) {
    return AnnotationSupport.findAnnotation(context.getRequiredTestClass(), RealApiServer.class)
        .map(RealApiServer::controllers)
        .orElse(true);
  }

  private static KubeServer server(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(NAMESPACE)
        .computeIfAbsent(
            "server",
            key -> {
              KubeBinaries binaries = binaries(false);
              return KubeServer.start(binaries, binaries.haveControllers());
            },
            KubeServer.class);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == KubeServer.class || type == KubernetesClient.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    KubeServer server = server(context);
    return parameter.getParameter().getType() == KubeServer.class ? server : server.client();
  }
}
