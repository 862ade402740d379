package io.opsproxy.dataplane.relay;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Enlarges pipes by {@code fcntl(F_SETPIPE_SZ)}, which Netty does not reach: through
 * java.lang.foreign, found by reflection, so that one class runs on Java 17 (where pipes keep their
 * size) and on 22 and newer. Any thread.
 *
 * <p>The kernel counts the pages of all pipes of a user, in all of its processes, and once they are
 * used up every new pipe of that user has two pages only. So at most half of what the user may
 * have, and at most {@value #MOST_LARGE} large pipes, are taken here.
 */
final class PipeSize {
  /** Size of a pipe that nobody has changed, in bytes. */
  static final int PLAIN = 64 * 1024;

  private static final int WANTED = 1024 * 1024;
  private static final int MOST_LARGE = 32;
  private static final int PAGE = 4096;
  private static final int F_SETPIPE_SZ = 1031;
  private static final int F_GETPIPE_SZ = 1032;
  private static final int SIZE = (int) Math.min(WANTED, number("pipe-max-size", PLAIN));
  private static final int MOST =
      (int) Math.min(MOST_LARGE, number("pipe-user-pages-soft", 0) / 2 / (WANTED / PAGE));
  private static final AtomicInteger LARGE = new AtomicInteger();

  /** Null where it cannot be had, or not yet. */
  private static volatile MethodHandle fcntl;

  private PipeSize() {}

  /**
   * Finds the function, in a thread of its own: it takes 35 to 65 ms of loading and linking, so it
   * is neither for an event loop nor for the time before the listeners are open.
   */
  static void prepare() {
    if (Runtime.version().feature() < 22 || SIZE <= PLAIN || MOST == 0) {
      return;
    }
    Thread finder =
        new Thread(
            () -> {
              try {
                fcntl = find();
              } catch (Throwable e) {
                // not allowed (--illegal-native-access=deny), or another platform: pipes stay plain
                fcntl = null;
              }
            },
            "pipe-size");
    finder.setDaemon(true);
    finder.start();
  }

  private static long number(String name, long otherwise) {
    try {
      // readString takes the first byte of files under /proc/sys only: they say that they are empty
      List<String> lines = Files.readAllLines(Path.of("/proc/sys/fs", name));
      return lines.isEmpty() ? otherwise : Long.parseLong(lines.get(0).strip());
    } catch (IOException | NumberFormatException e) {
      return otherwise;
    }
  }

  private static MethodHandle find() throws Throwable {
    Class<?> linker = Class.forName("java.lang.foreign.Linker");
    Class<?> layout = Class.forName("java.lang.foreign.MemoryLayout");
    Class<?> descriptor = Class.forName("java.lang.foreign.FunctionDescriptor");
    Class<?> lookup = Class.forName("java.lang.foreign.SymbolLookup");
    Class<?> option = Class.forName("java.lang.foreign.Linker$Option");
    Object here = linker.getMethod("nativeLinker").invoke(null);
    Object libc = linker.getMethod("defaultLookup").invoke(here);
    Object symbol =
        ((Optional<?>) lookup.getMethod("find", String.class).invoke(libc, "fcntl")).orElseThrow();
    Object number = Class.forName("java.lang.foreign.ValueLayout").getField("JAVA_INT").get(null);
    Object arguments = Array.newInstance(layout, 3);
    for (int i = 0; i < 3; i++) {
      Array.set(arguments, i, number);
    }
    Object type =
        descriptor.getMethod("of", layout, arguments.getClass()).invoke(null, number, arguments);
    Object options = Array.newInstance(option, 1);
    // fcntl is variadic after its second argument
    Array.set(options, 0, option.getMethod("firstVariadicArg", int.class).invoke(null, 2));
    MethodHandle downcall =
        MethodHandles.lookup()
            .findVirtual(
                linker,
                "downcallHandle",
                MethodType.methodType(
                    MethodHandle.class,
                    Class.forName("java.lang.foreign.MemorySegment"),
                    descriptor,
                    options.getClass()))
            .asFixedArity();
    return (MethodHandle) downcall.invoke(here, symbol, type, options);
  }

  private static int call(int pipe, int command, int argument) {
    MethodHandle function = fcntl;
    if (function == null) {
      return -1;
    }
    try {
      return (int) function.invokeExact(pipe, command, argument);
    } catch (Throwable e) {
      return -1;
    }
  }

  /**
   * Enlarges a pipe that is about to be used, if there is a place left.
   *
   * @return whether it is large now, and {@link #released} is owed
   */
  static boolean enlarge(int pipe) {
    if (fcntl == null) {
      return false;
    }
    if (LARGE.incrementAndGet() > MOST || call(pipe, F_SETPIPE_SZ, SIZE) < SIZE) {
      LARGE.decrementAndGet();
      return false;
    }
    return true;
  }

  /** A large pipe was closed. */
  static void released() {
    LARGE.decrementAndGet();
  }

  /** Size of a large pipe, in bytes. */
  static int large() {
    return SIZE;
  }

  /**
   * Whether a pipe has less than the usual size, because its user has used up all pages; false
   * where that cannot be told.
   */
  static boolean isStarved(int pipe) {
    int size = call(pipe, F_GETPIPE_SZ, 0);
    return size >= 0 && size < PLAIN;
  }
}
