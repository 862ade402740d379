package io.opsproxy.dataplane.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Writes JSON pages. */
public final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();

  /** Writes one document. */
  @FunctionalInterface
  public interface Document {
    /** Writes it whole. */
    void write(JsonGenerator json) throws IOException;
  }

  private JsonText() {}

  /** The document as a page. */
  public static Page page(Document document) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      document.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Page.json(text + "\n");
  }
}
