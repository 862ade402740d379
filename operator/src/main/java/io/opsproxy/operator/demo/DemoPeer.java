package io.opsproxy.operator.demo;

import io.opsproxy.operator.local.LocalMesh;
import io.opsproxy.operator.render.ObjectKey;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** One peer of the demo, as its clients see it. */
final class DemoPeer implements Entrance {
  private final LocalMesh mesh;
  private final ObjectKey key;
  private final HttpClient http = HttpClient.newHttpClient();

  DemoPeer(LocalMesh mesh, String name) {
    this.mesh = mesh;
    key = new ObjectKey("demo", name);
  }

  /** {@code HOST:PORT} of its listener. */
  String proxy() {
    return mesh.addresses(key).orElseThrow().proxy();
  }

  @Override
  public int proxyPort() {
    return Integer.parseInt(proxy().substring(proxy().lastIndexOf(':') + 1));
  }

  /** {@code HOST:PORT} of its pages. */
  String status() {
    return mesh.addresses(key).orElseThrow().metrics();
  }

  boolean ready() {
    return page("/readyz").equals("ok\n");
  }

  boolean knows(String name) {
    return page("/status").contains("\"name\":\"" + name + "\"");
  }

  private String page(String path) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + status() + path))
              .timeout(Duration.ofSeconds(2))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /** Of the process that it is now; 0 for none. */
  long pid() {
    return mesh.pid(key).orElse(0);
  }

  /** {@code kill -9}. */
  void kill() {
    ProcessHandle.of(pid()).ifPresent(ProcessHandle::destroyForcibly);
  }
}
