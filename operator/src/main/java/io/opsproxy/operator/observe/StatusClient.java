package io.opsproxy.operator.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Asks pods for their {@code /status}. Thread-safe; never blocks the caller. */
public final class StatusClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final ObjectMapper json = new ObjectMapper();
  private final HttpClient client;

  /**
   * @param executor runs what follows an answer
   */
  public StatusClient(Executor executor) {
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .executor(executor)
            .build();
  }

  /**
   * The answer; fails when there is no whole one within 2 s.
   *
   * @param known the state that was told last; empty for none
   */
  CompletableFuture<PodAnswer> ask(String ip, int port, String known) {
    String host = ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + host + ":" + port + "/status" + query(known)))
            .timeout(TIMEOUT)
            .build();
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
        .thenApply(this::answer);
  }

  private static String query(String known) {
    return known.isEmpty() ? "" : "?known=" + known;
  }

  private PodAnswer answer(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200) {
      throw new CompletionException(new IOException("/status answered " + response.statusCode()));
    }
    try {
      JsonNode page = json.readTree(response.body());
      return new PodAnswer(
          page.path("unchanged").asBoolean() ? Optional.empty() : Optional.of(PodReport.of(page)),
          page.path("state").asText());
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }
}
