package io.opsproxy.dataplane.telemetry;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One access log file, written by a thread of its own from a bounded queue. A full queue drops
 * entries, as does a file that cannot be written, and both are counted: a disk that hangs never
 * stops traffic. The file is opened again on {@link #reopen}, so that it can be rotated by rename.
 */
public final class AccessLog implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AccessLog.class);
  private static final int QUEUE = 16 * 1024;
  private static final int BATCH = 512;
  private static final AccessRecord WAKE_UP = new AccessRecord();
  private final Path path;
  private final AccessLogFormat format;
  private final LongConsumer droppedNow;
  private final ArrayBlockingQueue<AccessRecord> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Thread thread;
  private volatile boolean reopen;
  private volatile boolean closed;
  private boolean broken;

  /**
   * @param dropped told how many more entries were dropped, as they are; on any thread
   */
  public AccessLog(Path path, AccessLogFormat format, LongConsumer dropped) {
    this.path = path;
    this.format = format;
    this.droppedNow = dropped;
    thread = new Thread(this::run, "access-log");
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes an ended connection; never blocks. Any thread. */
  public void log(AccessRecord entry) {
    if (!queue.offer(entry)) {
      droppedNow.accept(1);
    }
  }

  /** The file may have been renamed: the next entry goes to a file of the old name. */
  public void reopen() {
    reopen = true;
  }

  /** Writes what is queued and closes the file. Blocks for at most two seconds. */
  @Override
  public void close() {
    closed = true;
    // an interrupt would close the file under the writer
    queue.offer(WAKE_UP);
    try {
      thread.join(TimeUnit.SECONDS.toMillis(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    FileChannel file = null;
    List<AccessRecord> batch = new ArrayList<>(BATCH);
    StringBuilder text = new StringBuilder();
    while (true) {
      try {
        // entries are written as they come, so they are on disk well within the 10 s that Envoy
        // allows itself
        AccessRecord first = closed ? queue.poll() : queue.poll(1, TimeUnit.SECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH - 1);
        } else if (closed) {
          break;
        }
      } catch (InterruptedException e) {
        closed = true;
      }
      if (reopen || file == null) {
        reopen = false;
        file = opened(file);
      }
      batch.removeIf(entry -> entry == WAKE_UP);
      for (AccessRecord entry : batch) {
        format.append(entry, text);
      }
      file = written(file, text);
      if (file == null && !batch.isEmpty()) {
        droppedNow.accept(batch.size());
      }
      batch.clear();
      text.setLength(0);
    }
    close(file);
  }

  /**
   * The outputs of this process are written to as they are: opened anew by their path, a file that
   * both share would be written over by each.
   */
  private static Optional<FileDescriptor> output(Path path) {
    return switch (path.toString()) {
      case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1" -> Optional.of(FileDescriptor.out);
      case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2" -> Optional.of(FileDescriptor.err);
      default -> Optional.empty();
    };
  }

  private FileChannel opened(FileChannel old) {
    Optional<FileDescriptor> output = output(path);
    if (output.isPresent()) {
      return old != null ? old : new FileOutputStream(output.get()).getChannel();
    }
    close(old);
    try {
      Path directory = path.toAbsolutePath().getParent();
      if (directory != null && !Files.exists(directory)) {
        Files.createDirectories(directory);
      }
      FileChannel file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
      broken = false;
      return file;
    } catch (IOException e) {
      complain(e);
      return null;
    }
  }

  private FileChannel written(FileChannel file, StringBuilder text) {
    if (file == null || text.isEmpty()) {
      return file;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      return file;
    } catch (IOException e) {
      complain(e);
      close(file);
      return null;
    }
  }

  private void complain(IOException cause) {
    if (!broken) {
      broken = true;
      log.error(
          "access log {} cannot be written, trying again, traffic goes on: {}; let this user write"
              + " there, or name another path",
          path,
          cause.toString());
    }
  }

  private void close(FileChannel file) {
    if (file != null && output(path).isEmpty()) {
      try {
        file.close();
      } catch (IOException e) {
        log.debug("closing an access log failed", e);
      }
    }
  }
}
