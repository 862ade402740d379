package io.opsproxy.dataplane.cli;

import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/**
 * Flags of Envoy that ask for nothing that is here: hot restarts, names of the process for a
 * control plane, checks of unknown fields. They are taken, so that the command of a pod or unit
 * that was written for Envoy stays as it is.
 */
final class EnvoyFlags {
  private static final String SERVICE_CLUSTER = "--service-cluster";
  private static final String SERVICE_NODE = "--service-node";
  private static final String SERVICE_ZONE = "--service-zone";
  private static final String BASE_ID = "--base-id";
  private static final String RESTART_EPOCH = "--restart-epoch";
  private static final String PARENT_SHUTDOWN_TIME = "--parent-shutdown-time-s";
  private static final String DRAIN_STRATEGY = "--drain-strategy";
  private static final String USE_DYNAMIC_BASE_ID = "--use-dynamic-base-id";
  private static final String DISABLE_HOT_RESTART = "--disable-hot-restart";

  /** Those with a value. */
  static final Set<String> WITH_VALUE =
      Set.of(
          SERVICE_CLUSTER,
          SERVICE_NODE,
          SERVICE_ZONE,
          BASE_ID,
          RESTART_EPOCH,
          PARENT_SHUTDOWN_TIME,
          DRAIN_STRATEGY);

  /** Those without. */
  static final Set<String> PLAIN = Set.of(USE_DYNAMIC_BASE_ID, DISABLE_HOT_RESTART);

  @Option(
      names = {
        SERVICE_CLUSTER,
        SERVICE_NODE,
        SERVICE_ZONE,
        BASE_ID,
        RESTART_EPOCH,
        PARENT_SHUTDOWN_TIME,
        DRAIN_STRATEGY
      },
      paramLabel = "VALUE",
      description = "Flags of Envoy without an effect here, taken so that its commands stay.")
  private List<String> unusedValues;

  @Option(
      names = {USE_DYNAMIC_BASE_ID, DISABLE_HOT_RESTART},
      description = "The same.")
  private boolean[] unusedSwitches;
}
