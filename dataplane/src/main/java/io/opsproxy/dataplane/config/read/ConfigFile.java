package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
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
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/** The bytes of a configuration file, read once: what is hashed is what is parsed. */
public final class ConfigFile {
  /** Many times what a large mesh needs. */
  public static final int MAX_BYTES = 8 * 1024 * 1024;

  /** Heap that the tree of a text takes for each of its bytes; measured, of short words. */
  private static final int TREE = 13;

  /** The part of the heap that the tree may take. */
  private static final int SHARE = 4;

  /** No file at all. */
  static final ConfigFile NONE = new ConfigFile(new byte[0], true);

  private static final ConfigFile UNREADABLE = new ConfigFile(new byte[0], false);

  private final byte[] bytes;
  private final boolean missing;

  private ConfigFile(byte[] bytes, boolean missing) {
    this.bytes = bytes;
    this.missing = missing;
  }

  /** Reads the file; what prevents that is reported, except that it does not exist. */
  public static ConfigFile read(Path path, Source file, Problems problems) {
    try (InputStream in = unpacked(path)) {
      int most = mostBytes(Runtime.getRuntime().maxMemory());
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        tooLarge(most, file, problems);
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

  /** What is packed is told by its first bytes, as every tool does; the name may say nothing. */
  private static InputStream unpacked(Path path) throws IOException {
    PushbackInputStream in = new PushbackInputStream(Files.newInputStream(path), 2);
    try {
      byte[] first = in.readNBytes(2);
      in.unread(first);
      boolean packed = first.length == 2 && (first[0] & 0xff) == 0x1f && (first[1] & 0xff) == 0x8b;
      return packed ? new GZIPInputStream(in) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** What can be read with a heap of this size, in bytes both. */
  static int mostBytes(long heap) {
    return (int) Math.min(MAX_BYTES, heap / SHARE / TREE);
  }

  private static void tooLarge(int most, Source file, Problems problems) {
    if (most == MAX_BYTES) {
      problems.error(file, "larger than " + MAX_BYTES / 1024 / 1024 + " MiB", "make it smaller");
    } else {
      problems.error(
          file,
          String.format(Locale.ROOT, "larger than %.1f MiB", most / 1024.0 / 1024)
              + ", the most that this process has memory for",
          "give the process more heap (OPS_PROXY_JAVA_OPTS=-Xmx256m), or make the file smaller");
    }
  }

  /** The bytes that a file with this text would have. */
  public static ConfigFile of(String text) {
    return new ConfigFile(text.getBytes(StandardCharsets.UTF_8), false);
  }

  /** Whether there are bytes to look at; if not, why was reported. */
  boolean readable() {
    return this != UNREADABLE;
  }

  /** Whether there is no such file. */
  public boolean missing() {
    return missing;
  }

  /** Lower-case hexadecimal SHA-256. */
  public String hash() {
    return hash(List.of(this));
  }

  /** The same over the bytes of several files, one after the other. */
  public static String hash(Iterable<ConfigFile> files) {
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
  public String text(Source file, Problems problems) {
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
