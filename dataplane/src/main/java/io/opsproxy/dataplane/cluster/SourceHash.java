package io.opsproxy.dataplane.cluster;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;

/**
 * The same endpoint for the same client, as long as it is there: of all endpoints the one that
 * scores best for the client's key (weighted rendezvous hashing). An endpoint that leaves moves its
 * own clients and nobody else's, one that comes takes its share from all alike, and shares follow
 * weights. These are the promises of Envoy's RING_HASH and MAGLEV; there is no table that had to be
 * as large as its shares are exact, and a connection whose endpoint cannot be reached goes to the
 * next best, the one that it would have if the first were gone. Costs a multiplication or two and a
 * logarithm for each endpoint. Immutable.
 */
final class SourceHash implements LoadBalancer {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final Endpoint[] endpoints;
  private final long[] hashes;

  /**
   * @param endpoints told apart by their addresses, so that their order means nothing
   */
  SourceHash(List<Endpoint> endpoints) {
    this.endpoints = endpoints.toArray(Endpoint[]::new);
    hashes = endpoints.stream().mapToLong(e -> hash(e.address().toString())).toArray();
  }

  /** The key of a client: the same for all of its ports. */
  static long key(InetAddress client) {
    long hash = FNV_OFFSET;
    for (byte part : client.getAddress()) {
      hash = (hash ^ (part & 0xff)) * FNV_PRIME;
    }
    return mix(hash);
  }

  private static long hash(String text) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return mix(hash);
  }

  /** Each bit of the result depends on each bit given (Stafford's 13th variant, as SplitMix64). */
  static long mix(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }

  @Override
  public Endpoint pick(long key, Collection<Endpoint> tried) {
    Endpoint best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < endpoints.length; i++) {
      double score = score(mix(key ^ hashes[i]), endpoints[i].weight());
      if (score < least && !tried.contains(endpoints[i])) {
        least = score;
        best = endpoints[i];
      }
    }
    return best;
  }

  /**
   * Exponentially distributed, with the weight as its rate: the least of several wins by weight.
   */
  private static double score(long hash, int weight) {
    double uniform = ((hash >>> 11) + 1) * 0x1.0p-53;
    return -Math.log(uniform) / weight;
  }
}
