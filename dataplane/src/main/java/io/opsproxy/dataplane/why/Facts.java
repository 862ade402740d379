package io.opsproxy.dataplane.why;

import io.opsproxy.dataplane.admin.StatusPage;
import io.opsproxy.dataplane.config.model.Config;

/** What an explanation goes by: all that the status page shows, and the configuration. */
public interface Facts extends StatusPage.Source {
  /** The one in force. */
  Config configuration();
}
