package io.opsproxy.dataplane.config.value;

import java.util.Optional;

/**
 * Which names somebody may own: one name, all below a domain ({@code *.west.example.com}), or any
 * ({@code *}).
 *
 * @param name empty for any
 */
public record NamePattern(Optional<HostName> name) {
  private static final NamePattern ANY = new NamePattern(Optional.empty());

  /**
   * @throws IllegalArgumentException with a sentence that begins with the text in quotes
   */
  public static NamePattern parse(String text) {
    if (text.equals("*")) {
      return ANY;
    }
    Optional<HostName> name = HostName.pattern(text);
    if (name.isEmpty()) {
      throw new IllegalArgumentException(Quoted.of(text) + ": not a name");
    }
    return new NamePattern(name);
  }

  /**
   * Whether every name that the other one matches is matched by this one. A wildcard matches names
   * of one label or more before its domain, and not the domain itself.
   *
   * @param other an exact name or a wildcard
   */
  public boolean covers(HostName other) {
    if (name.isEmpty()) {
      return true;
    }
    HostName own = name.get();
    if (!own.isWildcard()) {
      return own.equals(other);
    }
    String domain = own.value().substring(1);
    String tail = other.isWildcard() ? other.value().substring(1) : other.value();
    return tail.endsWith(domain) && (other.isWildcard() || tail.length() > domain.length());
  }

  /** As it is written. */
  @Override
  public String toString() {
    return name.isPresent() ? name.get().value() : "*";
  }
}
