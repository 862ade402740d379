package io.opsproxy.dataplane.config.schema;

import java.util.List;

/** The keys of the section {@code limits}; a part of the table {@link ConfigKeys}. */
public final class LimitKeys {
  private LimitKeys() {}

  /** Its name. */
  public static final String SECTION = "limits";

  private static final ValueType<Integer> ANY_NUMBER = ValueTypes.integer(0, Integer.MAX_VALUE);

  public static final ConfigKey<Integer> MAX_CONNECTIONS =
      ConfigKey.of(
              SECTION,
              "max_connections",
              ANY_NUMBER,
              "0",
              "client connections in all; 0 means what the file-descriptor limit allows")
          .variables("LIMITS_MAX_CONNECTIONS");

  public static final ConfigKey<Integer> MAX_CONNECTIONS_PER_SOURCE =
      ConfigKey.of(
              SECTION,
              "max_connections_per_source",
              ANY_NUMBER,
              "0",
              "client connections from one address; 0 means no limit")
          .variables("LIMITS_MAX_CONNECTIONS_PER_SOURCE");

  public static final ConfigKey<Integer> MAX_CONNECTIONS_PER_NAME =
      ConfigKey.of(
              SECTION,
              "max_connections_per_name",
              ANY_NUMBER,
              "0",
              "client connections to one name; 0 means no limit")
          .variables("LIMITS_MAX_CONNECTIONS_PER_NAME");

  public static final ConfigKey<Integer> MAX_SNIFFING =
      ConfigKey.of(
              SECTION,
              "max_sniffing",
              ANY_NUMBER,
              "4096",
              "connections that have not yet said what they want; 0 means no limit")
          .variables("LIMITS_MAX_SNIFFING");

  public static final ConfigKey<Integer> MAX_SNIFFING_PER_SOURCE =
      ConfigKey.of(
              SECTION,
              "max_sniffing_per_source",
              ANY_NUMBER,
              "1024",
              "the same, from one address; 0 means no limit")
          .variables("LIMITS_MAX_SNIFFING_PER_SOURCE");

  public static final ConfigKey<Integer> MAX_LINKS =
      ConfigKey.of(
              SECTION,
              "max_links",
              ANY_NUMBER,
              "1024",
              "links that other peers dialled; 0 means no limit")
          .variables("LIMITS_MAX_LINKS");

  public static final ConfigKey<Integer> MAX_LINKS_PER_SOURCE =
      ConfigKey.of(
              SECTION,
              "max_links_per_source",
              ANY_NUMBER,
              "256",
              "the same, from one address; 0 means no limit")
          .variables("LIMITS_MAX_LINKS_PER_SOURCE");

  public static final ConfigKey<Integer> MAX_FORWARDS_PER_LINK =
      ConfigKey.of(
              SECTION,
              "max_forwards_per_link",
              ANY_NUMBER,
              "0",
              "connections that the peer of one link has asked this one for; 0 means half of the sockets that may be open, two for each")
          .variables("LIMITS_MAX_FORWARDS_PER_LINK");

  static List<ConfigKey<?>> all() {
    return List.of(
        MAX_CONNECTIONS,
        MAX_CONNECTIONS_PER_SOURCE,
        MAX_CONNECTIONS_PER_NAME,
        MAX_SNIFFING,
        MAX_SNIFFING_PER_SOURCE,
        MAX_LINKS,
        MAX_LINKS_PER_SOURCE,
        MAX_FORWARDS_PER_LINK);
  }
}
