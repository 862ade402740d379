package io.opsproxy.dataplane.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings, for a terminal; a column without any text is left out. */
final class Table {
  private final List<String> headings;
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... headings) {
    this.headings = List.of(headings);
  }

  /** One cell for each heading. */
  void row(String... cells) {
    rows.add(List.of(cells));
  }

  /** An empty line and the table; nothing at all when there is no row. */
  String text() {
    if (rows.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("\n");
    line(text, headings);
    rows.forEach(row -> line(text, row));
    return text.toString();
  }

  private void line(StringBuilder text, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < headings.size(); i++) {
      int width = width(i);
      if (width > 0) {
        String cell = cells.get(i);
        line.append(cell)
            .append(" ".repeat(Math.max(width, headings.get(i).length()) - cell.length() + 2));
      }
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
