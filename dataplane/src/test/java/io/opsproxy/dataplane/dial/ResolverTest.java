package io.opsproxy.dataplane.dial;

import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.dial.Resolver.Known;
import io.opsproxy.dataplane.dial.Resolver.Names;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ResolverTest {
  private final EventExecutor loop = new DefaultEventExecutor();
  private final AtomicInteger lookUps = new AtomicInteger();
  private final AtomicLong now = new AtomicLong();

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private record Answered(List<InetAddress> addresses, String problem) {}

  private Answered ask(Resolver resolver, String host) throws Exception {
    CompletableFuture<Answered> answer = new CompletableFuture<>();
    loop.execute(
        () ->
            resolver.resolve(
                Names.CONFIGURED,
                host,
                loop,
                (addresses, problem) -> {
                  assertThat(loop.inEventLoop()).isTrue();
                  answer.complete(new Answered(addresses, problem));
                }));
    return answer.get(10, TimeUnit.SECONDS);
  }

  private Resolver resolver(Resolver.Lookup lookup) {
    return new Resolver(
        host -> {
          lookUps.incrementAndGet();
          return lookup.addresses(host);
        },
        now::get);
  }

  @Test
  void literalsNeedNoLookUp() throws Exception {
    Resolver resolver = resolver(host -> InetAddress.getAllByName("192.0.2.1"));
    assertThat(ask(resolver, "10.1.2.3").addresses())
        .extracting(InetAddress::getHostAddress)
        .containsExactly("10.1.2.3");
    assertThat(ask(resolver, "::1").addresses()).hasSize(1);
    assertThat(lookUps).hasValue(0);
  }

  @Test
  void answersLiveForFiveSeconds() throws Exception {
    Resolver resolver = resolver(host -> InetAddress.getAllByName("192.0.2.1"));
    ask(resolver, "backend");
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(4999));
    ask(resolver, "backend");
    assertThat(lookUps).hasValue(1);
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(2));
    ask(resolver, "backend");
    await().atMost(10, TimeUnit.SECONDS).untilAsserted(() -> assertThat(lookUps).hasValue(2));
  }

  /** Answers once, and then never again until it is let go. */
  private final CountDownLatch hanging = new CountDownLatch(1);

  private InetAddress[] onceThenHanging(String host) throws UnknownHostException {
    if (lookUps.get() > 1) {
      awaitUninterruptibly(hanging);
    }
    return InetAddress.getAllByName("192.0.2.1");
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anAnswerThatIsKnownIsUsedAtOnceWhileTheNameServerHangs() throws Exception {
    Resolver resolver = resolver(this::onceThenHanging);
    ask(resolver, "backend");
    for (int i = 0; i < 20; i++) {
      now.addAndGet(TimeUnit.SECONDS.toNanos(30));
      AtomicBoolean atOnce = new AtomicBoolean();
      loop.submit(
              () ->
                  resolver.resolve(
                      Names.CONFIGURED,
                      "backend",
                      loop,
                      (addresses, problem) -> atOnce.set(addresses.size() == 1)))
          .get(10, TimeUnit.SECONDS);
      assertThat(atOnce).isTrue();
      await().atMost(10, TimeUnit.SECONDS).until(() -> lookUps.get() >= 2);
    }
    assertThat(lookUps.get()).as("one question hangs, and no more are asked").isEqualTo(2);
    assertThat(resolver.known()).singleElement().extracting(Known::age).isEqualTo(ofMinutes(10));
    hanging.countDown();
    await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> resolver.known().iterator().next().age().isZero());
  }

  @Test
  void aNameThatNobodyAskedForInAMinuteIsRefreshedFirstButNotForLong() throws Exception {
    Resolver resolver = resolver(this::onceThenHanging);
    ask(resolver, "backend");
    now.addAndGet(TimeUnit.SECONDS.toNanos(61));
    Answered old = ask(resolver, "backend");
    assertThat(old.addresses()).hasSize(1);
    assertThat(old.problem()).isNull();
    await().atMost(10, TimeUnit.SECONDS).until(() -> lookUps.get() == 2);
    hanging.countDown();
  }

  @Test
  void namesOfClientsDoNotTakeTheThreadsOfTheConfiguration() throws Exception {
    Resolver resolver =
        resolver(
            host -> {
              if (host.startsWith("client")) {
                awaitUninterruptibly(hanging);
              }
              return InetAddress.getAllByName("192.0.2.1");
            });
    for (int i = 0; i < 500; i++) {
      resolver.resolve(Names.BROUGHT, "client" + i, loop, (addresses, problem) -> {});
    }
    assertThat(ask(resolver, "backend").addresses()).hasSize(1);
    hanging.countDown();
  }

  @Test
  void namesOfClientsNeverCrowdOutThoseOfTheConfiguration() throws Exception {
    Resolver resolver = resolver(host -> InetAddress.getAllByName("192.0.2.1"));
    ask(resolver, "backend");
    AtomicInteger answered = new AtomicInteger();
    for (int i = 0; i < 3000; i++) {
      resolver.resolve(
          Names.BROUGHT, "client" + i, loop, (addresses, problem) -> answered.incrementAndGet());
      int asked = i + 1;
      await()
          .pollInterval(java.time.Duration.ofMillis(1))
          .atMost(10, TimeUnit.SECONDS)
          .until(() -> answered.get() == asked);
    }
    int before = lookUps.get();
    ask(resolver, "backend");
    assertThat(lookUps).hasValue(before);
  }

  @Test
  void aFailureFallsBackOnWhatWasKnown() throws Exception {
    Resolver resolver =
        resolver(
            host -> {
              if (lookUps.get() > 1) {
                throw new UnknownHostException(host);
              }
              return InetAddress.getAllByName("192.0.2.1");
            });
    ask(resolver, "backend");
    now.addAndGet(TimeUnit.SECONDS.toNanos(60));
    Answered second = ask(resolver, "backend");
    assertThat(second.problem()).isNull();
    assertThat(second.addresses()).hasSize(1);
  }

  @Test
  void aFailureNamesTheHost() throws Exception {
    Resolver resolver =
        resolver(
            host -> {
              throw new UnknownHostException(host);
            });
    Answered answer = ask(resolver, "nowhere");
    assertThat(answer.addresses()).isEmpty();
    assertThat(answer.problem()).isEqualTo("cannot look up nowhere: unknown host");
  }

  @Test
  void manyQuestionsForOneNameAreAskedOnce() {
    CountDownLatch go = new CountDownLatch(1);
    Resolver resolver =
        resolver(
            host -> {
              try {
                go.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return InetAddress.getAllByName("192.0.2.1");
            });
    List<InetAddress> answers = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 100; i++) {
      resolver.resolve(
          Names.CONFIGURED, "backend", loop, (addresses, problem) -> answers.addAll(addresses));
    }
    go.countDown();
    await().atMost(10, TimeUnit.SECONDS).untilAsserted(() -> assertThat(answers).hasSize(100));
    assertThat(lookUps).hasValue(1);
  }
}
