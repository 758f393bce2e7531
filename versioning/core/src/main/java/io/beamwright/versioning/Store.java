// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.commit.Commits;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.gc.DroppedCommits;
import io.beamwright.versioning.gc.Retentions;
import io.beamwright.versioning.job.Attempts;
import io.beamwright.versioning.job.Copies;
import io.beamwright.versioning.job.Jobs;
import io.beamwright.versioning.job.LiveLog;
import io.beamwright.versioning.job.Runs;
import io.beamwright.versioning.ref.Repos;
import io.beamwright.versioning.result.Journals;
import io.beamwright.versioning.result.Results;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.tree.TreeShape;
import io.beamwright.versioning.tree.Trees;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A store: one root URI that holds everything. Nothing is cached between calls that another process
 * could change, so any number of processes may use one store at once.
 */
public final class Store implements AutoCloseable {

  private static final String NAME = "beamwright-store";
  private static final int VERSION = 1;
  // What the format object of a store says that may have keys below features/: versions that do not
  // look there refuse it by this name.
  private static final String HAS_FEATURES = "feature-keys";
  private static final int LONGEST_FORMAT = 1 << 16;

  private final Storage storage;
  private final WriteSession session;
  private final Trees trees;
  private final StoredFiles files;

  private Store(WriteSession session, TreeShape shape) {
    this.storage = session.storage();
    this.session = session;
    this.files = new StoredFiles(storage);
    this.trees = new Trees(session, shape);
  }

  /**
   * Opens the store that {@code storage} holds; closing the store closes it.
   *
   * @throws UserFault if there is none
   * @throws NewerStore if it asks for what this version does not have
   */
  public static Store open(Storage storage) {
    return open(new WriteSession(storage));
  }

  /** The same, written to by {@code session}. */
  public static Store open(WriteSession session) {
    return open(session, TreeShape.STANDARD);
  }

  /** The same with trees of another shape, which all who write to the store have to use. */
  public static Store open(WriteSession session, TreeShape shape) {
    Storage storage = session.storage();
    try {
      requireFormat(storage);
    } catch (ObjectAbsent e) {
      String location = storage.location();
      storage.close();
      throw new MissingStore(location);
    }
    session.requireKnownFeatures();
    return new Store(session, shape);
  }

  /** Opens the store that {@code storage} holds, or makes an empty one. */
  public static Store openOrCreate(Storage storage) {
    WriteSession session = new WriteSession(storage);
    try {
      requireFormat(storage);
    } catch (ObjectAbsent e) {
      var unused = storage.createIfAbsent(StoreLayout.FORMAT, format());
      return open(session);
    }
    session.requireKnownFeatures();
    return new Store(session, TreeShape.STANDARD);
  }

  /** What the format object of a new store says. */
  public static Content format() {
    return format(List.of(HAS_FEATURES));
  }

  /** What the format object says of a store that was made before there were features. */
  public static Content formatBeforeFeatures() {
    return format(List.of());
  }

  private static Content format(List<String> features) {
    ObjectNode format = CanonicalJson.object();
    ArrayNode named = format.put("format", NAME).put("version", VERSION).putArray("features");
    features.forEach(named::add);
    return Content.of(CanonicalJson.bytes(format));
  }

  /**
   * Checks the object that says what {@code storage} holds.
   *
   * @throws ObjectAbsent if there is none
   * @throws NewerStore if it names a version or a feature that this version does not know
   * @throws EnvironmentFault if it is damaged
   */
  public static void requireFormat(Storage storage) {
    try {
      byte[] bytes = storage.read(StoreLayout.FORMAT, 0, LONGEST_FORMAT);
      JsonNode format = CanonicalJson.parse(bytes);
      if (!format.required("format").asText().equals(NAME)
          || !format.required("features").isArray()
          || !Arrays.equals(bytes, CanonicalJson.bytes(format))) {
        throw new IllegalArgumentException("not the format of a store");
      }
      requireKnown(storage, format);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new EnvironmentFault(
          storage.location() + "/" + StoreLayout.FORMAT + " is damaged.", DamagedObject.REMEDY, e);
    }
  }

  private static void requireKnown(Storage storage, JsonNode format) {
    Set<String> unknown = new TreeSet<>();
    format.required("features").forEach(feature -> unknown.add(feature.asText()));
    unknown.remove(HAS_FEATURES);
    JsonNode version = format.required("version");
    if (!version.equals(BigIntegerNode.valueOf(BigInteger.valueOf(VERSION)))
        || !unknown.isEmpty()) {
      throw new NewerStore(
          storage.location()
              + " is a store of format "
              + version.asText()
              + (unknown.isEmpty() ? "" : " with the features " + String.join(", ", unknown))
              + "; this Beamwright reads format "
              + VERSION
              + ".");
    }
  }

  /** What keeps all that is written through this clear of garbage collection. */
  public WriteSession session() {
    return session;
  }

  /** Where everything lies. */
  public Storage storage() {
    return storage;
  }

  /** The trees of files. */
  public Trees trees() {
    return trees;
  }

  /** The bytes of files. */
  public StoredFiles files() {
    return files;
  }

  /** A new packer of contents into this store; the caller closes it. */
  public Packer packer() {
    return new Packer(session);
  }

  /** The repos. */
  public Repos repos() {
    return new Repos(session);
  }

  /** The commits. */
  public Commits commits() {
    return new Commits(session);
  }

  /** The commits whose files were let go. */
  public DroppedCommits droppedCommits() {
    return new DroppedCommits(storage);
  }

  /** The rules of repos of what is kept for how long. */
  public Retentions retentions() {
    return new Retentions(storage);
  }

  /** What refs mean here. */
  public History history() {
    return new History(this);
  }

  /** The jobs. */
  public Jobs jobs() {
    return new Jobs(session);
  }

  /** The attempts at jobs. */
  public Attempts attempts() {
    return new Attempts(storage);
  }

  /** The runs. */
  public Runs runs() {
    return new Runs(storage);
  }

  /** What other stores told of their jobs and runs. */
  public Copies copies() {
    return new Copies(storage);
  }

  /** The journals of attempts. */
  public Journals journals() {
    return new Journals(session);
  }

  /** What the programs of the attempt of this number have printed so far. */
  public LiveLog liveLog(long attempt) {
    return new LiveLog(storage, attempt);
  }

  /** The results of datums. */
  public Results results() {
    return new Results(session, trees, files);
  }

  @Override
  public void close() {
    storage.close();
  }
}
