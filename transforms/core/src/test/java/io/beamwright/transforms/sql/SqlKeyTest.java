// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SqlKeyTest {

  private static final long GIB = 1L << 30;

  @Test
  void theKeyHasEverySettingThatCanChangeAResult() {
    assertThat(SqlQuery.keyParts(GIB))
        .containsKeys("duckdb", "rules", "set.threads", "set.TimeZone", "set.memory_limit")
        .containsEntry("set.threads", "1")
        .containsEntry("set.memory_limit", "1073741824");
    assertThat(SqlQuery.keyParts(2 * GIB)).isNotEqualTo(SqlQuery.keyParts(GIB));
  }

  @Test
  void theVersionInTheKeyIsThatOfTheEngine() throws SQLException {
    String version = SqlQuery.keyParts(GIB).get("duckdb");

    // The driver's fourth number counts its own releases of one engine.
    try (DuckDb duckDb = DuckDb.forParsing()) {
      assertThat("v" + version).startsWith(duckDb.text("SELECT version() WHERE ? = ''", "") + ".");
    }
  }

  @Test
  void theSettingsInTheKeyAreThoseOfEveryRun() throws SQLException {
    List<DuckDb> connections =
        DuckDb.forReading(Path.of("."), new SqlLimits(GIB, Path.of("spill")), 3);
    for (DuckDb each : connections) {
      try (DuckDb duckDb = each) {
        assertSettings(duckDb);
      }
    }
  }

  private static void assertSettings(DuckDb duckDb) throws SQLException {
    Map<String, String> real = new TreeMap<>();
    try (PreparedStatement statement =
            duckDb.prepare("SELECT name, lower(coalesce(value, '')) FROM duckdb_settings()");
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        real.put("set." + result.getString(1), result.getString(2));
      }
    }

    SqlQuery.keyParts(GIB)
        .forEach(
            (name, value) -> {
              if (name.startsWith("set.") && !name.equals("set.memory_limit")) {
                assertThat(real).containsKey(name);
                assertThat(real.get(name)).as(name).startsWith(value.toLowerCase(Locale.ROOT));
              }
            });
    assertThat(real)
        .containsEntry("set.memory_limit", "1.0 gib")
        .containsEntry("set.errors_as_json", "true")
        .containsEntry("set.jdbc_stream_results", "true")
        .containsEntry("set.enable_external_file_cache", "false");
  }

  @Test
  void theKeyNeedsNoDuckDbOnTheClassPath() throws Exception {
    try (URLClassLoader alone =
        new URLClassLoader(classPathWithoutDuckDb(), ClassLoader.getPlatformClassLoader())) {
      Class<?> query = alone.loadClass(SqlQuery.class.getName());

      SortedMap<?, ?> parts =
          (SortedMap<?, ?>) query.getMethod("keyParts", long.class).invoke(null, GIB);

      assertThat(parts).isEqualTo(SqlQuery.keyParts(GIB));
      assertThatThrownBy(() -> query.getMethod("parse", String.class).invoke(null, "SELECT 1"))
          .isInstanceOf(InvocationTargetException.class)
          .hasCauseInstanceOf(NoClassDefFoundError.class);
    }
  }

  private static URL[] classPathWithoutDuckDb() throws MalformedURLException {
    String classPath = System.getProperty("java.class.path");
    List<URL> urls = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      if (!entry.contains("duckdb")) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return urls.toArray(URL[]::new);
  }
}
