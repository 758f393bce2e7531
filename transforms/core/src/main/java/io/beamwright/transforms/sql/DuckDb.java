// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDriver;

/**
 * A connection to a DuckDB instance in memory that sees no file outside of one folder. What a
 * session holds, such as temporary tables, variables and the seed of random numbers, goes with the
 * connection, and the instance with the last of its connections.
 */
final class DuckDb implements AutoCloseable {

  private static final Pattern GLOB = Pattern.compile("[*?\\[]");

  private final Connection connection;

  private DuckDb(Connection connection) {
    this.connection = connection;
  }

  /** An instance that can parse and nothing else. */
  static DuckDb forParsing() throws SQLException {
    DuckDb duckDb = connect(new Properties());
    duckDb.lock();
    return duckDb;
  }

  /**
   * An instance that can read what lies in {@code folder}, a real path, and spill within these
   * limits: {@code count} connections to it that nobody used. They are all that there will be, for
   * a session of an instance that is locked can be told nothing any more.
   */
  static List<DuckDb> forReading(Path folder, SqlLimits limits, int count) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("memory_limit", limits.memoryBytes() + "B");
    properties.setProperty("temp_directory", limits.spillFolder().toString());
    List<DuckDb> connections = new ArrayList<>();
    try {
      DuckDb first = connect(properties);
      connections.add(first);
      while (connections.size() < count) {
        connections.add(first.another());
      }
      // It would keep bytes of files beyond the query, known by path and age: all have one age.
      first.execute("SET GLOBAL enable_external_file_cache = false");
      first.allow(folder);
      first.lock();
      return connections;
    } catch (SQLException e) {
      for (DuckDb connection : connections) {
        connection.close();
      }
      throw e;
    }
  }

  private static DuckDb connect(Properties properties) throws SQLException {
    // With these in the first moment, nothing is ever looked for over the network.
    properties.setProperty("autoinstall_known_extensions", "false");
    properties.setProperty("autoload_known_extensions", "false");
    properties.setProperty("allow_community_extensions", "false");
    properties.setProperty("allow_persistent_secrets", "false");
    // A result is fetched as it is computed, not held in memory first.
    properties.setProperty(DuckDBDriver.JDBC_STREAM_RESULTS, "true");
    // Not by DriverManager, which does not see a driver that another class loader brings.
    Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", properties);
    DuckDb duckDb = new DuckDb(connection);
    duckDb.prepareSession();
    for (Map.Entry<String, String> setting : SqlSettings.resultSettings().entrySet()) {
      // Without GLOBAL some would be this session's alone.
      duckDb.execute("SET GLOBAL " + setting.getKey() + " = " + literal(setting.getValue()));
    }
    return duckDb;
  }

  private DuckDb another() throws SQLException {
    DuckDb another = new DuckDb(connection.unwrap(DuckDBConnection.class).duplicate());
    another.prepareSession();
    return another;
  }

  /** What DuckDB lets nobody set for all sessions. */
  private void prepareSession() throws SQLException {
    execute("SET errors_as_json = true");
  }

  private void allow(Path folder) throws SQLException {
    // What is read is asked for twice: as the pattern, and as the file that the pattern finds.
    String folders =
        Stream.of(folder.toString(), pattern(folder))
            .distinct()
            .map(DuckDb::literal)
            .collect(Collectors.joining(", "));
    execute("SET allowed_directories = [" + folders + "]");
  }

  /** From here on no file, no network and no setting can be reached; there is no way back. */
  private void lock() throws SQLException {
    execute("SET enable_external_access = false");
    execute("SET lock_configuration = true");
  }

  /** Lets nothing that is made from here on, in whatever catalog, outlive the connection. */
  void keepNothing() throws SQLException {
    connection.setAutoCommit(false);
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** What fills a table of this connection; the caller closes it. */
  DuckDBAppender appender(String temporaryTable) throws SQLException {
    return connection.unwrap(DuckDBConnection.class).createAppender("temp", "main", temporaryTable);
  }

  PreparedStatement prepare(String sql) throws SQLException {
    return connection.prepareStatement(sql);
  }

  /** The one text that a query of one parameter returns. */
  String text(String sql, String parameter) throws SQLException {
    try (PreparedStatement statement = prepare(sql)) {
      statement.setString(1, parameter);
      try (ResultSet result = statement.executeQuery()) {
        result.next();
        return result.getString(1);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** What DuckDB, which takes names for globs, understands as just this file. */
  static String pattern(Path file) {
    return GLOB.matcher(file.toString()).replaceAll("[$0]");
  }

  /** A text as a literal of SQL. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** A name as a quoted identifier of SQL. */
  static String identifier(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }
}
