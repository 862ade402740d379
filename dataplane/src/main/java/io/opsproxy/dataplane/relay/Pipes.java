package io.opsproxy.dataplane.relay;

import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The pipes that one loop splices through. One is lent to a flow for as long as bytes are in it,
 * which for a reader that keeps up is one turn. On that loop only.
 *
 * <p>All loops together have at most {@value #MOST}: what stalls in a pipe is memory of the kernel
 * that no limit of this process counts. Each has two places among the descriptors. Where none can
 * be had, bytes are copied.
 */
final class Pipes {
  static final int MOST = 256;
  private static final int MOST_IDLE = 8;
  private static final AtomicInteger ALL = new AtomicInteger();

  /** A pipe that is lent. */
  static final class Pipe {
    private final FileDescriptor out;
    private final FileDescriptor in;
    private boolean large;

    private Pipe(FileDescriptor[] ends) {
      out = ends[0];
      in = ends[1];
    }

    /** Where bytes are read from. */
    int out() {
      return out.intValue();
    }

    /** Where bytes are written to. */
    int in() {
      return in.intValue();
    }

    /** In bytes. */
    int size() {
      return large ? PipeSize.large() : PipeSize.PLAIN;
    }
  }

  private final Descriptors descriptors;
  private final Deque<Pipe> idle = new ArrayDeque<>();

  Pipes(Descriptors descriptors) {
    this.descriptors = descriptors;
  }

  /** An empty pipe, or null when there is none. */
  Pipe take() {
    Pipe pipe = idle.pollLast();
    if (pipe == null) {
      pipe = open();
    }
    if (pipe != null && !pipe.large) {
      pipe.large = PipeSize.enlarge(pipe.in());
      if (!pipe.large && PipeSize.isStarved(pipe.in())) {
        close(pipe);
        return null;
      }
    }
    return pipe;
  }

  private Pipe open() {
    if (ALL.incrementAndGet() > MOST || !descriptors.take()) {
      ALL.decrementAndGet();
      return null;
    }
    if (!descriptors.take()) {
      descriptors.giveBack();
      ALL.decrementAndGet();
      return null;
    }
    try {
      return new Pipe(FileDescriptor.pipe());
    } catch (IOException e) {
      freed();
      return null;
    }
  }

  private void freed() {
    descriptors.giveBack();
    descriptors.giveBack();
    ALL.decrementAndGet();
  }

  /**
   * It is not needed any more.
   *
   * @param empty whether nothing is left in it
   */
  void giveBack(Pipe pipe, boolean empty) {
    if (empty && idle.size() < MOST_IDLE && descriptors.hasRoom()) {
      idle.addLast(pipe);
    } else {
      close(pipe);
    }
  }

  private void close(Pipe pipe) {
    try {
      pipe.in.close();
      pipe.out.close();
    } catch (IOException e) {
      // the descriptors are free all the same
    }
    if (pipe.large) {
      PipeSize.released();
    }
    freed();
  }

  /** After the loop has ended. */
  void closeAll() {
    while (!idle.isEmpty()) {
      close(idle.pollLast());
    }
  }
}
