// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.server.FaultyNetwork;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.storage.s3.server.S3Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people are told, by a server's answers that a network makes up. */
@Timeout(120)
class S3FaultsTest {

  private static final Patience NONE =
      new Patience(
          Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofMillis(1));

  private static S3Storage storage(URI endpoint) {
    S3Location location = new S3Location("a-bucket", "store");
    return new S3Storage(
        location,
        S3Options.of(location, Map.of("s3.endpoint", endpoint.toString(), "s3.region", "any-1")),
        NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          404 | NoSuchBucket          | has no bucket a-bucket                | Create the bucket
          403 | InvalidAccessKeyId    | does not know the access key          | AWS_ACCESS_KEY_ID
          403 | SignatureDoesNotMatch | the secret key is not that            | AWS_SECRET_ACCESS_KEY
          400 | ExpiredToken          | the session token has expired         | Get new credentials
          403 | RequestTimeTooSkewed  | the clock of this machine             | Set this machine's clock
          403 | AccessDenied          | denies it                             | s3:ListBucket
          301 | PermanentRedirect     | a-bucket is in the region another one | Set s3.region
          403 | QuotaExceeded         | has no room left                      | Free some space
          503 | SlowDown              | 503, SlowDown: said by the network    | later
          400 | InvalidBucketName     | cannot be the name of a bucket        | Check --store
          418 | Teapot                | answered HTTP 418, Teapot             | Check that it is an S3 server
          """)
  void eachAnswerHasItsWordsAndItsRemedy(int status, String code, String what, String remedy)
      throws Exception {
    try (FaultyNetwork network = new FaultyNetwork(S3Proxy.shared().endpoint());
        S3Storage storage = storage(network.endpoint())) {
      network.next("GET", FaultyNetwork.refusedAs(status, code));

      assertThatThrownBy(() -> storage.read(new StorageKey("commits/x"), 0, 1))
          .isInstanceOfSatisfying(
              EnvironmentFault.class, fault -> assertThat(fault.remedy()).contains(remedy))
          .hasMessageContaining("s3://a-bucket/store/commits/x")
          .hasMessageContaining(what);
    }
  }

  /** As a gateway does while the server behind it is started again. */
  @ParameterizedTest
  @ValueSource(strings = {"text/html", "text/plain", "application/json", "application/xml"})
  void aPageOfAnotherServerIsNotTakenForAnAbsentObject(String type) throws Exception {
    try (FaultyNetwork network = new FaultyNetwork(S3Proxy.shared().endpoint());
        S3Storage storage = storage(network.endpoint())) {
      network.usually(FaultyNetwork.page(404, type, "default backend - 404"));

      assertThatThrownBy(() -> storage.read(new StorageKey("commits/x"), 0, 1))
          .isExactlyInstanceOf(EnvironmentFault.class)
          .hasMessageContaining("404");
    }
  }

  @Test
  void anOptionThatIsUnknownNamesTheKnownAndTheNear() {
    assertThatThrownBy(() -> StorageLocation.parse("s3://bucket", Map.of("s3.regoin", "x")).open())
        .isInstanceOfSatisfying(
            UserFault.class,
            fault ->
                assertThat(fault.remedy())
                    .contains("Did you mean s3.region?")
                    .contains("s3.endpoint, s3.path_style, s3.profile, s3.region, s3.timeout"))
        .hasMessageContaining("s3://bucket")
        .hasMessageContaining("\"s3.regoin\"");
  }

  @Test
  void aSecretThatIsGivenAsAnOptionIsRefusedAndNotShown() {
    Map<String, String> options = Map.of("s3.secret_key", "wJalrXUtnFEMI");

    assertThatThrownBy(() -> StorageLocation.parse("s3://bucket", options).open())
        .isInstanceOfSatisfying(
            UserFault.class, fault -> assertThat(fault.remedy()).contains("AWS_SECRET_ACCESS_KEY"))
        .hasMessageNotContaining("wJalr");
  }

  @ParameterizedTest
  @CsvSource({
    "s3.endpoint, localhost:9000",
    "s3.endpoint, ftp://host",
    "s3.endpoint, http://key:secret@host",
    "s3.path_style, yes",
    "s3.region, eu central",
    "s3.timeout, 0",
    "s3.timeout, 1 min"
  })
  void anOptionsValueOfAnotherFormIsRefused(String key, String value) {
    assertThatThrownBy(() -> StorageLocation.parse("s3://bucket", Map.of(key, value)).open())
        .isInstanceOf(UserFault.class)
        .hasMessageContaining(key)
        .hasMessageNotContaining("secret");
  }
}
