package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.schema.ServiceKeys;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.List;
import java.util.Optional;

/**
 * Reads how a cluster spreads connections: {@code lb_policy}, or the first of the policies of
 * {@code load_balancing_policy}, which wins. RING_HASH and MAGLEV hash what the TcpProxy says in
 * its {@code hash_policy}; both are one policy here, which keeps the promises of both.
 */
final class EnvoyBalancing {
  private static final String THOSE =
      "write lb_policy: ROUND_ROBIN, LEAST_REQUEST, RANDOM, RING_HASH or MAGLEV";

  private final Problems problems;

  EnvoyBalancing(Problems problems) {
    this.problems = problems;
  }

  /**
   * Whether connections are hashed by their source.
   *
   * @param at where the policy stands, or the proxy that has none
   */
  record Hashing(boolean bySource, Source at) {}

  /** What a TcpProxy says. */
  static Hashing hashing(YamlSection proxy) {
    List<YamlSection> policies = proxy.sections(EnvoyKeys.HASH_POLICY, "HashPolicy");
    boolean bySource = false;
    for (YamlSection policy : policies) {
      policy.section(EnvoyKeys.SOURCE_IP, "SourceIp");
      bySource |= policy.has(EnvoyKeys.SOURCE_IP);
    }
    return new Hashing(bySource, bySource ? proxy.at(EnvoyKeys.HASH_POLICY) : proxy.at());
  }

  /**
   * @param hashings of all that name the cluster
   */
  LbPolicy read(YamlSection cluster, List<Hashing> hashings, String subject) {
    Optional<EnvoyType> typed =
        cluster.has(EnvoyKeys.LOAD_BALANCING_POLICY) ? typed(cluster, subject) : Optional.empty();
    if (typed.isPresent()) {
      return policy(typed.get(), cluster.at(EnvoyKeys.LOAD_BALANCING_POLICY), hashings, subject);
    }
    YamlNode node = cluster.node(ServiceKeys.LB_POLICY);
    Source at = cluster.at(ServiceKeys.LB_POLICY);
    String word = node instanceof YamlNode.Scalar scalar ? scalar.text() : "";
    return switch (word) {
      case "RING_HASH" -> policy(EnvoyType.RING_HASH, at, hashings, subject);
      case "MAGLEV" -> policy(EnvoyType.MAGLEV, at, hashings, subject);
      case "CLUSTER_PROVIDED", "LOAD_BALANCING_POLICY_CONFIG" -> {
        boolean reported = cluster.has(EnvoyKeys.LOAD_BALANCING_POLICY);
        if (!reported) {
          problems.error(
              at,
              subject
                  + " lb_policy "
                  + word
                  + " is not served: connections would be spread in another way",
              THOSE);
        }
        yield LbPolicy.ROUND_ROBIN;
      }
      default -> cluster.readOrDefault(ServiceKeys.LB_POLICY, subject + " lb_policy ");
    };
  }

  /** Empty for one that is not served, which is reported. */
  private Optional<EnvoyType> typed(YamlSection cluster, String subject) {
    YamlSection policy = cluster.section(EnvoyKeys.LOAD_BALANCING_POLICY, "LoadBalancingPolicy");
    List<YamlSection> policies = policy.sections(EnvoyKeys.POLICIES, "LoadBalancingPolicy.Policy");
    if (policies.isEmpty()) {
      problems.error(policy.at(), subject + " load_balancing_policy names no policy", THOSE);
      return Optional.empty();
    }
    YamlSection extension =
        policies.get(0).section(EnvoyKeys.TYPED_EXTENSION, "TypedExtensionConfig");
    YamlNode config = extension.node(EnvoyKeys.EXTENSION_CONFIG);
    Optional<EnvoyType> type = EnvoyType.of(config).filter(EnvoyType::balances);
    if (type.isPresent()) {
      extension.section(EnvoyKeys.EXTENSION_CONFIG, type.get().section());
    } else {
      problems.error(
          extension.at(),
          subject
              + " has a load_balancing_policy with "
              + EnvoyType.shown(config)
              + ", which is not served: connections would be spread in another way",
          "remove it, and " + THOSE);
    }
    return type;
  }

  private LbPolicy policy(EnvoyType type, Source at, List<Hashing> hashings, String subject) {
    return switch (type) {
      case LEAST_REQUEST -> LbPolicy.LEAST_REQUEST;
      case RANDOM -> LbPolicy.RANDOM;
      case RING_HASH, MAGLEV -> hashed(type, at, hashings, subject);
      default -> LbPolicy.ROUND_ROBIN;
    };
  }

  private LbPolicy hashed(EnvoyType type, Source at, List<Hashing> hashings, String subject) {
    Optional<Hashing> with = hashings.stream().filter(Hashing::bySource).findFirst();
    Optional<Hashing> without = hashings.stream().filter(one -> !one.bySource()).findFirst();
    if (with.isPresent() && without.isPresent()) {
      problems.error(
          without.get().at(),
          subject + " has " + type + ", and only some of the TcpProxies to it have a hash_policy",
          "write hash_policy: [{source_ip: {}}] into each of them, or into none");
    } else if (with.isEmpty()) {
      problems.warning(
          at,
          subject
              + " has "
              + type
              + " and its TcpProxy no hash_policy: Envoy would spread connections at random, here"
              + " they are spread in turn",
          "write hash_policy: [{source_ip: {}}] into the TcpProxy");
    }
    return with.isPresent() ? LbPolicy.SOURCE_HASH : LbPolicy.ROUND_ROBIN;
  }
}
