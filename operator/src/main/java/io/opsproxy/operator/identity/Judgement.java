package io.opsproxy.operator.identity;

import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.time.Instant;
import java.util.List;

/** The condition Trusted. Pure functions. */
final class Judgement {
  private Judgement() {}

  static Finding of(Reason reason, String message) {
    return Finding.of(ConditionType.TRUSTED, reason, message);
  }

  /**
   * Of a certificate that is there.
   *
   * @param subject names the Secret
   * @param shown when those end that pods show
   */
  static Finding of(String subject, Leaf leaf, List<Instant> shown, Instant now) {
    if (now.isAfter(leaf.notAfter())) {
      return of(
          Reason.CERTIFICATE_EXPIRED,
          subject + ": the certificate is expired since " + leaf.notAfter() + "; renew it");
    }
    if (now.isBefore(leaf.notBefore())) {
      return of(
          Reason.CERTIFICATE_EXPIRED,
          subject
              + ": the certificate is not valid before "
              + leaf.notBefore()
              + "; wait, or set the clocks right");
    }
    long stale = shown.stream().filter(now::isAfter).count();
    if (stale > 0) {
      return of(
          Reason.CERTIFICATE_EXPIRED,
          stale
              + " pods still show a certificate that has ended; they take the one of "
              + subject
              + " when the kubelet has brought it");
    }
    if (!now.isBefore(leaf.nearEnd())) {
      return of(
          Reason.EXPIRING,
          subject
              + ": the certificate ends at "
              + leaf.notAfter()
              + " and is not renewed yet; links are cut then");
    }
    return of(Reason.TRUSTED, leaf.id() + " until " + leaf.notAfter());
  }
}
