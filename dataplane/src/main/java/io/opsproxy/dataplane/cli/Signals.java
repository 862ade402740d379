package io.opsproxy.dataplane.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.LoggerFactory;

/**
 * Operating-system signals. The JDK has them in {@code sun.misc.Signal} only, which is supported
 * but warned about at compile time, so it is reached by reflection; where it is missing, signals do
 * what they do without a handler.
 */
final class Signals {
  private Signals() {}

  /**
   * Runs an action at each arrival, on a thread of the JVM's.
   *
   * <p>A process inherits which signals are ignored, and the JVM leaves HUP, INT and TERM so: one
   * that was started by {@code nohup} never sees HUP.
   *
   * @param name without {@code SIG}
   * @return whether the signal was not ignored until now
   */
  static boolean on(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler invocation =
          (proxy, method, arguments) -> {
            if (method.getName().equals("handle")) {
              action.run();
              return null;
            }
            return switch (method.getName()) {
              case "hashCode" -> System.identityHashCode(proxy);
              case "equals" -> proxy == arguments[0];
              default -> "signal handler for " + name;
            };
          };
      Object proxy =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(), new Class<?>[] {handler}, invocation);
      Object before =
          signal
              .getMethod("handle", signal, handler)
              .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
      return before != handler.getField("SIG_IGN").get(null);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LoggerFactory.getLogger(Signals.class)
          .warn("signal {} cannot be handled here: {}", name, e.toString());
      return true;
    }
  }
}
