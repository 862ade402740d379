package io.opsproxy.dataplane.cli;

import java.io.Console;

/** How results are marked for people: with colours on a terminal only, and never with NO_COLOR. */
final class Terminal {
  private static final String RED = "31";
  private static final String GREEN = "32";
  private static final String YELLOW = "33";

  private final boolean colours;

  Terminal(boolean colours) {
    this.colours = colours;
  }

  /** Of standard output. */
  static Terminal standard() {
    String no = System.getenv("NO_COLOR");
    return new Terminal((no == null || no.isEmpty()) && isTerminal());
  }

  /** From Java 22 there is a console also where there is no terminal, and a method that says so. */
  @SuppressWarnings("SystemConsoleNull") // it is null up to Java 21
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  boolean hasColours() {
    return colours;
  }

  String bad(String text) {
    return coloured(RED, text);
  }

  String good(String text) {
    return coloured(GREEN, text);
  }

  String doubtful(String text) {
    return coloured(YELLOW, text);
  }

  private String coloured(String code, String text) {
    return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
