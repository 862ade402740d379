package io.opsproxy.dataplane.peer;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.opsproxy.dataplane.config.model.LogSettings;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Logs: one line an event on standard error, text or JSON. Written by a thread of its own from a
 * bounded queue that never blocks, so that a log that nobody reads cannot stop traffic. Set up in
 * code: no file is looked for, which saves start-up time.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  private static final int QUEUE = 4096;
  private static LogSettings applied;

  /** Logback's way in: the state before a configuration is read. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    set(context, new LogSettings(LogSettings.Level.INFO, LogSettings.Format.TEXT));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Puts settings in force; the same ones again change nothing. */
  public static synchronized void apply(LogSettings settings) {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (!settings.equals(applied) && factory instanceof LoggerContext context) {
      set(context, settings);
    }
  }

  /** Writes what is queued; to be called last. */
  public static synchronized void flush() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }

  private static synchronized void set(LoggerContext context, LogSettings settings) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
    console.setContext(context);
    console.setTarget("System.err");
    console.setEncoder(encoder(context, settings.format()));
    console.start();
    AsyncAppender async = new AsyncAppender();
    async.setContext(context);
    async.setQueueSize(QUEUE);
    async.setNeverBlock(true);
    async.addAppender(console);
    async.start();
    root.detachAndStopAllAppenders();
    root.addAppender(async);
    root.setLevel(Level.toLevel(settings.level().name()));
    // libraries speak only when something is wrong, whatever level this program is at
    context.getLogger("io.netty").setLevel(Level.WARN);
    applied = settings;
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogSettings.Format format) {
    if (format == LogSettings.Format.JSON) {
      JsonEncoder json = new JsonEncoder();
      json.setContext(context);
      json.setWithSequenceNumber(false);
      json.setWithNanoseconds(false);
      json.setWithContext(false);
      json.setWithFormattedMessage(true);
      json.setWithMessage(false);
      json.setWithArguments(false);
      json.start();
      return json;
    }
    PatternLayoutEncoder text = new PatternLayoutEncoder();
    text.setContext(context);
    // control characters in names that clients send must not break lines or fake them
    text.setPattern(
        "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %replace(%msg){'[\\x00-\\x1f\\x7f]', '?'}%n");
    text.start();
    return text;
  }
}
