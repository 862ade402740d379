package io.opsproxy.dataplane.cli;

/** The answer of {@code /why} for people: one line a step, a line more for a remedy. */
final class WhyText {
  private static final String UNDER_THE_MARK = " ".repeat(6);
  private final Terminal terminal;

  WhyText(Terminal terminal) {
    this.terminal = terminal;
  }

  String of(Json answer) {
    StringBuilder text = new StringBuilder();
    for (Json step : answer.get("steps").list()) {
      String subject = step.text("subject");
      text.append(mark(step.text("result")))
          .append(String.format("%-9s", step.text("step")))
          .append(subject.isEmpty() ? "" : subject + ": ")
          .append(step.text("message"))
          .append('\n');
      if (!step.text("remedy").isEmpty()) {
        text.append(UNDER_THE_MARK).append("-> ").append(step.text("remedy")).append('\n');
      }
    }
    return text.toString();
  }

  private String mark(String result) {
    return switch (result) {
      case "ok" -> terminal.good("ok") + "    ";
      case "warn" -> terminal.doubtful("warn") + "  ";
      case "fail" -> terminal.bad("FAIL") + "  ";
      default -> "--    ";
    };
  }
}
