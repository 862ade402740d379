package io.opsproxy.api.v1alpha1;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A list of which no two items have the same key. Server-side apply merges such a list item by
 * item; any other list is replaced as a whole.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE_USE)
public @interface Keyed {
  /** Required properties of the items; empty when the items are their own keys. */
  String[] value() default {};
}
