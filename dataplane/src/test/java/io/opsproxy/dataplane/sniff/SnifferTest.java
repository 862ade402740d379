package io.opsproxy.dataplane.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SnifferTest {
  @Test
  void noBytesDecideNothing() {
    assertThat(Cuts.whole(new byte[0])).isInstanceOf(Sniff.NeedMore.class);
  }

  @ParameterizedTest
  @EnumSource
  void peerLineIsDecidedByItsColon(Sniff.Verb verb) {
    Cuts.assertDecidedByLastByte(Bytes.text(verb + ":"), new Sniff.PeerLine(verb));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DATA", "REGISTER", "D", "PRI", "GET", "BREW-COFFEE", "!#$%&'*+-.^_`|~"})
  void aTokenMayBecomeAVerbOrAMethod(String token) {
    assertThat(Cuts.whole(Bytes.text(token))).isInstanceOf(Sniff.NeedMore.class);
    assertThat(Cuts.whole(Bytes.text(token + " "))).isInstanceOf(Sniff.NeedMore.class);
  }

  @Test
  void verbsArePeersOnlyBeforeAColon() {
    byte[] head = Bytes.text("DATA / HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(Cuts.whole(head)).isInstanceOf(Sniff.Http.class);
    Cuts.assertSameHoweverCut(head);
  }

  /** The bytes up to the bar are undecided, with the byte after it they are unknown. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "|\0",
        "|\r\nGET / HTTP/1.1\r\n",
        "|\n",
        "| GET / HTTP/1.1",
        "|:a",
        "|\u0080.\u0001",
        "SSH-2.0-OpenSSH_9.9|\r\n",
        "SSH-2.0-OpenSSH_9.9p2 |Debian-1\r\n",
        "EHLO |x\r\n",
        "register|:a",
        "DATAX|:1",
        "REGISTERED|:",
        "FORWARD|:1:web:a:1\n",
        "GET|\r\n",
        "GET|\t/ HTTP/1.1\r\n",
        "GET | / HTTP/1.1\r\n",
        "GET |foo HTTP/1.1\r\n",
        "GET h|ello",
        "GET https|s://a/",
        "GET http:|a/",
        "GET http:/|a/",
        "GET http|x",
        "GET |ftp://a/",
        "KEYS *|\r\n",
        "PSYNC |? -1\r\n",
        "CONNECT| |",
        "CONNECT |{\"verbose\":false}\r\n",
        "CONNECT|\naccept-version:1.2\n",
        "0123456789012345678901234567890|\u00e9",
        "01234567890123456789012345678901|2 / HTTP/1.1\r\n",
      })
  void anythingElseIsUnknownAtTheFirstByteThatSaysSo(String text) {
    int bar = text.indexOf('|');
    byte[] bytes = Bytes.text(text.replace("|", ""));
    if (text.equals("CONNECT| |")) {
      bytes = Bytes.text("CONNECT  ");
      bar = 8;
    }
    assertThat(Cuts.whole(Arrays.copyOf(bytes, bar))).isInstanceOf(Sniff.NeedMore.class);
    assertThat(Cuts.whole(Arrays.copyOf(bytes, bar + 1))).isEqualTo(new Sniff.Unknown());
    Cuts.assertSameHoweverCut(bytes);
  }

  @Test
  void longestMethodIs32Bytes() {
    String method = "M".repeat(32);
    assertThat(Cuts.whole(Bytes.text(method + " / HTTP/1.1\r\nHost: a\r\n\r\n")))
        .isInstanceOf(Sniff.Http.class);
    assertThat(Cuts.whole(Bytes.text(method + "M / HTTP/1.1\r\nHost: a\r\n\r\n")))
        .isInstanceOf(Sniff.Unknown.class);
  }

  @Test
  void http2PrefaceIsDecidedByItsFirstLine() {
    Cuts.assertDecidedByLastByte(Bytes.text("PRI * HTTP/2.0\r\n"), new Sniff.Http2Preface());
    Cuts.assertSameHoweverCut(Bytes.text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0"));
  }

  @ParameterizedTest
  @CsvSource({"'PRI /'", "'PRI x'", "'PRI * HTTP/1'", "'PRI * HTTP/2.0\n'", "'PRI * HTTP/2.1'"})
  void anotherPriLineIsMalformed(String text) {
    Cuts.assertDecidedByLastByte(
        Bytes.text(text),
        new Sniff.Malformed(
            Sniff.Protocol.HTTP, "method PRI without the HTTP/2 connection preface"));
  }

  @Test
  void methodsThatBeginLikeThePrefaceAreMethods() {
    assertThat(Cuts.whole(Bytes.text("PRINT / HTTP/1.1\r\nHost: a\r\n\r\n")))
        .isInstanceOf(Sniff.Http.class);
  }

  @Test
  void theFirstAnswerStays() {
    Sniffer sniffer = new Sniffer();
    Sniff answer = sniffer.sniff(Bytes.text("DATA:1\n"), 0, 7);
    assertThat(sniffer.sniff(Bytes.text("DATA:1\nxyz"), 0, 10)).isSameAs(answer);
  }
}
