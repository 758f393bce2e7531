// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.beamwright.cli.Beamwright;
import io.beamwright.cli.Ran;
import io.beamwright.versioning.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Commands on one store, each in a process of its own with this class path, or in this one. */
final class Command {

  private final String store;
  private final List<String> storeOptions;
  private final Map<String, String> environment;
  private final List<String> jvmOptions;

  /**
   * @param environment of the processes, beside that of this one
   * @param jvmOptions of the processes
   */
  Command(
      String store,
      List<String> storeOptions,
      Map<String, String> environment,
      List<String> jvmOptions) {
    this.store = store;
    this.storeOptions = storeOptions;
    this.environment = environment;
    this.jvmOptions = jvmOptions;
  }

  /** The same with one environment variable more, or another value of it. */
  Command with(String name, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(name, value);
    return new Command(store, storeOptions, changed, jvmOptions);
  }

  String store() {
    return store;
  }

  ChildJvm start(String... words) throws IOException {
    return start(List.of(), words);
  }

  ChildJvm start(List<String> moreJvmOptions, String... words) throws IOException {
    return start(Beamwright.class, moreJvmOptions, words);
  }

  ChildJvm start(Class<?> main, List<String> moreJvmOptions, String... words) throws IOException {
    List<String> options = new ArrayList<>(jvmOptions);
    options.addAll(moreJvmOptions);
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--store", store));
    all.addAll(storeOptions);
    List<String> command = new ArrayList<>(List.of("env"));
    environment.forEach((name, value) -> command.add(name + "=" + value));
    command.addAll(ChildJvm.command(main, options, all));
    return ChildJvm.start(command);
  }

  ChildJvm.Ended run(String... words) throws Exception {
    try (ChildJvm child = start(words)) {
      return child.end();
    }
  }

  /** What a command that ended well says, of a process of its own. */
  String fine(String... words) throws Exception {
    ChildJvm.Ended ended = run(words);
    assertThat(ended.exitCode()).as("%s", ended.lines()).isZero();
    return String.join("\n", ended.lines());
  }

  /** Its document. */
  JsonNode json(String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--json");
    String out = "\n" + fine(all.toArray(String[]::new));
    // Warnings come before the document.
    return Bench.parse(out.substring(out.lastIndexOf("\n{\n")));
  }

  /** The same in this process, for what has nothing to do with a cluster: that is quicker. */
  JsonNode document(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.add("--json");
    return Bench.parse(said(all.toArray(String[]::new)));
  }

  /** The same as text. */
  String said(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--store", store));
    all.addAll(storeOptions);
    Ran ran = Ran.command(all.toArray(String[]::new));
    assertThat(ran.exitCode()).as("%s%n%s", ran.out(), ran.err()).isZero();
    return ran.out().strip();
  }

  /** A repo whose {@code master} has so many small files, by way of the folder {@code files}. */
  void create(String repo, Path files, int number) throws IOException {
    for (int i = 0; i < number; i++) {
      Files.writeString(files.resolve("f" + i), "content of " + i);
    }
    said("create", "repo", repo);
    said("put", "file", repo + "@master:/", "-r", "-f", files.toString());
  }
}
