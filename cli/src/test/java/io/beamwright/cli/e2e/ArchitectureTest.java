// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between modules, and the one place that each large library has. */
@AnalyzeClasses(packages = "io.beamwright", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String BEAM = "org.apache.beam..";

  @ArchTest
  static final ArchRule arrowsPointOneWay =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("io.beamwright..")
          .layer("versioning")
          .definedBy("io.beamwright.versioning..")
          .layer("tables")
          .definedBy("io.beamwright.tables..")
          .layer("transforms")
          .definedBy("io.beamwright.transforms..")
          .layer("runners api")
          .definedBy("io.beamwright.runners")
          .layer("runners")
          .definedBy("io.beamwright.runners.*..")
          .layer("pipelines")
          .definedBy("io.beamwright.pipelines..")
          .layer("test")
          .definedBy("io.beamwright.test..")
          .layer("cli")
          .definedBy("io.beamwright.cli..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("test")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("pipelines")
          .mayOnlyBeAccessedByLayers("test", "cli")
          .whereLayer("runners")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("runners api")
          .mayOnlyBeAccessedByLayers("pipelines", "runners", "test", "cli")
          .whereLayer("transforms")
          .mayOnlyBeAccessedByLayers("pipelines", "test", "cli")
          .whereLayer("tables")
          .mayOnlyBeAccessedByLayers("transforms", "pipelines", "test", "cli")
          .whereLayer("versioning")
          .mayOnlyBeAccessedByLayers(
              "tables", "transforms", "runners api", "runners", "pipelines", "test", "cli");

  // The packages at the top of a module put its others together, and so know them and are known.
  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.beamwright.(*).(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule modulesHaveNoCycles =
      slices().matching("io.beamwright.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule beamIsWhereGraphsAreMadeAndRun =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.beamwright.transforms.beam..",
              "io.beamwright.runners..",
              "io.beamwright.pipelines.compile..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(BEAM);

  @ArchTest
  static final ArchRule parquetIsInTables =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.beamwright.tables..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.parquet..");

  // Reading Parquet needs a few of its classes.
  @ArchTest
  static final ArchRule hadoopIsInTablesAndInTheStorageOfHdfs =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.beamwright.tables..", "io.beamwright.versioning.storage.hdfs..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.hadoop..");

  @ArchTest
  static final ArchRule fileSystemsOfHadoopAreInTheStorageOfHdfs =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.beamwright.versioning.storage.hdfs..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.hadoop.fs..", "org.apache.hadoop.hdfs..", "org.apache.hadoop.ipc..");

  @ArchTest
  static final ArchRule awsIsInItsStorage =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.beamwright.versioning.storage.s3..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("software.amazon..", "org.apache.http..");

  @ArchTest
  static final ArchRule duckDbIsInSql =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.beamwright.transforms.sql..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.duckdb..", "java.sql..");

  @ArchTest
  static final ArchRule sparkIsInItsRunner =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.beamwright.runners.spark..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "scala..");

  @ArchTest
  static final ArchRule theCommandLineIsInCli =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.beamwright.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule junitIsInTheKit =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.beamwright.test..", "io.beamwright..testkit..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.junit..");
}
