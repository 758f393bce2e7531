// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.pipelines.glob.Glob;
import io.beamwright.pipelines.glob.GlobFault;
import io.beamwright.pipelines.spec.InputDraft.Named;
import io.beamwright.transforms.datum.DatumInput;
import io.beamwright.transforms.datum.View;
import io.beamwright.transforms.reading.MemberFault;
import io.beamwright.transforms.reading.TableFormat;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.fault.UserFault;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a repo: each match of the glob is a datum.
 *
 * @param repo the repo to read
 * @param name its folder under {@code /pfs} and its view in SQL
 * @param branch the branch to read
 * @param glob which files make a datum
 * @param as the form in which tables are shown to a program
 * @param format how its files of text are read; empty for by the rules alone
 * @param pointer where it stands in its file, for messages; no other input has the same
 */
public record PfsInput(
    String repo,
    String name,
    String branch,
    Glob glob,
    View as,
    Optional<TableFormat> format,
    String pointer)
    implements Input {

  private static final String FORMAT = "format";
  private static final Pattern CAPTURE = Pattern.compile("\\$([0-9]+)");

  @Override
  public List<PfsInput> leaves() {
    return List.of(this);
  }

  @Override
  public Optional<Input> without(Predicate<String> wanted) {
    return wanted.test(name) ? Optional.empty() : Optional.of(this);
  }

  /** No glob matches one path twice. */
  @Override
  public boolean mayRepeat() {
    return false;
  }

  @Override
  public ObjectNode jobKeyPart() {
    ObjectNode part = CanonicalJson.object().put("input", "pfs");
    part.putArray("inputs").add(keyMember());
    return part;
  }

  @Override
  public ObjectNode keyMember() {
    ObjectNode member = CanonicalJson.object().put("name", name).put("glob", glob.text());
    if (as != View.NONE) {
      member.put("as", as.keyWord());
    }
    format.ifPresent(declared -> member.set("format", declared.toJson()));
    return member;
  }

  @Override
  public Iterator<List<DatumInput>> datums(Matches matches) {
    Iterator<DatumInput> each = matches.each(this);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return each.hasNext();
      }

      @Override
      public List<DatumInput> next() {
        return List.of(each.next());
      }
    };
  }

  @Override
  public Optional<List<DatumInput>> whole(Matches matches) {
    return matches.all(this).map(List::of);
  }

  // --- reading ---

  static InputDraft read(Value pfs) {
    Optional<Fields> fields = Fields.of(pfs, SpecFields.PFS);
    return fields.map(given -> read(pfs, given)).orElse(InputDraft.NONE);
  }

  private static InputDraft read(Value pfs, Fields given) {
    Optional<String> repo = given.required("repo").flatMap(Names::plain);
    Optional<Value> named = given.get("name");
    Optional<String> name = named.isPresent() ? named.flatMap(Names::plain) : repo;
    Optional<Glob> glob = given.required("glob").flatMap(PfsInput::glob);
    String branch =
        given
            .get("branch")
            .map(value -> Names.branch(value).orElse(""))
            .orElseGet(() -> given.defaultOf("branch"));
    View view = given.get("as").flatMap(PfsInput::view).orElse(View.NONE);
    Optional<TableFormat> format = given.get("format").flatMap(PfsInput::format);
    refuseMissingCaptures(pfs, glob);
    Pointer place = given.at().child(named.isPresent() ? "name" : "repo");
    if (name.isPresent() && name.get().equals("out")) {
      given
          .problems()
          .add(place, "is \"out\", where the program writes.", "Give the input another \"name\".");
    }
    // In a draft any glob will do: what else is wrong is found without it.
    Glob known = glob.orElseGet(() -> Glob.compile("/"));
    return new InputDraft(
        repo.isPresent() && name.isPresent()
            ? Optional.of(
                new PfsInput(
                    repo.get(), name.get(), branch, known, view, format, given.at().text()))
            : Optional.empty(),
        name.stream().map(text -> new Named(text, place)).toList(),
        name.isPresent());
  }

  private static Optional<Glob> glob(Value value) {
    Optional<String> text = value.string();
    try {
      return text.map(Glob::compile);
    } catch (GlobFault fault) {
      value.problem("is " + value.shown() + ": " + fault.reason() + ".", fault.remedy());
      return Optional.empty();
    }
  }

  private static Optional<View> view(Value value) {
    Optional<String> text = value.string();
    Optional<View> view = text.flatMap(View::ofWord).filter(known -> known != View.NONE);
    if (text.isPresent() && view.isEmpty()) {
      value.problem("is " + value.shown() + ".", "Tables can be shown as \"csv\" or \"json\".");
    }
    return view;
  }

  /** What says no more than the rules do is the same as nothing. */
  private static Optional<TableFormat> format(Value value) {
    int before = value.problems().count();
    Optional<Fields> fields = Fields.of(value, SpecFields.FORMAT);
    Optional<ObjectNode> object =
        value.node() instanceof ObjectNode known ? Optional.of(known) : Optional.empty();
    if (fields.isEmpty() || object.isEmpty() || value.problems().count() > before) {
      return Optional.empty();
    }
    try {
      return Optional.of(TableFormat.of(object.get(), FORMAT))
          .filter(format -> !format.equals(TableFormat.BY_THE_RULES));
    } catch (MemberFault fault) {
      Value at = value;
      for (String name : fault.member().split("/", -1)) {
        at = at.child(name);
      }
      at.problem(fault.problem(), fault.remedy());
    } catch (UserFault fault) {
      value.problem("is wrong: " + withoutWho(fault), fault.remedy());
    }
    return Optional.empty();
  }

  /** What the fault says after the format's name, which the pointer says already. */
  private static String withoutWho(UserFault fault) {
    String message = String.valueOf(fault.getMessage());
    String who = FORMAT + ": ";
    return message.startsWith(who) ? message.substring(who.length()) : message;
  }

  /** That joins and groups are not built is said already; that one would be wrong is said too. */
  private static void refuseMissingCaptures(Value pfs, Optional<Glob> glob) {
    for (String name : List.of("join_on", "joinOn", "group_by", "groupBy")) {
      Value key = pfs.child(name);
      Matcher capture = CAPTURE.matcher(key.node().asText());
      while (glob.isPresent() && capture.find()) {
        int known = glob.get().captures();
        if (capture.group(1).length() > 3 || Integer.parseInt(capture.group(1)) > known) {
          key.problem(
              "names " + capture.group() + ", and the glob captures " + known + ".",
              "Put parentheses around the part of the glob that is meant.");
        }
      }
    }
  }
}
