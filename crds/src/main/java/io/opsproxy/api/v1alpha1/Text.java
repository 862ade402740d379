package io.opsproxy.api.v1alpha1;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a text of the API has to look like. The rules of the format become CEL rules of the custom
 * resource definition: unlike a pattern they have messages that say what to write instead.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface Text {
  /** The format. */
  TextFormat value();
}
