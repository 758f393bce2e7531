// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.tree.FilePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The columns of a table that lies in several Parquet files, and how each file is read as them.
 *
 * <p>Columns are matched by name, and each file has all of them. Their order and field ids are
 * those of the first file by name. A column is nullable if it is in any file. Types are equal, or
 * widened where no value changes:
 *
 * <ul>
 *   <li>{@code int32} to {@code int64}; {@code float32} to {@code float64};
 *   <li>integers beside floats to {@code float64}, if every integer is exact in it;
 *   <li>integers and decimals to the decimal that has the digits of all, and where that would be
 *       more than 38, to one of 38 digits with the scale of all, if every value fits it.
 * </ul>
 *
 * <p>Whether every value is exact is told by the statistics of the file's footer if {@link
 * TableWriter} wrote it, else by reading the column. Everything else is refused: text beside
 * numbers, decimals beside floats, dates beside timestamps, timestamps with a zone beside those
 * without. The order in which files are given changes nothing.
 */
public final class CommonSchema {

  /** Files are in the order of their names' UTF-8, as paths are everywhere. */
  private static final Comparator<TableFile> BY_NAME =
      Comparator.comparing(TableFile::name, FilePath::compareUtf8);

  /**
   * How one column of one file becomes that of the common table.
   *
   * @param column the column's name
   * @param from its type in the file, as {@link TableReader} reads it
   * @param to its type in the common schema
   */
  public record Cast(String column, ColumnType from, ColumnType to) {

    /** Whether the types differ. */
    public boolean changesType() {
      return !from.equals(to);
    }
  }

  private final TableSchema schema;
  private final List<TableFile> files;
  private final List<List<Cast>> casts;

  private CommonSchema(TableSchema schema, List<TableFile> files, List<List<Cast>> casts) {
    this.schema = schema;
    this.files = files;
    this.casts = casts;
  }

  /**
   * The common schema of these files.
   *
   * @param files at least one, in any order; names differ
   * @throws UserFault if a file has a column that tables do not have, or two files do not fit each
   *     other; the message has the files, the column and the types
   * @throws IOException if a source cannot be read
   */
  public static CommonSchema of(List<TableFile> files) throws IOException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a table has at least one file");
    }
    Map<String, TableSchema> known = new HashMap<>();
    List<Part> parts = new ArrayList<>();
    for (TableFile file : files.stream().sorted(BY_NAME).toList()) {
      String json = file.facts().schemaJson();
      TableSchema own = known.get(json);
      if (own == null) {
        own = TableSchema.of(file.name(), file.facts());
        known.put(json, own);
      }
      parts.add(new Part(file, own));
    }
    TableSchema schema = known.size() == 1 ? parts.get(0).schema() : common(parts);
    Map<TableSchema, List<Cast>> casts = new HashMap<>();
    known.values().forEach(own -> casts.put(own, casts(own, schema)));
    return new CommonSchema(
        schema,
        List.copyOf(files),
        files.stream().map(file -> casts.get(known.get(file.facts().schemaJson()))).toList());
  }

  /** A file with its own schema. */
  record Part(TableFile file, TableSchema schema) {

    String name() {
      return file.name();
    }

    Column column(String name) {
      return schema.column(schema.indexOf(name).orElseThrow());
    }
  }

  private static TableSchema common(List<Part> parts) throws IOException {
    requireSameNames(parts);
    List<Column> columns = new ArrayList<>();
    for (Column column : parts.get(0).schema().columns()) {
      columns.add(new CommonColumn(column, parts).widened());
    }
    return new TableSchema(columns);
  }

  private static void requireSameNames(List<Part> parts) {
    Part first = parts.get(0);
    for (Part part : parts) {
      requireColumns(part, first);
      requireColumns(first, part);
    }
  }

  private static void requireColumns(Part part, Part other) {
    for (Column column : other.schema().columns()) {
      if (part.schema().indexOf(column.name()).isEmpty()) {
        throw new UserFault(
            "%s has no column \"%s\", which %s has, and they are files of one table."
                .formatted(part.name(), column.name(), other.name()),
            "Write the column into all of them, or let each kind of file be an input of its own,"
                + " with a narrower glob.");
      }
    }
  }

  private static List<Cast> casts(TableSchema own, TableSchema common) {
    return common.columns().stream()
        .map(
            column ->
                new Cast(
                    column.name(),
                    own.column(own.indexOf(column.name()).orElseThrow()).type(),
                    column.type()))
        .toList();
  }

  /** The columns of all files together. */
  public TableSchema schema() {
    return schema;
  }

  /** The files, in the order in which they were given. */
  public List<TableFile> files() {
    return files;
  }

  /**
   * How the columns of a file become those of the common schema, in its order.
   *
   * @param file the file's place, from 0, in the order in which files were given
   */
  public List<Cast> casts(int file) {
    return casts.get(file);
  }

  /**
   * A reader of a file that gives batches of the common schema; the caller closes it.
   *
   * @param file the file's place, from 0, in the order in which files were given
   * @throws UserFault if the file is damaged
   * @throws IOException if the source cannot be read
   */
  public TableReader open(int file) throws IOException {
    return TableReader.openAs(schema, files.get(file).name(), files.get(file).source());
  }

  /** The text of {@link #schema}. */
  @Override
  public String toString() {
    return "CommonSchema[" + files.size() + " files of " + schema.json() + "]";
  }
}
