// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import io.beamwright.tables.CommonSchema.Part;
import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.file.TableFacts;
import io.beamwright.versioning.file.TableFacts.ColumnFacts;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * One column in several files.
 *
 * @param first the column in the first of them
 * @param parts the files, in their order; all have it
 */
record CommonColumn(Column first, List<Part> parts) {

  private static final String REMEDY =
      "Cast the column to one type in the stage or program that writes the files, or let each kind"
          + " of file be an input of its own, with a narrower glob.";

  /**
   * The column that holds the values of all files.
   *
   * @throws UserFault if there is none
   */
  Column widened() throws IOException {
    ColumnType type =
        CommonType.of(parts.stream().map(this::typeIn).distinct().toList())
            .orElseThrow(this::conflict);
    for (Part part : parts) {
      if (!CommonType.holdsAll(typeIn(part), type)) {
        requireExact(part, type);
      }
    }
    boolean nullable = parts.stream().anyMatch(part -> part.column(name()).nullable());
    return new Column(name(), type, nullable, first.fieldId());
  }

  private String name() {
    return first.name();
  }

  private ColumnType typeIn(Part part) {
    return part.column(name()).type();
  }

  /** The first file that does not fit one before it, and that one. */
  private UserFault conflict() {
    for (int i = 1; i < parts.size(); i++) {
      for (Part before : parts.subList(0, i)) {
        if (CommonType.of(List.of(typeIn(before), typeIn(parts.get(i)))).isEmpty()) {
          return new UserFault(differ(before, parts.get(i)) + ".", REMEDY);
        }
      }
    }
    throw new IllegalStateException("types that fit in pairs do not fit together: " + this);
  }

  private String differ(Part one, Part other) {
    return "Column \"%s\" is %s in %s and %s in %s, and they are files of one table"
        .formatted(name(), typeIn(one).text(), one.name(), typeIn(other).text(), other.name());
  }

  /** Reads the column if its footer does not prove that every value is exact in {@code type}. */
  private void requireExact(Part part, ColumnType type) throws IOException {
    if (isProven(part, type)) {
      return;
    }
    Column own = part.column(name());
    Column wider = new Column(name(), type, own.nullable(), own.fieldId());
    Widening widening =
        new Widening(new TableSchema(List.of(own)), new TableSchema(List.of(wider)));
    try (TableReader reader =
        TableReader.open(part.name(), part.file().source(), List.of(name()))) {
      for (Optional<Batch> rows = reader.next(); rows.isPresent(); rows = reader.next()) {
        widening.apply(rows.get());
      }
    } catch (UnfitValueException e) {
      throw new UserFault(
          "%s: %s. %s.".formatted(part.name(), e.getMessage(), differ(part, wideningPart(part))),
          REMEDY,
          e);
    }
  }

  /** A file because of which the column has to be widened. */
  private Part wideningPart(Part part) {
    Optional<ColumnType> own = Optional.of(typeIn(part));
    return parts.stream()
        .filter(other -> !CommonType.of(List.of(typeIn(part), typeIn(other))).equals(own))
        .findFirst()
        .orElseThrow();
  }

  /** Bounds of other writers prove nothing: some are wrong. */
  private boolean isProven(Part part, ColumnType type) throws IOException {
    ParquetFooter footer = ParquetFooter.read(part.name(), part.file().source());
    if (!footer.isOurs()) {
      return false;
    }
    TableFacts facts = FooterFacts.of(footer);
    ColumnFacts column = facts.columns().get(footer.schema().indexOf(name()).orElseThrow());
    boolean isAllNull = column.nulls().equals(Optional.of(facts.rows()));
    return isAllNull || (isExact(column.min(), type) && isExact(column.max(), type));
  }

  private static boolean isExact(Optional<String> bound, ColumnType type) {
    if (bound.isEmpty()) {
      return false;
    }
    BigDecimal value = new BigDecimal(bound.get());
    return type instanceof ColumnType.Decimal decimal
        ? value.setScale(decimal.scale()).precision() <= decimal.precision()
        : value.abs().compareTo(BigDecimal.valueOf(Widening.EXACT_IN_DOUBLE)) <= 0;
  }
}
