// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.beamwright.versioning.NearMiss;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.Inspection;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.Tree;
import io.beamwright.versioning.tree.TreeEdit;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ordered puts, copies and deletes that make one commit, as read from JSON: one object an
 * operation, in an array or one after the other. The members are those of JSON Patch (RFC 6902)
 * where it has them.
 */
final class Operations {

  private static final Map<String, Set<String>> MEMBERS =
      Map.of(
          "put", Set.of("op", "path", "file", "text", "executable", "append", "raw", "verify_rows"),
          "copy", Set.of("op", "from", "path"),
          "delete", Set.of("op", "path"));
  private static final Set<String> FLAGS = Set.of("executable", "append", "raw", "verify_rows");
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final String name;
  private final Target branch;
  private final List<JsonNode> operations;
  private final Map<String, Source> sources = new HashMap<>();

  private Operations(String name, Target branch, List<JsonNode> operations) {
    this.name = name;
    this.branch = branch;
    this.operations = List.copyOf(operations);
  }

  /** No operation at all. */
  static Operations none(Target branch) {
    return new Operations("", branch, List.of());
  }

  /**
   * Reads all of {@code in}, which the caller closes.
   *
   * @param name what it is called in messages
   * @param branch the branch that the paths are in
   * @throws UserFault if it is not JSON, or holds anything but operations
   */
  static Operations read(String name, Target branch, InputStream in) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    try (JsonParser parser = MAPPER.createParser(in)) {
      for (JsonNode value = next(parser); value != null; value = next(parser)) {
        if (value.isArray()) {
          value.forEach(found::add);
        } else {
          found.add(value);
        }
      }
    } catch (JsonProcessingException e) {
      throw notJson(name, e);
    }
    Operations operations = new Operations(name, branch, found);
    for (int i = 0; i < found.size(); i++) {
      operations.check(i);
    }
    return operations;
  }

  private static @Nullable JsonNode next(JsonParser parser) throws IOException {
    return MAPPER.readTree(parser);
  }

  private static UserFault notJson(String name, JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? name
            : name + ":" + e.getLocation().getLineNr() + ":" + e.getLocation().getColumnNr();
    return new UserFault(
        where + ": this is not JSON: " + e.getOriginalMessage() + ".",
        "Write one operation a line, as in {\"op\": \"delete\", \"path\": \"/old.csv\"}.");
  }

  private void check(int index) {
    JsonNode operation = operations.get(index);
    String op = operation.path("op").asText();
    Set<String> members = MEMBERS.get(op);
    if (members == null) {
      throw wrong(
          index,
          operation.has("op") ? "there is no operation \"" + op + "\"" : "it has no \"op\"",
          "The operations are put, copy and delete.");
    }
    for (Map.Entry<String, JsonNode> member : operation.properties()) {
      if (!members.contains(member.getKey())) {
        List<String> near = NearMiss.of(member.getKey(), members);
        throw wrong(
            index,
            "\"" + member.getKey() + "\" is no member of a " + op,
            (near.isEmpty() ? "" : "Did you mean " + String.join(" or ", near) + "? ")
                + "It has "
                + String.join(", ", members.stream().sorted().toList())
                + ".");
      }
      checkType(index, member);
    }
    requireText(index, "path");
    if (op.equals("copy")) {
      requireText(index, "from");
    }
    if (op.equals("put") && operation.has("file") == operation.has("text")) {
      throw wrong(
          index, "a put has one of \"file\" and \"text\"", "Name a file, or give the content.");
    }
    if (operation.path("file").asText().equals(Upload.STANDARD_INPUT)) {
      throw wrong(index, "\"-\" is no file", "Give the content as \"text\".");
    }
    if (operation.has("executable") && operation.has("file")) {
      throw wrong(
          index,
          "\"executable\" goes with \"text\"",
          "Leave it out: a file brings its own executable bit.");
    }
    requireOneLook(index, operation);
  }

  private void requireOneLook(int index, JsonNode operation) {
    boolean raw = operation.path("raw").asBoolean();
    boolean verifyRows = operation.path("verify_rows").asBoolean();
    if (raw && verifyRows) {
      throw wrong(index, "\"raw\" and \"verify_rows\" exclude each other", "Leave one out.");
    }
    if ((raw || verifyRows) && operation.has("text")) {
      throw wrong(
          index, "\"raw\" and \"verify_rows\" go with \"file\"", "Leave them out: text is text.");
    }
  }

  private void checkType(int index, Map.Entry<String, JsonNode> member) {
    boolean isFlag = FLAGS.contains(member.getKey());
    if (isFlag ? !member.getValue().isBoolean() : !member.getValue().isTextual()) {
      throw wrong(
          index,
          "\"" + member.getKey() + "\" is not " + (isFlag ? "true or false" : "a string"),
          "Correct it.");
    }
  }

  private void requireText(int index, String member) {
    if (operations.get(index).path(member).asText().isEmpty()) {
      throw wrong(index, "it has no \"" + member + "\"", "Add it.");
    }
  }

  private UserFault wrong(int index, String how, String remedy) {
    return new UserFault(name + ", operation " + (index + 1) + ": " + how + ".", remedy);
  }

  /** Number of operations. */
  int count() {
    return operations.size();
  }

  /** What one operation does to the files as those before it have left them. */
  private interface Step {
    List<TreeEdit> edits(Tree before);

    /** Whether {@link #edits} looks at the files. */
    default boolean looks() {
      return false;
    }
  }

  /** A step that has to see what those before it did. */
  private interface LookingStep extends Step {
    @Override
    default boolean looks() {
      return true;
    }
  }

  /** All operations, with their contents in the store and their refs pinned. */
  static final class Ready {
    private final Store store;
    private final List<Step> steps;

    private Ready(Store store, List<Step> steps) {
      this.store = store;
      this.steps = steps;
    }

    /** {@code before} after all operations, one after the other; may be called again. */
    Tree apply(Tree before) {
      Tree files = before;
      List<TreeEdit> edits = new ArrayList<>();
      for (Step step : steps) {
        if (step.looks()) {
          files = store.trees().edit(files, edits);
          edits.clear();
        }
        edits.addAll(step.edits(files));
      }
      return store.trees().edit(files, edits);
    }
  }

  /**
   * Stores the contents that are put.
   *
   * @throws UserFault if a file or a ref is not there; names the operation
   */
  Ready prepare(Session session, Store store) {
    List<Supplier<Step>> steps = new ArrayList<>();
    try (Progress progress = session.console().progress("putting");
        Packer packer = store.packer()) {
      Upload upload = new Upload(packer, session.console().input(), Transfer.on(progress));
      for (int i = 0; i < operations.size(); i++) {
        steps.add(prepare(store, upload, i));
      }
      packer.flush();
    }
    return new Ready(store, steps.stream().map(Supplier::get).toList());
  }

  private Supplier<Step> prepare(Store store, Upload upload, int index) {
    JsonNode operation = operations.get(index);
    try {
      Target to = Target.parse(branch.ref() + ":" + operation.required("path").textValue());
      return switch (operation.required("op").textValue()) {
        case "put" -> put(store, upload, operation, to);
        case "copy" -> copy(store, index, operation.required("from").textValue(), to);
        default -> () -> before -> DeleteFileCommand.edits(to);
      };
    } catch (UserFault e) {
      throw at(index, e);
    }
  }

  private UserFault at(int index, UserFault e) {
    return new UserFault(
        name + ", operation " + (index + 1) + ": " + e.getMessage(), e.remedy(), e);
  }

  private static Supplier<Step> put(Store store, Upload upload, JsonNode operation, Target to) {
    Supplier<List<FileEntry>> files =
        operation.has("text")
            ? upload.addText(
                operation.path("text").textValue(), to, operation.path("executable").asBoolean())
            : upload.add(
                operation.path("file").textValue(), to, Upload.Folders.TAKEN, looking(operation));
    if (!operation.path("append").asBoolean()) {
      return () -> {
        List<FileEntry> stored = files.get();
        return before -> puts(stored);
      };
    }
    return () -> {
      List<FileEntry> stored = files.get();
      LookingStep append =
          before ->
              puts(
                  stored.stream()
                      .map(file -> PutFileCommand.appended(store, before, file))
                      .toList());
      return append;
    };
  }

  private static Inspection looking(JsonNode operation) {
    return Looking.inspection(
        operation.path("raw").asBoolean(), operation.path("verify_rows").asBoolean());
  }

  private Supplier<Step> copy(Store store, int index, String from, Target to) {
    if (from.startsWith("/")) {
      LookingStep within =
          before -> {
            try {
              return puts(within(store, before, from, to));
            } catch (UserFault e) {
              throw at(index, e);
            }
          };
      return () -> within;
    }
    List<FileEntry> files = copied(store, pinned(store, from), to);
    return () -> before -> puts(files);
  }

  // Of many copies most have one ref, and what moves meanwhile is to move for none of them.
  private Source pinned(Store store, String from) {
    String ref = Source.refOf(from);
    Source source = sources.get(ref);
    if (source == null) {
      source = Source.of(store, from);
      store.droppedCommits().refuseWithoutBytes(source.commit().id());
      sources.put(ref, source);
    }
    return source.at(from);
  }

  private List<FileEntry> within(Store store, Tree before, String from, Target to) {
    // The commit in the making has no name yet; its files are all that is looked at.
    Target place = Target.parse(branch.ref() + ":" + from);
    return copied(store, Source.inTheMaking(before, place), to);
  }

  private static List<FileEntry> copied(Store store, Source source, Target to) {
    if (source.file().isEmpty()) {
      source.requireFolder(store);
    }
    return source.copiedTo(to);
  }

  private static List<TreeEdit> puts(List<FileEntry> files) {
    return files.stream().<TreeEdit>map(TreeEdit.Put::new).toList();
  }
}
