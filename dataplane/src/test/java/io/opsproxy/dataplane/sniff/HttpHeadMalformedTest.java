package io.opsproxy.dataplane.sniff;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpHeadMalformedTest {
  private static Sniff malformed(String why) {
    return new Sniff.Malformed(Sniff.Protocol.HTTP, why);
  }

  /** Bars are CRLF, {@code ^} is CR, {@code ~} is LF; the last byte is the one that decides. */
  private static byte[] bytes(String text) {
    return Bytes.text(text.replace("|", "\r\n").replace('^', '\r').replace('~', '\n'));
  }

  @ParameterizedTest
  @CsvSource({
    "'GET /^', request line has no HTTP version",
    "'GET /~', request line has no HTTP version",
    "'GET http://a/^', request line has no HTTP version",
    "'CONNECT a:1^', request line has no HTTP version",
    "'GET /\0', request target has a control character",
    "'GET /\t', request target has a control character",
    "'GET /\u007f', request target has a control character",
    "'GET /  ', request line has no HTTP version after its target",
    "'GET / x', request line has no HTTP version after its target",
    "'GET / HTTP ', request line has no HTTP version after its target",
    "'GET / HTTp', request line has no HTTP version after its target",
    "'OPTIONS * x', request line has no HTTP version after its target",
    "'GET / HTTP/2', HTTP version is not 1.0 or 1.1",
    "'GET / HTTP/0', HTTP version is not 1.0 or 1.1",
    "'GET / HTTP/11', HTTP version is not 1.0 or 1.1",
    "'GET / HTTP/1.2', HTTP version is not 1.0 or 1.1",
    "'GET / HTTP/1.1~', request line ends with a bare LF",
    "'GET / HTTP/1.1 ', request line goes on after the HTTP version",
    "'GET / HTTP/1.10', request line goes on after the HTTP version",
    "'GET / HTTP/1.1^x', request line has a bare CR",
    "'GET / HTTP/1.1^^', request line has a bare CR",
  })
  void brokenRequestLines(String text, String why) {
    Cuts.assertDecidedByLastByte(bytes(text), malformed(why));
  }

  @ParameterizedTest
  @CsvSource({
    "' ', first header line begins with a space",
    "'\t', first header line begins with a space",
    "'~', header line ends with a bare LF",
    "'^x', header line has a bare CR",
    "':', header name is empty",
    "'Host: a|:', header name is empty",
    "'Host: a| ', header line is folded",
    "'Host: a|\t', header line is folded",
    "'Host ', space between a header name and its colon",
    "'Host\t', space between a header name and its colon",
    "'Host^', header line without a colon",
    "'Host~', header line without a colon",
    "'H(', header name has a character that none may have",
    "'(', header name has a character that none may have",
    "'\0', header name has a character that none may have",
    "'H\0', header name has a character that none may have",
    "'\u00e9', header name has a character that none may have",
    "'X: a\0', header value has a control character",
    "'X: a\u000b', header value has a control character",
    "'X: a\u001b', header value has a control character",
    "'X: a\u007f', header value has a control character",
    "'X: a~', header line ends with a bare LF",
    "'X: a^x', header line has a bare CR",
    "'X: a^^', header line has a bare CR",
    "'Host: a|~', header line ends with a bare LF",
    "'Host: a|^^', header line has a bare CR",
    "'Host: a|host:', more than one Host header",
    "'Host:|X: y|HOST:', more than one Host header",
  })
  void brokenHeaderFields(String text, String why) {
    Cuts.assertDecidedByLastByte(bytes("GET / HTTP/1.1|" + text), malformed(why));
  }

  @ParameterizedTest
  @CsvSource({
    "GET / HTTP/1.1, no Host header",
    "GET / HTTP/1.0, no Host header",
    "OPTIONS * HTTP/1.0, no Host header",
    "GET / HTTP/1.1|X-Host: a, no Host header",
    "GET http://a/ HTTP/1.1, no Host header",
    "CONNECT a:1 HTTP/1.1, no Host header",
    "GET / HTTP/1.1|Host:, Host header is not a host name",
    "GET / HTTP/1.1|Host: :80, Host header is not a host name",
    "GET / HTTP/1.1|Host: a b, Host header is not a host name",
    "'GET / HTTP/1.1|Host: a,b', Host header is not a host name",
    "GET / HTTP/1.1|Host: a:b, Host header is not a host name",
    "GET / HTTP/1.1|Host: u@a, Host header is not a host name",
    "GET / HTTP/1.1|Host: a/b, Host header is not a host name",
    "GET / HTTP/1.1|Host: b\u00fccher.de, Host header is not a host name",
    "GET / HTTP/1.1|Host: *.a.b, Host header is not a host name",
    "GET / HTTP/1.1|Host: ::1, Host header is not a host name",
    "GET / HTTP/1.1|Host: http://a, Host header is not a host name",
    "GET http://a/ HTTP/1.1|Host: b c, Host header is not a host name",
    "GET http://a/ HTTP/1.0|Host:, Host header is not a host name",
    "GET http:/// HTTP/1.1|Host: a, host of the request target is not a host name",
    "GET http://?a HTTP/1.1|Host: a, host of the request target is not a host name",
    "GET http://a:b/ HTTP/1.1|Host: a, host of the request target is not a host name",
    "GET http://a\\b/ HTTP/1.1|Host: a, host of the request target is not a host name",
    "GET http://a%20b/ HTTP/1.1|Host: a, host of the request target is not a host name",
    "GET http://u@a/ HTTP/1.1|Host: a, request target has user information",
    "GET http://a:80@b/ HTTP/1.1|Host: a, request target has user information",
    "GET http://a\\@b/ HTTP/1.1|Host: a, request target has user information",
    "CONNECT u@a:1 HTTP/1.1|Host: a, request target has user information",
  })
  void hostsThatCannotRoute(String text, String why) {
    Cuts.assertDecidedByLastByte(bytes(text + "||"), malformed(why));
  }

  @ParameterizedTest
  @CsvSource({
    "a",
    "a:",
    "a:0",
    "a:65536",
    "a:01",
    "a:+1",
    "a:99999999999",
    "a:b",
    "/",
    "*",
    "/:1",
    "a/:1",
    "[::1]",
    "1::1:1",
    "[::1:1",
    "[a]:1",
    "[1.2.3.4]:1",
    "[1:2]:1",
    "[fe80::1%1]:1",
    "a:1:1",
    "http://a:1",
    "a,b:1",
    "*.a:1",
  })
  void connectTakesHostAndPortOnly(String target) {
    Cuts.assertDecidedByLastByte(
        bytes("CONNECT " + target + " HTTP/1.1|Host: a||"),
        malformed("CONNECT target is not host:port with a port of 1-65535"));
  }
}
