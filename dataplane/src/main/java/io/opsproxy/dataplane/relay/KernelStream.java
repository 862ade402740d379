package io.opsproxy.dataplane.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * A stream over a socket of its own, without a channel: registered once, edge-triggered, for
 * everything.
 *
 * <p>Invariant of the edges: {@link #readable} and {@link #writable} are false only after the
 * kernel has said that there is nothing to read, or no room, so that it will report a change. An
 * event only sets them; what is done then depends on whether anybody wants bytes.
 *
 * <p>Bytes of a transfer are copied once a turn, through the buffer of the loop. After {@value
 * #SPLICE_AFTER} full reads in a row they are spliced through a borrowed pipe instead, and after a
 * turn that brought little they are copied again.
 */
final class KernelStream extends RelayStream {
  private static final int COPY = 64 * 1024;
  private static final int SPLICE_AFTER = 3;

  /** Splices a turn: what comes meanwhile is moved in large pieces, and others have their turn. */
  private static final int ROUNDS = 8;

  private static final int WRITABLE_BELOW = 64 * 1024;

  /** Not among Netty's constants; always reported: both directions are shut. */
  private static final int EPOLLHUP = 0x10;

  private static final int GONE = Native.EPOLLRDHUP | Native.EPOLLERR | EPOLLHUP;
  private static final EpollIoOps ALL =
      EpollIoOps.valueOf(Native.EPOLLIN | Native.EPOLLOUT | Native.EPOLLRDHUP | Native.EPOLLET);

  private final KernelSocket socket;
  private final InetSocketAddress remote;
  private final Runnable closed;
  private final Events events = new Events();
  private KernelLoop loop;
  private IoRegistration registration;
  private InetSocketAddress local;

  /** Not null until it is connected. */
  private KernelDial dial;

  private Deque<ByteBuf> queue;
  private long queuedBytes;
  private Runnable whenDrained;
  private Pipes.Pipe pipe;
  private int inPipe;
  private int fullReads;
  private boolean wanted;
  private boolean readable;
  private boolean writable;
  private boolean hungUp;
  private boolean waitsForItsTurn;
  private boolean outputEnded;
  private boolean finSent;
  private boolean closesWhenDrained;

  /**
   * @param dial what connects it; null for an accepted one
   * @param closed runs once, when the socket is closed
   */
  KernelStream(KernelSocket socket, InetSocketAddress remote, KernelDial dial, Runnable closed) {
    this.socket = socket;
    this.remote = remote;
    this.dial = dial;
    this.closed = closed;
    writable = dial == null;
  }

  KernelSocket socket() {
    return socket;
  }

  // its loop

  /** Will live on this loop. On it. */
  void place(KernelLoop on) {
    loop = on;
    on(on);
  }

  /** Begins to live on this loop. On it. */
  void start(KernelLoop on) {
    place(on);
    registration = on.ioLoop().register(events).getNow();
    registration.submit(ALL);
  }

  /** Leaves its loop. On it. */
  void leave() {
    if (!isGone()) {
      registration.cancel();
    }
    leaves();
  }

  /** Comes to another loop, which will report what has happened meanwhile. */
  void arrive(KernelLoop at) {
    if (isGone()) {
      place(at);
    } else {
      start(at);
    }
  }

  /** The dial has succeeded. */
  void connected() {
    dial = null;
    writable = true;
  }

  @Override
  public EventExecutor loop() {
    return loop.loop();
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remote;
  }

  @Override
  public InetSocketAddress localAddress() {
    if (local == null) {
      // asked for too late it is nowhere: the descriptor may be another connection's
      local = isGone() ? new InetSocketAddress(0) : socket.localAddress();
    }
    return local;
  }

  // what the kernel reports

  private final class Events implements EpollIoHandle {
    @Override
    public FileDescriptor fd() {
      return socket;
    }

    @Override
    public void handle(IoRegistration from, IoEvent event) {
      try {
        happened(((EpollIoEvent) event).ops().value());
      } catch (RuntimeException e) {
        Unexpected.logOnce(e);
        broke(new IOException(e));
      }
    }

    /** The loop has ended. */
    @Override
    public void close() {
      resetSocket();
    }
  }

  private void happened(int ops) {
    if (isGone()) {
      return;
    }
    readable |= (ops & (Native.EPOLLIN | GONE)) != 0;
    writable |= (ops & (Native.EPOLLOUT | Native.EPOLLERR | EPOLLHUP)) != 0;
    hungUp |= (ops & GONE) != 0;
    if (dial != null) {
      dial.happened();
      return;
    }
    if (writable && !nothingQueued()) {
      flush();
    }
    // who reads hears of a reset where it stands among the bytes, and a transfer that writes hears
    // of it then: an upstream that has said all may well reset what comes after
    if ((ops & Native.EPOLLERR) != 0 && !isJoined() && (isInputEnded() || !wanted)) {
      broke(new IOException("Connection reset"));
    }
    pull();
  }

  // reading

  @Override
  public void read(boolean wants) {
    if (wanted != wants) {
      wanted = wants;
      if (wants && readable) {
        againLater();
      }
    }
  }

  private void againLater() {
    if (!waitsForItsTurn && !isGone()) {
      waitsForItsTurn = true;
      loop.again(this);
    }
  }

  /** Its turn has come. */
  void continued() {
    waitsForItsTurn = false;
    if (loop.loop().inEventLoop()) {
      try {
        pull();
      } catch (RuntimeException e) {
        Unexpected.logOnce(e);
        broke(new IOException(e));
      }
    }
  }

  /** Reads once, if there is anything to read and anybody who wants it. */
  private void pull() {
    if (!isReading()) {
      return;
    }
    try {
      KernelStream to = (KernelStream) other();
      if (to == null) {
        readForReceiver();
      } else if (fullReads < SPLICE_AFTER || !splice(to)) {
        copy(to);
      }
    } catch (IOException e) {
      broke(KernelSocket.plain(e));
    }
    if (isReading()) {
      againLater();
    }
  }

  private boolean isReading() {
    return wanted && readable && dial == null && !isGone() && !isInputEnded();
  }

  /**
   * @return bytes read into the buffer of the loop; 0 when there was none
   */
  private int receive(int most) throws IOException {
    int count = socket.recvAddress(loop.readAddress(), 0, most);
    if ((count < most && !hungUp) || count <= 0) {
      readable = false;
    }
    if (count < 0) {
      inputEnded();
    }
    return Math.max(0, count);
  }

  private void readForReceiver() throws IOException {
    int count = receive(nextRead());
    if (count > 0) {
      received(loop.read(0, count));
    }
  }

  private void copy(KernelStream to) throws IOException {
    int most = Math.min(COPY, nextRead());
    int count = receive(most);
    fullReads = count == COPY ? fullReads + 1 : 0;
    if (count > 0) {
      passed(count);
      to.sendRead(count);
      forwarded();
    }
  }

  /**
   * Moves bytes within the kernel.
   *
   * @return false when there is no pipe, and nothing was done
   */
  private boolean splice(KernelStream to) throws IOException {
    Pipes.Pipe through = to.isGone() || !to.nothingQueued() ? null : loop.pipes().take();
    if (through == null) {
      return false;
    }
    to.pipe = through;
    long moved = 0;
    for (int round = 0; round < ROUNDS && to.inPipe == 0; round++) {
      int count = socket.spliceInto(through);
      if (count == 0) {
        // nothing there, or the end: only a read tells which
        fullReads = 0;
        readable = hungUp;
        break;
      }
      moved += count;
      passed(count);
      to.inPipe = count;
      if (!to.drainPipe()) {
        return true;
      }
    }
    if (to.inPipe == 0) {
      to.pipe = null;
      loop.pipes().giveBack(through, true);
      if (moved < COPY) {
        fullReads = 0;
      }
    }
    forwarded();
    return true;
  }

  // writing

  @Override
  public void write(byte[] bytes, int from, int length) {
    assertOnLoop();
    for (int done = 0; done < length && !isGone(); ) {
      ByteBuf part = loop.direct(bytes, from + done, length - done);
      int size = part.readableBytes();
      done += size;
      send(part, loop.writeAddress(part), size);
    }
  }

  @Override
  public void write(byte[] bytes, int from, int length, Runnable sent) {
    write(bytes, from, length);
    whenDrained = sent;
    if (nothingQueued()) {
      loop.loop().execute(this::tellDrained);
    }
  }

  private void tellDrained() {
    Runnable told = whenDrained;
    if (told != null && nothingQueued() && !isGone()) {
      whenDrained = null;
      told.run();
    }
  }

  @Override
  public boolean isWritable() {
    return queuedBytes < WRITABLE_BELOW;
  }

  /** Sends what the loop has just read. */
  private void sendRead(int count) {
    send(loop.read(0, count), loop.readAddress(), count);
  }

  /** Gives the kernel what it takes at once, and queues a copy of the rest. */
  private void send(ByteBuf bytes, long address, int count) {
    if (isGone()) {
      return;
    }
    int taken = 0;
    if (writable && nothingQueued()) {
      try {
        taken = socket.sendAddress(address, 0, count);
      } catch (IOException e) {
        broke(KernelSocket.plain(e));
        return;
      }
      took(count, taken);
      writable = taken == count;
    }
    if (taken < count && !isGone()) {
      enqueue(bytes.setIndex(taken, count));
    }
  }

  private void enqueue(ByteBuf bytes) {
    int size = bytes.readableBytes();
    hold(size);
    if (!isGone()) {
      if (queue == null) {
        queue = new ArrayDeque<>(2);
      }
      queue.addLast(loop.allocate(size).writeBytes(bytes));
      queuedBytes += size;
    }
  }

  private void flush() {
    try {
      while (queuedBytes > 0) {
        ByteBuf first = queue.peekFirst();
        ByteBuffer bytes = first.internalNioBuffer(first.readerIndex(), first.readableBytes());
        int taken = socket.send(bytes, bytes.position(), bytes.limit());
        queuedBytes -= taken;
        unhold(taken);
        first.skipBytes(taken);
        if (first.isReadable()) {
          writable = false;
          return;
        }
        queue.pollFirst().release();
      }
      if (inPipe > 0) {
        if (!drainPipe() || inPipe > 0) {
          return;
        }
        loop.pipes().giveBack(pipe, true);
        pipe = null;
      }
    } catch (IOException e) {
      broke(KernelSocket.plain(e));
      return;
    }
    sendFinWhenDue();
    if (closesWhenDrained) {
      closeSocket();
    } else {
      drained();
      tellDrained();
    }
  }

  /**
   * Sends what is in the pipe, as far as it is taken.
   *
   * @return false when the stream broke
   */
  private boolean drainPipe() {
    try {
      for (int i = 0; i < 2 && inPipe > 0; i++) {
        int taken = socket.spliceFrom(pipe, inPipe);
        inPipe -= taken;
        if (taken == 0) {
          break;
        }
      }
      writable = inPipe == 0;
      return true;
    } catch (IOException e) {
      broke(KernelSocket.plain(e));
      return false;
    }
  }

  @Override
  public void finish() {
    assertOnLoop();
    outputEnded = true;
    sendFinWhenDue();
  }

  private void sendFinWhenDue() {
    if (outputEnded && !finSent && nothingQueued() && !isGone()) {
      finSent = true;
      try {
        socket.finish();
      } catch (IOException e) {
        // it is reset already, and an event will say so
      }
    }
  }

  @Override
  public boolean nothingQueued() {
    return queuedBytes == 0 && inPipe == 0;
  }

  @Override
  public long queued() {
    return queuedBytes + inPipe;
  }

  // closing

  @Override
  public void close() {
    assertOnLoop();
    byUs();
    read(false);
    if (nothingQueued() || isGone()) {
      closeSocket();
    } else {
      closesWhenDrained = true;
      loop.loop().schedule(this::resetSocket, LINGER_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void sever() {
    loop.loop().execute(this::resetSocket);
  }

  @Override
  void closeSocket() {
    end(false);
  }

  @Override
  void resetSocket() {
    end(true);
  }

  private void end(boolean reset) {
    if (!closed()) {
      return;
    }
    // closed before its registration ends: the kernel forgets it by itself, without a call
    socket.end(reset);
    if (registration != null) {
      registration.cancel();
    }
    if (queuedBytes > 0) {
      unhold((int) queuedBytes);
      queuedBytes = 0;
      queue.forEach(ByteBuf::release);
    }
    queue = null;
    if (pipe != null) {
      loop.pipes().giveBack(pipe, inPipe == 0);
      pipe = null;
      inPipe = 0;
    }
    closed.run();
    if (concernsAnybody() && !loop.loop().isShuttingDown()) {
      loop.loop().execute(this::tellClosed);
    }
  }
}
