// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.cli.Ran;
import io.beamwright.versioning.storage.s3.server.S3Proxy;
import io.beamwright.versioning.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands over a store in a bucket of a real server, each in a process of its own. */
class S3StoreTest {

  private static final Path SAMPLE = Bench.SAMPLES.resolve("bitcoin");
  private static final List<String> REPOS =
      List.of("prices", "clean", "features", "monthly", "yearly", "report");

  private static final String WAITING = "warning: Waiting for ";
  private static final String[] CREATE = {"create", "repo", "in"};

  private static S3Proxy server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws Exception {
    server = S3Proxy.shared();
  }

  private static Command on(String store) {
    return on(store, server.environment());
  }

  /** With this environment, and nothing of the machine's own that concerns S3. */
  private static Command on(String store, Map<String, String> environment) {
    Map<String, String> clean = new HashMap<>();
    clean.put("AWS_EC2_METADATA_DISABLED", "true");
    clean.put("AWS_CONFIG_FILE", "/nowhere");
    clean.put("AWS_SHARED_CREDENTIALS_FILE", "/nowhere");
    clean.putAll(environment);
    return new Command(store, List.of(), clean, List.of());
  }

  private static String tree(Command command, String repo) throws Exception {
    return command.json("inspect", "commit", repo).path("commit").path("tree").asText();
  }

  private static Command inNewBucket() throws Exception {
    return on("s3://" + server.newBucket() + "/store");
  }

  @Test
  void theSamplePipelineHasTheSameTreesAsOverAFolder() throws Exception {
    Command s3 = inNewBucket();
    Command local = on("file:" + folder.resolve("store"));
    String spec = SAMPLE.resolve("pipeline.json").toString();
    String put = "prices=" + SAMPLE.resolve("prices");

    assertThat(s3.fine("run", spec, "--put", put)).doesNotContain("error", "WARN");
    local.fine("run", spec, "--put", put);

    for (String repo : REPOS) {
      assertThat(tree(s3, repo)).as(repo).hasSize(64).isEqualTo(tree(local, repo));
    }
    assertThat(s3.fine("run", spec, "--put", put)).contains("REUSED").doesNotContain("SUCCESS");
  }

  @Test
  void whatIsPutIsListedAndGot() throws Exception {
    Command s3 = inNewBucket();
    Path file = Files.writeString(folder.resolve("a b.txt"), "grüße\n");
    s3.fine("create", "repo", "in");

    s3.fine("put", "file", "in@master:/", "-f", file.toString());

    assertThat(s3.json("list", "file", "in").path("files").get(0).path("path").asText())
        .isEqualTo("/a b.txt");
    assertThat(s3.fine("get", "file", "in@master:/a b.txt")).isEqualTo("grüße");
  }

  @Test
  void optionsOfTheStoreComeFromTheCommandLineAndFromTheEnvironment() throws Exception {
    String store = "s3://" + server.newBucket();
    Map<String, String> credentials = new HashMap<>(server.environment());
    credentials.remove("AWS_ENDPOINT_URL_S3");
    credentials.remove("AWS_REGION");
    Command without = on(store, credentials);
    String endpoint = "s3.endpoint=" + server.endpoint();

    without.fine("create", "repo", "one", "--store-option", endpoint);
    String options = "s3.path_style=true " + endpoint;

    assertThat(without.with("BEAMWRIGHT_STORE_OPTIONS", options).fine("list", "repo"))
        .contains("one");
    on("file:" + folder.resolve("local"), credentials)
        .with("BEAMWRIGHT_STORE_OPTIONS", options)
        .fine("create", "repo", "two");
    assertThat(without.run("list", "repo", "--store-option", "s3.endpiont=x"))
        .satisfies(
            ended -> {
              assertThat(ended.exitCode()).isEqualTo(3);
              assertThat(ended.lines().get(0)).contains("\"s3.endpiont\"");
              assertThat(ended.lines().get(1)).contains("Did you mean s3.endpoint?");
            });
  }

  @Test
  void wrongCredentialsAreToldOnceAndNothingIsChanged() throws Exception {
    String bucket = server.newBucket();
    Command s3 = on("s3://" + bucket);

    assertFails(
        s3.with("AWS_SECRET_ACCESS_KEY", "wrong-secret"),
        "the secret key is not that of the access key",
        "AWS_SECRET_ACCESS_KEY");
    assertFails(
        s3.with("AWS_ACCESS_KEY_ID", "nobody"),
        "does not know the access key",
        "AWS_ACCESS_KEY_ID");
    Map<String, String> none = new HashMap<>(server.environment());
    none.keySet().removeIf(name -> name.contains("KEY"));
    assertFails(on(s3.store(), none), "there are no credentials", "AWS_ACCESS_KEY_ID");

    try (Stream<Path> files = Files.list(server.bucket(bucket))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void aBucketThatIsNotThereIsNamed() throws Exception {
    assertFails(
        on("s3://no-such-bucket/store"), "has no bucket no-such-bucket", "Create the bucket");
  }

  @Test
  void aServerThatIsNotThereIsToldInTimeWithItsAddress() throws Exception {
    long began = System.nanoTime();
    String endpoint = "AWS_ENDPOINT_URL_S3";
    Command nobody =
        inNewBucket()
            .with(endpoint, "http://127.0.0.1:1")
            .with("BEAMWRIGHT_STORE_OPTIONS", "s3.timeout=12");
    Command unknown = inNewBucket().with(endpoint, "http://nowhere.invalid");
    Command byTls =
        inNewBucket().with(endpoint, server.endpoint().toString().replace("http:", "https:"));

    // Beside each other: each waits for long before it gives up.
    try (ChildJvm first = nobody.start(CREATE);
        ChildJvm second = unknown.start(CREATE);
        ChildJvm third = byTls.start(CREATE)) {
      ChildJvm.Ended ended = first.end();
      assertThat(ended.lines().get(0)).startsWith(WAITING).contains(nobody.store(), "12 s");
      assertFails(nobody, ended, "http://127.0.0.1:1 cannot be reached", "s3.endpoint");
      assertFails(unknown, second.end(), "nobody knows the host nowhere.invalid", "s3.endpoint");
      assertFails(byTls, third.end(), "cannot be spoken to by TLS", "http://");
    }

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(100));
  }

  private static void assertFails(Command command, String what, String remedy) throws Exception {
    try (ChildJvm child = command.start(CREATE)) {
      assertFails(command, child.end(), what, remedy);
    }
  }

  private static void assertFails(
      Command command, ChildJvm.Ended ended, String what, String remedy) {
    assertThat(ended.exitCode()).as("%s", ended.lines()).isEqualTo(4);
    List<String> lines = ended.lines().stream().filter(line -> !line.startsWith(WAITING)).toList();
    assertThat(lines).as("one message and its remedy").hasSize(2);
    assertThat(lines.get(0)).startsWith("error: ").contains(command.store(), what);
    assertThat(lines.get(1)).contains(remedy);
    assertThat(String.join("\n", ended.lines())).doesNotContain("wrong-secret", "Exception");
  }

  @Test
  void aUriThatIsWrongIsRefusedBeforeAnythingIsAsked() {
    Map<String, String> refusals =
        Map.of(
            "s3:bucket", "names no bucket",
            "s3://Bucket", "cannot be the name of a bucket",
            "s3://host:9000/bucket", "names the server \"host:9000\"",
            "s3://bucket/a//b", "a prefix has no part \"\"",
            "s3://key:secret@bucket", "names a user",
            "s4://bucket", "nothing here knows the scheme \"s4\"");
    refusals.forEach(
        (store, refusal) -> {
          Ran ran = Ran.command("list", "repo", "--store", store);
          assertThat(ran.exitCode()).as(store).isEqualTo(3);
          assertThat(ran.err()).contains(refusal).doesNotContain("secret");
        });
    assertThat(Ran.command("list", "repo", "--store", "s4://bucket").err())
        .contains("Did you mean s3?", "Known are file, ", "hdfs, s3.");
  }
}
