package io.opsproxy.dataplane.admin;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * One reader of the status pages.
 *
 * <pre>
 *         first byte          whole            made           last byte written
 *  IDLE ------------> ASKING ------> WAITING ------> ANSWERING ------------------> IDLE, or LEAVING
 *   | idle              | request      | answer        | answer                      (no keep-alive)
 *   v                   v              v               v
 *  closed              408, LEAVING   closed          closed
 * </pre>
 *
 * <p>Nothing is read while an answer is written; requests that came in one piece with the one that
 * is answered wait, no more than {@link PageMemory#READ} holds, and are looked at in turns of their
 * own: readers take turns, whatever each has sent ahead. On the thread of the pages.
 */
final class PageConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  /** How long after the last word a reader may still send what nobody looks at. */
  private static final Duration LAST_WORD = Duration.ofSeconds(1);

  private enum State {
    IDLE,
    ASKING,
    WAITING,
    ANSWERING,
    LEAVING
  }

  private final SocketChannel channel;
  private final PageSources pages;
  private final PageReaders readers;
  private State state = State.IDLE;
  private long since;
  private ScheduledFuture<?> deadline;
  private byte[] body = {};
  private int written;
  private long reserved;
  private boolean keep;
  private final ArrayDeque<PageRequest> ahead = new ArrayDeque<>();

  PageConnection(SocketChannel channel, PageSources pages, PageReaders readers) {
    this.channel = channel;
    this.pages = pages;
    this.readers = readers;
  }

  /** Whether it asks for nothing at present. */
  boolean idle() {
    return state == State.IDLE;
  }

  /** Whether an answer is on its way to it. */
  boolean answering() {
    return state == State.ANSWERING;
  }

  /** When it came into its state, as {@link System#nanoTime} says it. */
  long since() {
    return since;
  }

  /** Ends it at once. */
  void cutOff() {
    readers.left(this);
    release();
    channel.close();
  }

  void onClose(Runnable action) {
    channel.closeFuture().addListener(closed -> action.run());
  }

  private void become(State next, Duration most, Runnable otherwise) {
    state = next;
    since = readers.now();
    readers.moved(this);
    if (deadline != null) {
      deadline.cancel(false);
    }
    deadline = channel.eventLoop().schedule(otherwise, most.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel.closeFuture().addListener(closed -> gone());
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (readers.enter(this)) {
      idleAgain();
    } else if (!readers.turnAway(this)) {
      readers.refused(PageRefusal.BUSY);
      channel.close();
    } else {
      refuse(PageRefusal.BUSY, 503, "too many connections to these pages; try again");
    }
  }

  private void idleAgain() {
    become(State.IDLE, readers.limits().idle(), channel::close);
    channel.read();
  }

  /** Stands in front of the decoder, and sees bytes before they are a request. */
  ChannelHandler arrivals() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        if (state == State.IDLE) {
          become(State.ASKING, readers.limits().request(), () -> tooLate());
        }
        if (state == State.LEAVING) {
          ReferenceCountUtil.release(bytes);
          ctx.read();
        } else {
          ctx.fireChannelRead(bytes);
        }
      }
    };
  }

  /** Stands behind the decoder, and makes one message of a request and its body. */
  ChannelHandler whole() {
    return new HttpObjectAggregator(PageLimits.MAX_BODY) {
      @Override
      protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
        if (state == State.WAITING || answering()) {
          keep = false;
        } else {
          refuse(PageRefusal.BAD_REQUEST, 413, "these pages take no body");
        }
      }
    };
  }

  private void tooLate() {
    refuse(PageRefusal.REQUEST_TIMEOUT, 408, "the request did not come whole in time");
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (state == State.WAITING || state == State.ANSWERING) {
      ahead.add(PageRequest.of(request));
    } else if (state != State.LEAVING) {
      serve(PageRequest.of(request));
    }
  }

  private void serve(PageRequest request) {
    keep = request.keepAlive();
    become(State.WAITING, readers.limits().answer(), this::tooSlow);
    pages.answer(request, channel.eventLoop(), page -> made(page, request.head()));
  }

  private void made(Page page, boolean head) {
    if (state != State.WAITING || !channel.isOpen()) {
      return;
    }
    if (page.status() == 400) {
      readers.refused(PageRefusal.BAD_REQUEST);
    }
    answer(page, head, keep);
  }

  private void refuse(PageRefusal why, int status, String text) {
    readers.refused(why);
    answer(Page.text(status, text), false, false);
  }

  private void answer(Page page, boolean head, boolean keepAlive) {
    byte[] whole = page.body().getBytes(StandardCharsets.UTF_8);
    Page sent = page;
    if (readers.reserve(this, whole.length)) {
      reserved = whole.length;
    } else {
      readers.refused(PageRefusal.BUSY);
      sent = Page.text(503, "too many answers wait for their readers; try again");
      whole = sent.body().getBytes(StandardCharsets.UTF_8);
    }
    body = whole;
    written = head ? whole.length : 0;
    keep = keepAlive;
    become(State.ANSWERING, readers.limits().answer(), this::tooSlow);
    DefaultHttpResponse response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(sent.status()));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, sent.contentType());
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, whole.length);
    response.headers().set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    sent.headers().forEach((name, value) -> response.headers().set(name, value));
    if (!keep) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    channel.write(response);
    writeOn();
  }

  /** The next slice, and so on when that one has gone. */
  private void writeOn() {
    int length = Math.min(PageMemory.SLICE, body.length - written);
    ChannelFuture slice;
    if (length > 0) {
      slice =
          channel.writeAndFlush(
              new DefaultHttpContent(Unpooled.wrappedBuffer(body, written, length)));
      written += length;
      slice.addListener(done -> then(done.isSuccess(), this::writeOn));
    } else {
      slice = channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
      slice.addListener(done -> then(done.isSuccess(), this::answered));
    }
  }

  /** In a turn of its own, so that nobody is served twice while others wait. */
  private void then(boolean well, Runnable next) {
    if (!well) {
      channel.close();
    } else if (channel.isOpen()) {
      channel.eventLoop().execute(next);
    }
  }

  private void answered() {
    release();
    if (keep && !ahead.isEmpty()) {
      serve(ahead.remove());
    } else if (keep) {
      idleAgain();
    } else {
      become(State.LEAVING, LAST_WORD, channel::close);
      // a close with unread bytes would be a reset, which destroys the answer
      channel.shutdownOutput();
      channel.read();
    }
  }

  private void tooSlow() {
    readers.refused(PageRefusal.SLOW_READER);
    cutOff();
  }

  private void release() {
    readers.release(reserved);
    reserved = 0;
    body = new byte[0];
    written = 0;
  }

  private void gone() {
    readers.left(this);
    release();
    if (deadline != null) {
      deadline.cancel(false);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}
