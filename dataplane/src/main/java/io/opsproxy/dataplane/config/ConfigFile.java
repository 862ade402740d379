package io.opsproxy.dataplane.config;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The bytes of a configuration file, read once: what is hashed is what is parsed. */
final class ConfigFile {
  /** Thousand times what a large mesh needs. */
  static final int MAX_BYTES = 8 * 1024 * 1024;

  private static final String COMPRESSED = ".gz";

  /** No file at all. */
  static final ConfigFile NONE = new ConfigFile(new byte[0], true);

  private static final ConfigFile UNREADABLE = new ConfigFile(new byte[0], false);

  private final byte[] bytes;
  private final boolean missing;

  private ConfigFile(byte[] bytes, boolean missing) {
    this.bytes = bytes;
    this.missing = missing;
  }

  /**
   * Where the bytes of a file are: in it, or, where there is none, compressed in the one beside it
   * with {@code .gz} at its end. A ConfigMap of Kubernetes has no room for a large one as text.
   */
  static Path place(Path path) {
    if (!Files.exists(path)) {
      Path compressed = path.resolveSibling(path.getFileName() + COMPRESSED);
      return Files.exists(compressed) ? compressed : path;
    }
    return path;
  }

  private static InputStream open(Path path) throws IOException {
    Path place = place(path);
    InputStream in = Files.newInputStream(place);
    if (place.equals(path)) {
      return in;
    }
    try {
      return new GZIPInputStream(in, 64 * 1024);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  /** Reads the file; what prevents that is reported, except that it does not exist. */
  static ConfigFile read(Path path, Source file, Problems problems) {
    try (InputStream in = open(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        problems.error(file, "larger than " + MAX_BYTES / 1024 / 1024 + " MiB", "make it smaller");
        return UNREADABLE;
      }
      return new ConfigFile(bytes, false);
    } catch (NoSuchFileException | FileNotFoundException e) {
      return NONE;
    } catch (AccessDeniedException e) {
      problems.error(file, "no permission to read it", "let the user of this process read it");
    } catch (IOException e) {
      boolean directory = Files.isDirectory(path);
      problems.error(
          file,
          directory ? "is a directory" : "cannot be read: " + e.getMessage(),
          directory ? "name the file in it" : "check the file system");
    }
    return UNREADABLE;
  }

  /** The bytes that a file with this text would have. */
  static ConfigFile of(String text) {
    return new ConfigFile(text.getBytes(StandardCharsets.UTF_8), false);
  }

  /** Whether there are bytes to look at; if not, why was reported. */
  boolean readable() {
    return this != UNREADABLE;
  }

  /** Whether there is no such file. */
  boolean missing() {
    return missing;
  }

  /** Lower-case hexadecimal SHA-256. */
  String hash() {
    return hash(List.of(this));
  }

  /** The same over the bytes of several files, one after the other. */
  static String hash(Iterable<ConfigFile> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (ConfigFile file : files) {
        digest.update(file.bytes);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The text without a byte order mark, or null when it is not UTF-8, which is reported. */
  String text(Source file, Problems problems) {
    int start =
        bytes.length >= 3
                && bytes[0] == (byte) 0xef
                && bytes[1] == (byte) 0xbb
                && bytes[2] == (byte) 0xbf
            ? 3
            : 0;
    ByteBuffer input = ByteBuffer.wrap(bytes, start, bytes.length - start);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(input).toString();
    } catch (CharacterCodingException e) {
      int line = 1;
      for (int i = 0; i < input.position(); i++) {
        if (bytes[i] == '\n') {
          line++;
        }
      }
      problems.error(file.at("", line), "not UTF-8 text", "save the file as UTF-8");
      return null;
    }
  }
}
