package io.opsproxy.operator.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that were named: each itself, a directory for all {@code .yaml}, {@code .yml} and
 * {@code .json} files in it, and {@code -} for standard input, which is read once.
 */
public final class ManifestFiles {
  private static final String STANDARD_INPUT = "-";

  private final List<String> names;
  private final String standardInput;

  /**
   * @param names as on the command line
   * @param in read to its end when a name is {@code -}
   */
  public ManifestFiles(List<String> names, InputStream in) throws IOException {
    this.names = List.copyOf(names);
    standardInput =
        names.contains(STANDARD_INPUT) ? new String(in.readAllBytes(), StandardCharsets.UTF_8) : "";
  }

  /** All texts as they are now. What cannot be read is among the faults. */
  public Contents read() {
    Map<String, String> texts = new LinkedHashMap<>();
    List<Fault> faults = new ArrayList<>();
    for (String name : names) {
      if (name.equals(STANDARD_INPUT)) {
        texts.put("standard input", standardInput);
        continue;
      }
      for (Path file : files(name, faults)) {
        try {
          texts.put(file.toString(), Files.readString(file));
        } catch (CharacterCodingException e) {
          faults.add(new Fault(file.toString(), 0, "is not UTF-8 text"));
        } catch (NoSuchFileException e) {
          faults.add(new Fault(file.toString(), 0, "does not exist"));
        } catch (IOException e) {
          faults.add(new Fault(file.toString(), 0, "cannot be read: " + e.getMessage()));
        }
      }
    }
    return new Contents(texts, faults);
  }

  private static List<Path> files(String name, List<Fault> faults) {
    Path path = Path.of(name);
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path, "*.{yaml,yml,json}")) {
      entries.forEach(files::add);
    } catch (IOException e) {
      faults.add(new Fault(name, 0, "cannot be listed: " + e.getMessage()));
    }
    Collections.sort(files);
    return files;
  }

  /**
   * What the files hold at one moment. Equal contents mean the same objects.
   *
   * @param texts by the name of the file, in the order in which they were named
   * @param faults files that could not be read
   */
  public record Contents(Map<String, String> texts, List<Fault> faults) {
    /** The objects in them. */
    public ManifestReader objects(String defaultNamespace) {
      ManifestReader reader = new ManifestReader(defaultNamespace);
      faults.forEach(reader::fault);
      texts.forEach(reader::read);
      return reader;
    }
  }
}
