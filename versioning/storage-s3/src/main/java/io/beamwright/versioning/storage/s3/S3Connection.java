// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * A client of the SDK, made when it is first used: that costs more than most commands.
 *
 * <p>It repeats nothing by itself. Whether a request may be repeated, and what the answer to a
 * repeated one means, is decided by {@link S3Requests} and {@link ConditionalCreate}.
 */
final class S3Connection implements AutoCloseable {

  private static final Duration CONNECTING = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  // Servers close idle connections after 5 s and more; one that was closed costs a repetition.
  private static final Duration IDLE = Duration.ofSeconds(4);
  private static final int MOST_CONNECTIONS = 64;

  // Servers that are not AWS have no regions, but the signature needs one.
  private static final Region ANY_REGION = Region.US_EAST_1;

  private final S3Options options;
  private final RequestCounts counts;
  private volatile Optional<S3Client> client = Optional.empty();

  S3Connection(S3Options options, RequestCounts counts) {
    this.options = options;
    this.counts = counts;
  }

  /** The client. */
  S3Client client() {
    return client.orElseGet(this::makeClient);
  }

  private synchronized S3Client makeClient() {
    if (client.isEmpty()) {
      client = Optional.of(build());
    }
    return client.orElseThrow();
  }

  /** The server's address, as people know it; {@code AWS} for theirs. */
  String server() {
    return endpoint().map(URI::toString).orElse("AWS");
  }

  // Where the SDK finds one too: this is only needed to tell AWS from other servers.
  private Optional<URI> endpoint() {
    return options
        .endpoint()
        .or(() -> variable("AWS_ENDPOINT_URL_S3", "aws.endpointUrlS3"))
        .or(() -> variable("AWS_ENDPOINT_URL", "aws.endpointUrl"))
        .or(this::endpointOfProfile);
  }

  private static Optional<URI> variable(String variable, String property) {
    return Optional.ofNullable(System.getProperty(property))
        .or(() -> Optional.ofNullable(System.getenv(variable)))
        .filter(text -> !text.isBlank())
        .map(URI::create);
  }

  private Optional<URI> endpointOfProfile() {
    return ProfileFile.defaultProfileFile()
        .profile(profileName())
        .flatMap(profile -> profile.property("endpoint_url"))
        .map(URI::create);
  }

  private String profileName() {
    return options
        .profile()
        .orElseGet(() -> ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow());
  }

  private static boolean isAws(URI endpoint) {
    String host = String.valueOf(endpoint.getHost()).toLowerCase(Locale.ROOT);
    return host.endsWith(".amazonaws.com") || host.endsWith(".amazonaws.com.cn");
  }

  private S3Client build() {
    Optional<URI> endpoint = endpoint();
    boolean isElsewhere = endpoint.filter(server -> !isAws(server)).isPresent();
    S3ClientBuilder builder = S3Client.builder();
    endpoint.ifPresent(builder::endpointOverride);
    return builder
        .httpClientBuilder(
            ApacheHttpClient.builder()
                .connectionTimeout(shorter(CONNECTING, options.timeout()))
                .socketTimeout(shorter(SILENCE, options.timeout()))
                .connectionMaxIdleTime(IDLE)
                .maxConnections(MOST_CONNECTIONS)
                .expectContinueEnabled(false))
        .credentialsProvider(
            DefaultCredentialsProvider.builder().profileName(profileName()).build())
        .region(region(isElsewhere))
        .forcePathStyle(options.pathStyle().orElse(isElsewhere))
        .disableS3ExpressSessionAuth(true)
        // Radosgw and others refuse the checksums that newer SDKs add to everything.
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .overrideConfiguration(
            override ->
                override
                    .retryStrategy(AwsRetryStrategy.doNotRetry())
                    .addExecutionInterceptor(counts)
                    .addExecutionInterceptor(new ShortHeaders())
                    .addExecutionInterceptor(new WholeAnswers()))
        .build();
  }

  private static Duration shorter(Duration one, Duration another) {
    return one.compareTo(another) < 0 ? one : another;
  }

  private Region region(boolean isElsewhere) {
    return options
        .region()
        .map(Region::of)
        .or(() -> region(SystemSettingsRegionProvider::new))
        .or(
            () ->
                region(
                    () ->
                        new AwsProfileRegionProvider(
                            ProfileFile::defaultProfileFile, profileName())))
        .or(() -> isElsewhere ? Optional.of(ANY_REGION) : Optional.empty())
        .orElseGet(() -> new DefaultAwsRegionProviderChain().getRegion());
  }

  // Asking the instance takes seconds on a machine that is none, so it is asked last.
  private static Optional<Region> region(Supplier<AwsRegionProvider> provider) {
    try {
      return Optional.ofNullable(provider.get().getRegion());
    } catch (SdkClientException e) {
      return Optional.empty(); // This one knows none; the next may.
    }
  }

  @Override
  public synchronized void close() {
    client.ifPresent(S3Client::close);
  }
}
