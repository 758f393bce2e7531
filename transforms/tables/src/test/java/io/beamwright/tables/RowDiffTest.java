// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.beamwright.versioning.fault.UserFault;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.FilePath;
import io.beamwright.versioning.tree.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowDiffTest {

  private static final TableSchema PRICES =
      Tables.schema("day", ColumnType.Simple.INT32, "close", ColumnType.Simple.FLOAT64);

  @TempDir Path temp;

  private final StoredTables tables = new StoredTables();

  @Test
  void rowsAreToldInTheOrderOfTheirKeysWithTheColumnsThatChanged() throws Exception {
    Tree before =
        tree("before", rows(PRICES, new Object[][] {{3, 1.0}, {1, 1.0}, {2, 2.0}, {4, 0.5}}));
    Tree after =
        tree("after", rows(PRICES, new Object[][] {{2, 2.5}, {4, 0.5}, {5, null}, {1, 1.0}}));

    assertThat(changes(before, after))
        .containsExactly(
            "~ {\"day\":2,\"close\":2.0} {\"day\":2,\"close\":2.5} [close]",
            "- {\"day\":3,\"close\":1.0}",
            "+ {\"day\":5,\"close\":null}");
  }

  @Test
  void nullsAndNansAreEqualToThemselvesAndZerosDifferBySign() throws Exception {
    TableSchema schema =
        Tables.schema("k", ColumnType.Simple.FLOAT64, "v", ColumnType.Simple.FLOAT64);
    Object[][] rows = {{null, 1.0}, {Double.NaN, null}, {-0.0, Double.NaN}};
    Object[][] later = {{null, 1.0}, {Double.NaN, null}, {0.0, Double.NaN}, {1.0, 1.0}};

    assertThat(changes(tree("before", rows(schema, rows)), tree("after", rows(schema, later)), "k"))
        .containsExactly(
            "- {\"k\":-0.0,\"v\":\"NaN\"}",
            "+ {\"k\":0.0,\"v\":\"NaN\"}",
            "+ {\"k\":1.0,\"v\":1.0}");
  }

  @Test
  void aFileThatBothHaveIsNotReadWhereverItLies() throws Exception {
    Batch same = rows(PRICES, new Object[][] {{1, 1.0}});
    Tree before = tree("before", same, rows(PRICES, new Object[][] {{2, 2.0}}));
    Tree after = tree("after", rows(PRICES, new Object[][] {{2, 3.0}}), same);
    StorageKey gone =
        new StorageKey(
            tables.objects().stream()
                .filter(
                    key ->
                        key.endsWith(
                            before
                                .find(FilePath.of("/part-0.parquet"))
                                .orElseThrow()
                                .sha256()
                                .hex()))
                .findFirst()
                .orElseThrow());
    tables.store().storage().delete(gone);

    assertThat(changes(before, after))
        .containsExactly("~ {\"day\":2,\"close\":2.0} {\"day\":2,\"close\":3.0} [close]");
  }

  @Test
  void ofTwoCopiesOfAFileOneMeetsTheOtherSide() throws Exception {
    Batch same = rows(PRICES, new Object[][] {{1, 1.0}});

    assertThat(changes(tree("before", same), tree("after", same, same)))
        .containsExactly("+ {\"day\":1,\"close\":1.0}");
  }

  @Test
  void columnsThatCameWentOrChangedTypeAreToldAndNotCompared() throws Exception {
    TableSchema other =
        Tables.schema(
            "close",
            ColumnType.Simple.TEXT,
            "day",
            ColumnType.Simple.INT32,
            "high",
            ColumnType.Simple.FLOAT64);
    TableSchema first =
        Tables.schema(
            "day",
            ColumnType.Simple.INT32,
            "close",
            ColumnType.Simple.FLOAT64,
            "low",
            ColumnType.Simple.FLOAT64);
    Tree before = tree("before", rows(first, new Object[][] {{1, 1.0, 0.5}}));
    Tree after = tree("after", rows(other, new Object[][] {{"1", 1, 2.0}}));

    try (RowDiff diff = diff(before, after, List.of("day"), Long.MAX_VALUE)) {
      assertThat(diff.schema())
          .extracting(Object::toString)
          .satisfiesExactly(
              retyped -> assertThat(retyped).startsWith("Retyped").contains("close"),
              removed -> assertThat(removed).startsWith("Removed").contains("low"),
              added -> assertThat(added).startsWith("Added").contains("high"));
      assertThat(diff.changed() + diff.added() + diff.removed()).isZero();
    }
  }

  @Test
  void aKeyThatIsThereTwiceIsNamedWithItsTable() throws Exception {
    Tree before = tree("before", rows(PRICES, new Object[][] {{1, 1.0}}));
    Tree after =
        tree(
            "after",
            rows(PRICES, new Object[][] {{7, 1.0}}),
            rows(PRICES, new Object[][] {{7, 2.0}}));

    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> changes(before, after))
        .withMessage("t@2:/: two rows have the key day=7.");
    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> changes(after, before))
        .withMessage("t@1:/: two rows have the key day=7.");
  }

  @Test
  void aKeyColumnThatIsNotThereOrOfTwoTypesIsRefused() throws Exception {
    Tree before = tree("before", rows(PRICES, new Object[][] {{1, 1.0}}));
    TableSchema other = Tables.schema("day", ColumnType.Simple.TEXT);
    Tree after = tree("after", rows(other, new Object[][] {{"1"}}));

    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> changes(before, before, "date"))
        .withMessage("t@1:/ has no column \"date\" to tell rows by.")
        .satisfies(fault -> assertThat(fault.remedy()).isEqualTo("The columns are day, close."));
    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> changes(before, after))
        .withMessageContaining("the key column \"day\" was int32 and is text");
  }

  @Test
  void filesOfOneTableWithOtherColumnsAreRefusedByName() throws Exception {
    Tree before = tree("before", rows(PRICES, new Object[][] {{1, 1.0}}));
    Tree after =
        tree(
            "after",
            rows(PRICES, new Object[][] {{2, 1.0}}),
            rows(Tables.schema("day", ColumnType.Simple.INT32), new Object[][] {{1}}));

    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> changes(before, after))
        .withMessageStartingWith("t@2:/: /part-0.parquet and /part-1.parquet have other columns: ");
  }

  @Test
  void aTableThatWasNotThereHasAllItsRowsAdded() throws Exception {
    Tree after = tree("after", rows(PRICES, new Object[][] {{1, 1.0}, {2, 2.0}}));

    try (RowDiff diff =
        RowDiff.between(
            Optional.empty(),
            TableFiles.at(after, "/", "t@2"),
            List.of("day"),
            1,
            tables.store().files())) {
      assertThat(told(diff)).containsExactly("+ {\"day\":1,\"close\":1.0}");
      assertThat(diff.added()).isEqualTo(2);
      assertThat(diff.schema()).isEmpty();
    }
  }

  @Test
  void whatIsNoTableIsRefusedByName() throws Exception {
    Files.writeString(Files.createDirectory(temp.resolve("csv")).resolve("a.csv"), "x\n1\n");
    Tree tree = tables.tree(temp.resolve("csv"));

    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(() -> TableFiles.at(tree, "/", "t@1"))
        .withMessage("t@1:/ is no table: no file right in it ends in .parquet.");
    assertThatExceptionOfType(UserFault.class)
        .isThrownBy(
            () ->
                RowDiff.between(
                    Optional.empty(),
                    TableFiles.at(tree, "/a.csv", "t@1"),
                    List.of("x"),
                    1,
                    tables.store().files()))
        .withMessage("t@1:/a.csv is no Parquet file, and rows are compared of those alone.");
    assertThat(TableFiles.at(tree, "/b", "t@1")).isEmpty();
  }

  private List<String> changes(Tree before, Tree after) throws IOException {
    return changes(before, after, "day");
  }

  private List<String> changes(Tree before, Tree after, String key) throws IOException {
    try (RowDiff diff = diff(before, after, List.of(key), Long.MAX_VALUE)) {
      return told(diff);
    }
  }

  private RowDiff diff(Tree before, Tree after, List<String> key, long limit) throws IOException {
    return RowDiff.between(
        TableFiles.at(before, "/", "t@1"),
        TableFiles.at(after, "/", "t@2"),
        key,
        limit,
        tables.store().files());
  }

  private static List<String> told(RowDiff diff) throws IOException {
    List<String> told = new ArrayList<>();
    diff.forEach(
        change -> {
          if (change instanceof RowChange.Added added) {
            told.add("+ " + added.after().json());
          } else if (change instanceof RowChange.Removed removed) {
            told.add("- " + removed.before().json());
          } else if (change instanceof RowChange.Changed changed) {
            told.add(
                "~ %s %s %s"
                    .formatted(changed.before().json(), changed.after().json(), changed.columns()));
          }
        });
    return told;
  }

  private Tree tree(String name, Batch... parts) throws IOException {
    Path folder = Files.createDirectory(temp.resolve(name));
    for (int i = 0; i < parts.length; i++) {
      Files.write(folder.resolve("part-" + i + ".parquet"), Tables.write(parts[i]).bytes());
    }
    return tables.tree(folder);
  }

  private static Batch rows(TableSchema schema, Object[][] rows) {
    BatchBuilder builder = new BatchBuilder(schema);
    for (Object[] row : rows) {
      builder.appendRow(row);
    }
    return builder.build();
  }
}
