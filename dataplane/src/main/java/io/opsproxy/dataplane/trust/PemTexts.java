package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.config.model.NamedFile;
import io.opsproxy.dataplane.config.problem.Problem;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.read.NamedFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * PEM files that a command names, and texts: what is wrong is an exception with a sentence.
 * Stateless.
 */
public final class PemTexts {
  private PemTexts() {}

  /** The certificates of a file; never empty. */
  public static List<X509Certificate> certificates(Path file) throws IOException {
    Problems problems = new Problems();
    Optional<PemFile> pem = open(file, problems);
    List<X509Certificate> certificates = pem.isPresent() ? pem.get().certificates() : List.of();
    check(problems);
    return certificates;
  }

  /**
   * The certificates of a text; never empty.
   *
   * @param name of the text, in messages
   */
  public static List<X509Certificate> certificates(String name, String text) throws IOException {
    Problems problems = new Problems();
    NamedFile named = new NamedFile(Path.of(name), Source.file(name));
    List<X509Certificate> certificates = new PemFile(named, text, problems).certificates();
    check(problems);
    return certificates;
  }

  /** The one private key of a file. */
  public static PrivateKey key(Path file) throws IOException {
    Problems problems = new Problems();
    Optional<PrivateKey> key = open(file, problems).flatMap(PemFile::key);
    check(problems);
    return key.orElseThrow(() -> new IOException(file + ": no key"));
  }

  /**
   * The one private key of a text.
   *
   * @param name of the text, in messages
   */
  public static PrivateKey key(String name, String text) throws IOException {
    Problems problems = new Problems();
    NamedFile named = new NamedFile(Path.of(name), Source.file(name));
    Optional<PrivateKey> key = new PemFile(named, text, problems).key();
    check(problems);
    return key.orElseThrow(() -> new IOException(name + ": no key"));
  }

  private static Optional<PemFile> open(Path file, Problems problems) {
    NamedFile named = new NamedFile(file, Source.file(file.toString()));
    return new NamedFiles(problems).text(named).map(text -> new PemFile(named, text, problems));
  }

  private static void check(Problems problems) throws IOException {
    for (Problem problem : problems.inOrder()) {
      throw new IOException(problem.message() + "; " + problem.remedy());
    }
  }
}
