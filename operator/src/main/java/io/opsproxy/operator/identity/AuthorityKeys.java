package io.opsproxy.operator.identity;

import io.opsproxy.dataplane.trust.issue.Authority;
import io.opsproxy.dataplane.trust.issue.Issued;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The authority of an operator through its renewals. The next one is in everybody's bundle long
 * before it issues anything, and the one before for as long as it is valid: there is no moment at
 * which a certificate comes from an authority that others do not know yet, or no longer. Pure.
 *
 * @param current issues
 * @param next will issue, and is told to everybody already
 * @param previous has issued
 */
record AuthorityKeys(Issued current, Optional<Issued> next, Optional<X509Certificate> previous) {
  static final Duration LIFE = Duration.ofDays(3_650);

  /** Clocks differ a little: what is new is not too new for anyone. */
  static final Duration BACKDATED = Duration.ofMinutes(5);

  /** Parts of its life that are left when the next one is made, and when that takes over. */
  private static final int MADE = 5;

  private static final int TAKES_OVER = 10;

  static AuthorityKeys first(String domain, Instant now) {
    return new AuthorityKeys(make(domain, now), Optional.empty(), Optional.empty());
  }

  private static Issued make(String domain, Instant now) {
    return Authority.create(domain, now.minus(BACKDATED), now.plus(LIFE)).own();
  }

  /** As they should be at this time; the same object when nothing is due. */
  AuthorityKeys at(Instant now, String domain) {
    if (next.isEmpty() && isLeft(MADE, now)) {
      return new AuthorityKeys(current, Optional.of(make(domain, now)), previous).at(now, domain);
    }
    if (next.isPresent() && isLeft(TAKES_OVER, now)) {
      return new AuthorityKeys(next.get(), Optional.empty(), Optional.of(current.certificate()))
          .at(now, domain);
    }
    if (previous.isPresent() && now.isAfter(previous.get().getNotAfter().toInstant())) {
      return new AuthorityKeys(current, next, Optional.empty());
    }
    return this;
  }

  /** Whether at most this part of the life of the current one is left. */
  private boolean isLeft(int part, Instant now) {
    Instant from = current.certificate().getNotBefore().toInstant();
    Instant to = current.certificate().getNotAfter().toInstant();
    return !now.isBefore(to.minus(Duration.between(from, to).dividedBy(part)));
  }

  /** PEM of all that others are to believe. */
  String bundle() {
    StringBuilder bundle = new StringBuilder(current.certificatePem());
    next.ifPresent(one -> bundle.append(one.certificatePem()));
    previous.ifPresent(one -> bundle.append(new Issued(one, null).certificatePem()));
    return bundle.toString();
  }
}
