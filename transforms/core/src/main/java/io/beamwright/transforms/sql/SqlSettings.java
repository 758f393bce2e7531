// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/** DuckDB's version and the settings of ours that decide what a query returns. */
final class SqlSettings {

  /** Raised when the same query over the same files can give other bytes for a reason of ours. */
  private static final String RULES = "4";

  private static final String VERSION_RESOURCE = "engine.properties";

  /**
   * One thread, since two give other sums of doubles and another order from run to run; the rest
   * pins what DuckDB would take from the machine, or by its own default.
   */
  private static final Map<String, String> RESULT_SETTINGS =
      Map.of(
          "threads", "1",
          "preserve_insertion_order", "true",
          "TimeZone", "UTC",
          "Calendar", "gregorian",
          "default_collation", "",
          "default_null_order", "nulls_last",
          "default_order", "asc");

  private SqlSettings() {}

  static Map<String, String> resultSettings() {
    return RESULT_SETTINGS;
  }

  /** The version of the DuckDB driver that this build was made with, such as {@code 1.4.1.0}. */
  static String version() {
    try (InputStream in = SqlSettings.class.getResourceAsStream(VERSION_RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(VERSION_RESOURCE + " is missing from the build");
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("duckdb");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static SortedMap<String, String> keyParts(long memoryBytes) {
    SqlLimits.requireEnough(memoryBytes);
    SortedMap<String, String> parts = new TreeMap<>();
    RESULT_SETTINGS.forEach((name, value) -> parts.put("set." + name, value));
    parts.put("set.memory_limit", Long.toString(memoryBytes));
    parts.put("duckdb", version());
    parts.put("rules", RULES);
    return Collections.unmodifiableSortedMap(parts);
  }
}
