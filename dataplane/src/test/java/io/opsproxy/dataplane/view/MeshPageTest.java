package io.opsproxy.dataplane.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.PeerUnderTest;
import io.opsproxy.dataplane.testing.Scenario;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The page as a browser gets it. It is written so that it is XML as well, and read as such. */
class MeshPageTest extends Scenario {
  private final Backend web = backend(Backend.http("web"));

  private static Document page(PeerUnderTest peer, String path) {
    HttpResponse<String> answer = peer.pages().get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type").orElse(""))
        .isEqualTo("text/html; charset=utf-8");
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(answer.body().getBytes(StandardCharsets.UTF_8)));
    } catch (Exception e) {
      throw new AssertionError(answer.body(), e);
    }
  }

  private static List<Element> all(Document page, String tag) {
    NodeList found = page.getElementsByTagName(tag);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  private static String text(Document page) {
    return page.getDocumentElement().getTextContent();
  }

  @Test
  void showsLinksNamesAndProblemsAndExplainsAName() {
    String dead = deadPort().address();
    PeerProcess owner = process(new PeerFile("owner").services(web.as("web")));
    PeerProcess entry =
        process(new PeerFile("entry").remotes("127.0.0.1:" + owner.address().getPort(), dead));
    entry.pages().awaitName("web");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> entry.pages().status().contains("connection refused"));
    for (String path : List.of("/", "/mesh")) {
      String shown = text(page(entry, path));
      assertThat(shown).contains("Peer entry", "link to " + dead, "see that a peer runs there");
      assertThat(shown).contains("web", "owner", "connected", "waiting");
    }
    assertThat(text(page(entry, "/?name=web"))).contains("web is served");
    assertThat(text(page(entry, "/?name=wep"))).contains("wep is not served", "FAIL");
    assertThat(entry.pages().get("/?format=text").body())
        .startsWith("peer entry\n")
        .contains("problems: \n", "link to " + dead, "names: \n  web  owner  linked");
  }

  @Test
  void nothingIsFromElsewhereAndThePolicySaysSo() {
    PeerProcess peer = process(new PeerFile("ours").services(web.as("web")));
    Document page = page(peer, "/");
    List<String> references = new ArrayList<>();
    for (String tag : List.of("a", "link", "script", "img", "form", "iframe")) {
      for (Element element : all(page, tag)) {
        references.add(element.getAttribute("src") + element.getAttribute("href"));
        assertThat(element.getAttribute("style") + element.getAttribute("onclick")).isEmpty();
      }
    }
    references.removeIf(String::isEmpty);
    assertThat(references)
        .contains("/mesh.css", "/mesh.js")
        .allMatch(one -> one.equals("data:,") || one.matches("[/?][^/].*"));
    assertThat(peer.pages().get("/").headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(peer.pages().get("/mesh.js").headers().firstValue("content-type").orElse(""))
        .startsWith("text/javascript");
    assertThat(peer.pages().get("/mesh.js").body()).doesNotContain("http:", "https:");
    assertThat(peer.pages().get("/mesh.css").body()).doesNotContain("url(", "@import");
  }

  @Test
  void whatIsAskedForIsTextWhateverItSays() {
    PeerProcess peer = process(new PeerFile("ours"));
    Document page = page(peer, "/?name=%22%3E%3Cscript%3Ealert(1)%3C/script%3E%26%27");
    assertThat(all(page, "script")).hasSize(1);
    assertThat(all(page, "input").get(0).getAttribute("value"))
        .isEqualTo("\"><script>alert(1)</script>&'");
  }

  @Test
  void keyboardAndPhoneFindTheirWay() {
    PeerProcess peer = process(new PeerFile("ours").services(web.as("web")));
    Document page = page(peer, "/");
    assertThat(all(page, "html").get(0).getAttribute("lang")).isEqualTo("en");
    assertThat(all(page, "label").get(0).getAttribute("for"))
        .isEqualTo(all(page, "input").get(0).getAttribute("id"));
    assertThat(all(page, "meta").get(1).getAttribute("content")).contains("width=device-width");
    assertThat(all(page, "td")).allMatch(cell -> cell.hasAttribute("data-label"));
    assertThat(all(page, "th")).allMatch(cell -> cell.getAttribute("scope").equals("col"));
    assertThat(all(page, "button")).hasSize(1);
  }

  @Test
  void aThousandNames() {
    String[] names =
        IntStream.range(0, 1000)
            .mapToObj(i -> web.as("name-" + i + ".example.com"))
            .toArray(String[]::new);
    PeerProcess peer = process(new PeerFile("ours").services(names));
    assertThat(all(page(peer, "/"), "tr")).hasSize(1001);
  }

  @Test
  void aLinkThatIsCutAndComesBack() {
    PeerProcess entry = process(new PeerFile("entry"));
    PeerFile file =
        new PeerFile("owner")
            .services(web.as("web"))
            .remotes("127.0.0.1:" + entry.address().getPort());
    PeerProcess owner = process(file);
    entry.pages().awaitName("web");
    assertThat(text(page(entry, "/"))).contains("owner", "connected");
    owner.close();
    entry.pages().awaitNoName("web");
    assertThat(text(page(entry, "/"))).doesNotContain("connected").doesNotContain("owner");
    owner.start();
    entry.pages().awaitName("web");
    assertThat(text(page(entry, "/"))).contains("owner", "connected");
  }
}
