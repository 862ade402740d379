package io.opsproxy.dataplane.admin;

import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;

/**
 * What a page needs of a request.
 *
 * @param uri as it was sent
 * @param reads whether it is a GET or a HEAD
 * @param head whether it is a HEAD
 * @param malformed whether it is no whole request
 * @param keepAlive whether another one may follow on the connection
 */
record PageRequest(String uri, boolean reads, boolean head, boolean malformed, boolean keepAlive) {

  static PageRequest of(FullHttpRequest request) {
    boolean malformed = request.decoderResult().isFailure();
    boolean head = request.method().equals(HttpMethod.HEAD);
    return new PageRequest(
        request.uri(),
        head || request.method().equals(HttpMethod.GET),
        head,
        malformed,
        HttpUtil.isKeepAlive(request) && !malformed);
  }
}
