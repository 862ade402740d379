package io.opsproxy.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.opsproxy.operator.render.ObjectKey;

/** Has an object reconciled because something that it depends on changed. Thread-safe. */
public final class TriggerSource<P extends HasMetadata> extends AbstractEventSource<Void, P> {
  public TriggerSource(String name) {
    super(Void.class, name);
  }

  /** The object need not exist. Before the start, nothing happens: everything is looked at then. */
  public void trigger(ObjectKey key) {
    if (isRunning()) {
      getEventHandler().handleEvent(new Event(new ResourceID(key.name(), key.namespace())));
    }
  }

  @Override
  public java.util.Set<Void> getSecondaryResources(P primary) {
    return java.util.Set.of();
  }
}
