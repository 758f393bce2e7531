// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.datum;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.transforms.program.Mount;
import io.beamwright.versioning.CanonicalJson;
import io.beamwright.versioning.Sha256;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A program that is run on each datum.
 *
 * @param cmd the program and its arguments; at least one word; no shell reads them
 * @param stdin lines for its standard input
 * @param env variables that the spec declares
 * @param code the tree that the program sees as {@code /code}, if it has any
 * @param environment what the spec's {@code environment} commands said where the run was planned
 * @param acceptReturnCodes exit codes besides 0 that mean success
 * @param workingDir the folder that it starts in, as it sees it
 * @param tries attempts in all, at least 1
 * @param timeout how long an attempt may take
 * @param mounts folders of the machine that it sees
 * @param executor the name of the executor
 * @param contractVersion the version of what that executor lets a program see and do
 */
public record ProgramTransform(
    List<String> cmd,
    List<String> stdin,
    SortedMap<String, String> env,
    Optional<Sha256> code,
    DeclaredEnvironment environment,
    SortedSet<Integer> acceptReturnCodes,
    Optional<String> workingDir,
    int tries,
    Optional<Duration> timeout,
    List<Mount> mounts,
    String executor,
    int contractVersion)
    implements DatumTransform {

  static final String TYPE = "cmd";

  public ProgramTransform {
    cmd = List.copyOf(cmd);
    stdin = List.copyOf(stdin);
    mounts = List.copyOf(mounts);
    env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
    acceptReturnCodes = Collections.unmodifiableSortedSet(new TreeSet<>(acceptReturnCodes));
    if (cmd.isEmpty()
        || tries < 1
        || timeout.filter(limit -> limit.isZero() || limit.isNegative()).isPresent()) {
      throw new IllegalArgumentException("no command, no attempt or no time: " + cmd);
    }
    for (String name : env.keySet()) {
      if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("not the name of a variable: " + name);
      }
    }
  }

  @Override
  public <T> T match(Cases<T> cases) {
    return cases.program(this);
  }

  @Override
  public ObjectNode toJson() {
    ObjectNode json = shared();
    json.set("environment", environment.toJson());
    json.put("tries", tries);
    timeout.ifPresent(limit -> json.put("timeout", limit.toString()));
    return json;
  }

  @Override
  public ObjectNode keyPart() {
    ObjectNode json = shared();
    json.set("environment", environment.keyPart());
    json.put("layout", DatumRunner.LAYOUT);
    return json;
  }

  private ObjectNode shared() {
    ObjectNode json = CanonicalJson.object().put("type", TYPE);
    cmd.forEach(json.putArray("cmd")::add);
    stdin.forEach(json.putArray("stdin")::add);
    ObjectNode variables = json.putObject("env");
    env.forEach(variables::put);
    code.ifPresent(tree -> json.put("code", tree.hex()));
    ArrayNode codes = json.putArray("accept_return_code");
    acceptReturnCodes.forEach(codes::add);
    workingDir.ifPresent(folder -> json.put("working_dir", folder));
    if (!mounts.isEmpty()) {
      ArrayNode shown = json.putArray("mounts");
      for (Mount mount : mounts) {
        ObjectNode each = shown.addObject().put("path", mount.path().toString());
        mount.digest().ifPresent(digest -> each.put("digest", digest.hex()));
      }
    }
    return json.put("executor", executor).put("contract_version", contractVersion);
  }

  static ProgramTransform fromJson(JsonNode json) {
    SortedMap<String, String> env = new TreeMap<>();
    json.required("env")
        .fields()
        .forEachRemaining(field -> env.put(field.getKey(), field.getValue().asText()));
    SortedSet<Integer> codes = new TreeSet<>();
    json.required("accept_return_code").forEach(code -> codes.add(code.intValue()));
    return new ProgramTransform(
        texts(json.required("cmd")),
        texts(json.required("stdin")),
        env,
        Optional.ofNullable(json.get("code")).map(JsonNode::asText).map(Sha256::parse),
        DeclaredEnvironment.fromJson(json.required("environment")),
        codes,
        Optional.ofNullable(json.get("working_dir")).map(JsonNode::asText),
        json.required("tries").intValue(),
        Optional.ofNullable(json.get("timeout")).map(JsonNode::asText).map(Duration::parse),
        mounts(json.path("mounts")),
        json.required("executor").asText(),
        json.required("contract_version").intValue());
  }

  private static List<Mount> mounts(JsonNode array) {
    List<Mount> mounts = new ArrayList<>();
    array.forEach(
        mount ->
            mounts.add(
                new Mount(
                    Path.of(mount.required("path").asText()),
                    Optional.ofNullable(mount.get("digest"))
                        .map(JsonNode::asText)
                        .map(Sha256::parse))));
    return mounts;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
