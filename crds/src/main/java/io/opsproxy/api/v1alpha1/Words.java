package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The words of the API for values of its enums. */
final class Words {
  private Words() {}

  /** As it stands in an object. */
  static String of(Enum<?> value) {
    try {
      JsonProperty word =
          value.getDeclaringClass().getField(value.name()).getAnnotation(JsonProperty.class);
      return word == null ? value.name() : word.value();
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
