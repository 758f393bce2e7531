// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.file.StoredFile;
import java.util.function.Consumer;
import org.apache.beam.sdk.transforms.DoFn;
import org.jspecify.annotations.Nullable;

/** A step that reads plan segments, which elements name as JSON of a stored file. */
abstract class ReadSegments<T> extends DoFn<String, T> {

  private static final long serialVersionUID = 1L;

  private final GraphSite site;
  private transient @Nullable Store store;

  ReadSegments(GraphSite site) {
    this.site = site;
  }

  /** Opens the store. */
  @Setup
  public void open() {
    store = site.open();
  }

  /** Closes the store. */
  @Teardown
  public void close() {
    if (store != null) {
      store.close();
    }
  }

  final Store store() {
    if (store == null) {
      throw new IllegalStateException("used before setup");
    }
    return store;
  }

  /** Gives each line of the segment that {@code element} names. */
  final void lines(String element, Consumer<JsonNode> lines) {
    io.beamwright.pipelines.plan.Segments.readLines(
        store().files(), StoredFile.fromJson(GraphJson.parse(element)), lines);
  }
}
