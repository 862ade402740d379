package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.value.Quoted;
import java.util.Locale;

/**
 * One word of a fixed few, in either case.
 *
 * @param <E> the words
 */
public final class Word<E extends Enum<E>> extends ValueType<E> {
  private final Class<E> words;

  /**
   * @param what what one of them is called
   */
  public Word(Class<E> words, String what) {
    super(what, "write " + listed(words));
    this.words = words;
  }

  @Override
  public E parse(String text) {
    for (E word : words.getEnumConstants()) {
      if (word.name().equalsIgnoreCase(text)) {
        return word;
      }
    }
    throw new IllegalArgumentException(Quoted.of(text) + ": not a " + label());
  }

  private static <E extends Enum<E>> String listed(Class<E> words) {
    StringBuilder text = new StringBuilder();
    E[] all = words.getEnumConstants();
    for (int i = 0; i < all.length; i++) {
      text.append(i == 0 ? "" : i == all.length - 1 ? " or " : ", ");
      text.append(all[i].name().toLowerCase(Locale.ROOT));
    }
    return text.toString();
  }
}
