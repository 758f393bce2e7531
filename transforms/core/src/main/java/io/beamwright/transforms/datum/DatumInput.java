// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.reading.TableFormat;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.tree.FileEntry;
import io.beamwright.versioning.tree.FilePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What one input of a stage brings to a datum.
 *
 * @param name the input's name: the program finds the files under {@code /pfs/<name>}
 * @param repo the repo that they come from
 * @param branch the branch whose commit it was
 * @param commit the commit that they come from
 * @param match the path that the input's glob matched: {@code /} for the whole repo, else such as
 *     {@code /2017} or {@code /2017/prices.csv}
 * @param as in which format tables are shown
 * @param format how its files of text are read; empty for by the rules alone
 * @param files the files at or under the match, sorted by path
 */
public record DatumInput(
    String name,
    String repo,
    String branch,
    Sha256 commit,
    String match,
    View as,
    Optional<TableFormat> format,
    List<FileEntry> files) {

  /** A match that is the whole repo. */
  public static final String WHOLE_REPO = "/";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final Set<String> TAKEN = Set.of(".", "..", "out");

  /** Sorts {@code files}. */
  public DatumInput {
    // It becomes the name of a folder beside "out", and of a variable.
    if (!NAME.matcher(name).matches() || TAKEN.contains(name)) {
      throw new IllegalArgumentException("not the name of an input: " + name);
    }
    if (!match.equals(WHOLE_REPO)) {
      match = new FilePath(match).text();
    }
    files = files.stream().sorted(Comparator.comparing(FileEntry::path)).toList();
    for (int i = 1; i < files.size(); i++) {
      if (files.get(i).path().equals(files.get(i - 1).path())) {
        throw new IllegalArgumentException("twice in input " + name + ": " + files.get(i).path());
      }
    }
  }

  /** Of an input whose files of text are read by the rules alone. */
  public DatumInput(
      String name,
      String repo,
      String branch,
      Sha256 commit,
      String match,
      View as,
      List<FileEntry> files) {
    this(name, repo, branch, commit, match, as, Optional.empty(), files);
  }

  /** Where one of the files, or the table that it belongs to, is found under the input's folder. */
  FilePath shown(FileEntry file) {
    return as.shown(name, file.path());
  }

  /** This with tables shown as they are stored. */
  DatumInput asStored() {
    return new DatumInput(name, repo, branch, commit, match, View.NONE, format, files);
  }

  /** This with {@code files} alone. */
  public DatumInput with(List<FileEntry> files) {
    return new DatumInput(name, repo, branch, commit, match, as, format, files);
  }

  /** This as JSON: everything. */
  ObjectNode toJson() {
    ObjectNode json = CanonicalJson.object();
    json.put("name", name).put("repo", repo).put("branch", branch).put("commit", commit.hex());
    json.put("match", match).put("as", as.word());
    format.ifPresent(declared -> json.set("format", declared.toJson()));
    ArrayNode entries = json.putArray("files");
    files.forEach(file -> entries.add(file.toJson()));
    return json;
  }

  /**
   * What {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if {@code json} is anything else
   */
  static DatumInput fromJson(JsonNode json) {
    List<FileEntry> files = new ArrayList<>();
    json.required("files").forEach(file -> files.add(FileEntry.fromJson(file)));
    String as = json.required("as").asText();
    return new DatumInput(
        json.required("name").asText(),
        json.required("repo").asText(),
        json.required("branch").asText(),
        Sha256.parse(json.required("commit").asText()),
        json.required("match").asText(),
        View.ofWord(as).orElseThrow(() -> new IllegalArgumentException("not a view: " + as)),
        Optional.ofNullable((ObjectNode) json.get("format"))
            .map(declared -> TableFormat.of(declared, "format")),
        files);
  }
}
