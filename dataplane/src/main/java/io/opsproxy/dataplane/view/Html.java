package io.opsproxy.dataplane.view;

/** A page that is being written; whatever is no tag of ours is text. */
final class Html {
  private final StringBuilder out = new StringBuilder();

  /** Markup, as it is. Never with a value in it. */
  Html raw(String markup) {
    out.append(markup);
    return this;
  }

  /** A value, which may hold anything: also as the value of a quoted attribute. */
  Html text(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return this;
  }

  /** A cell of a table, which says what it is where there is no heading above it. */
  Html cell(String label, String value) {
    return raw("<td data-label=\"").text(label).raw("\">").text(value).raw("</td>");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
