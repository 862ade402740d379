package io.opsproxy.operator.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class run against a real API server, which all such classes of a run share.
 *
 * <p>Constructors and methods get it as a parameter of type {@link KubeServer} or {@link
 * io.fabric8.kubernetes.client.KubernetesClient}. Each class works in namespaces of its own. Where
 * there is no server the class is skipped, and with the variable {@code CI=true} it fails.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RealApiServerExtension.class)
public @interface RealApiServer {
  /** Whether the class needs controllers: garbage collection, pods of Deployments, namespaces. */
  boolean controllers() default true;
}
