package io.opsproxy.dataplane.trust.issue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Writes certificates and keys as files: whole or not at all, keys never readable by others. */
final class KeptFiles {
  private static final String KEY = "rw-------";
  private static final String CERTIFICATE = "rw-r--r--";

  private KeptFiles() {}

  static void writeKey(Path file, String text, boolean replace) throws IOException {
    write(file, text, KEY, replace);
  }

  static void writeCertificate(Path file, String text, boolean replace) throws IOException {
    write(file, text, CERTIFICATE, replace);
  }

  /**
   * The file has its mode from the moment it exists, and its name once it is whole.
   *
   * @throws FileAlreadyExistsException when it is there and not to be replaced
   */
  private static void write(Path file, String text, String mode, boolean replace)
      throws IOException {
    FileAttribute<?> permissions =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    Path part = file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid());
    Files.deleteIfExists(part);
    try {
      try (SeekableByteChannel out =
          Files.newByteChannel(
              part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
      if (replace) {
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } else {
        // Unlike a move, a link never takes the place of a file.
        Files.createLink(file, part);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
