// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.s3;

import io.beamwright.versioning.NearMiss;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.storage.TimeoutOption;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What else has to be known of a bucket: never a secret.
 *
 * @param endpoint {@code s3.endpoint}: the server; else where the environment or the profile says,
 *     and else AWS
 * @param region {@code s3.region}; else where the environment, the profile or the instance says
 * @param pathStyle {@code s3.path_style}: whether the bucket is named in the path and not in the
 *     host; else it is wherever the server is not AWS
 * @param profile {@code s3.profile}: of the files in {@code ~/.aws}; else {@code $AWS_PROFILE}
 * @param timeout {@code s3.timeout}: how long a request is repeated while the server cannot be
 *     reached, is busy or drops connections, in whole seconds; 60
 */
record S3Options(
    Optional<URI> endpoint,
    Optional<String> region,
    Optional<Boolean> pathStyle,
    Optional<String> profile,
    Duration timeout) {

  private static final String ENDPOINT = "s3.endpoint";
  private static final String REGION = "s3.region";
  private static final String PATH_STYLE = "s3.path_style";
  private static final String PROFILE = "s3.profile";
  private static final String TIMEOUT = "s3.timeout";

  private static final List<String> KNOWN = List.of(ENDPOINT, PATH_STYLE, PROFILE, REGION, TIMEOUT);

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  /**
   * Reads the options of the store at {@code location}.
   *
   * @throws UserFault if one is unknown, or its value has not the right form
   */
  static S3Options of(S3Location location, Map<String, String> options) {
    for (String name : options.keySet()) {
      if (!KNOWN.contains(name)) {
        throw unknown(location, name);
      }
    }
    return new S3Options(
        Optional.ofNullable(options.get(ENDPOINT)).map(text -> endpoint(location, text)),
        Optional.ofNullable(options.get(REGION)).map(text -> region(location, text)),
        Optional.ofNullable(options.get(PATH_STYLE)).map(text -> pathStyle(location, text)),
        Optional.ofNullable(options.get(PROFILE)),
        Optional.ofNullable(options.get(TIMEOUT))
            .map(text -> TimeoutOption.read(location.toString(), TIMEOUT, text))
            .orElse(DEFAULT_TIMEOUT));
  }

  // The value is never shown: it may be a secret that somebody took for an option.
  private static UserFault unknown(S3Location location, String name) {
    String what = "The store " + location + " was given the option \"" + name + "\".";
    if (name.matches("(?i).*(secret|access|key|token|password|credential).*")) {
      return new UserFault(
          what,
          "Credentials are no options: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a"
              + " profile of ~/.aws by s3.profile.");
    }
    List<String> near = NearMiss.of(name, KNOWN);
    String known = "A store in a bucket knows " + String.join(", ", KNOWN) + ".";
    return new UserFault(
        what, near.isEmpty() ? known : "Did you mean " + String.join(" or ", near) + "? " + known);
  }

  private static URI endpoint(S3Location location, String text) {
    try {
      URI endpoint = new URI(text);
      boolean isServer =
          List.of("http", "https").contains(String.valueOf(endpoint.getScheme()))
              && endpoint.getHost() != null
              && endpoint.getRawUserInfo() == null
              && endpoint.getRawQuery() == null
              && endpoint.getRawFragment() == null;
      if (isServer) {
        return endpoint;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new UserFault(
        "The store "
            + location
            + ": "
            + ENDPOINT
            + " is \""
            + text.replaceAll("//.*@", "//…@")
            + "\", which is not the address of a server.",
        "Write it as https://HOST or http://HOST:PORT.");
  }

  private static String region(S3Location location, String text) {
    if (!text.matches("[a-zA-Z0-9-]+")) {
      throw new UserFault(
          "The store " + location + ": " + REGION + " is \"" + text + "\", which is no region.",
          "Write a region such as eu-central-1.");
    }
    return text;
  }

  private static boolean pathStyle(S3Location location, String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new UserFault(
              "The store " + location + ": " + PATH_STYLE + " is \"" + text + "\".",
              "Write true or false.");
    };
  }
}
