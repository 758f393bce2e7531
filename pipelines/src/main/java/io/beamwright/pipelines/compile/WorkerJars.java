// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import io.beamwright.pipelines.plan.StageWork;
import io.beamwright.runners.GraphRunner;
import io.beamwright.transforms.datum.DatumTransform;
import io.beamwright.transforms.datum.ProgramTransform;
import io.beamwright.transforms.datum.SqlTransform;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.StorageLocation;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.beam.sdk.util.construction.resources.PipelineResources;

/**
 * What the workers of a cluster load for one stage: this process's class path without what only the
 * command needs, what the cluster has, and the engines that the stage does not use.
 */
final class WorkerJars {

  /** The command, its logging, and the runner of this process. */
  private static final Pattern OF_THE_COMMAND =
      Pattern.compile(
          "(beamwright-(cli|runner-direct)|beam-runners-direct-java|picocli|slf4j-jdk14)-.*");

  /** 81 MB: its library for every platform. */
  private static final Pattern DUCKDB = Pattern.compile("duckdb_jdbc-.*");

  /** 34 MB, nearly all of it Calcite. */
  private static final Pattern BEAM_SQL =
      Pattern.compile(
          "(beam-vendor-calcite|beam-sdks-java-extensions-(sql|join)|janino|commons-compiler)-.*");

  /** 37 MB: what reads and writes Parquet. Stages of programs see files, and most see no table. */
  private static final Pattern PARQUET =
      Pattern.compile("(hadoop-client-api|parquet-.+|jts-core|zstd-jni|aircompressor|hash4j)-.*");

  private static final Pattern HADOOP = Pattern.compile("hadoop-.*");

  private static final String SQL_STEP = "Sql";

  // Once for a process: stages side by side would write over what others are sending.
  private static final Map<Folder, List<Path>> PACKED = new ConcurrentHashMap<>();

  private record Folder(Path classes, Path scratch) {}

  private WorkerJars() {}

  /**
   * The jars for {@code work} on a cluster of {@code runner}, over the store at {@code store};
   * folders of classes, as a build tool has them on its class path, are packed into jars in {@code
   * scratch}.
   */
  static List<Path> of(StageWork work, GraphRunner runner, StorageLocation store, Path scratch) {
    return jobJar(runner.getClass())
        .map(List::of)
        .orElseGet(() -> chosen(work, runner, store, scratch));
  }

  /**
   * The jar in which all of us came, the runner among us: a cluster's own command, as {@code flink
   * run}, loads it by itself, and the class path of the process is the cluster's.
   */
  private static Optional<Path> jobJar(Class<?> runner) {
    Optional<Path> ours = codeOf(WorkerJars.class);
    return ours.filter(Files::isRegularFile).filter(jar -> codeOf(runner).equals(ours));
  }

  private static Optional<Path> codeOf(Class<?> loaded) {
    return Optional.ofNullable(loaded.getProtectionDomain().getCodeSource())
        .map(code -> Path.of(URI.create(code.getLocation().toString())));
  }

  private static List<Path> chosen(
      StageWork work, GraphRunner runner, StorageLocation store, Path scratch) {
    Libraries needed = Libraries.of(work);
    boolean isOnHadoop = "hdfs".equals(store.root().getScheme());
    Predicate<String> isNeeded =
        name ->
            !OF_THE_COMMAND.matcher(name).matches()
                && !runner.isOnWorkers(name)
                && (needed.parquet
                    || !PARQUET.matcher(name).matches()
                    || (isOnHadoop && HADOOP.matcher(name).matches()))
                && (needed.duckDb || !DUCKDB.matcher(name).matches())
                && (needed.beamSql || !BEAM_SQL.matcher(name).matches());
    List<Path> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.exists(path) && isNeeded.test(String.valueOf(path.getFileName()))) {
        jars.addAll(
            Files.isDirectory(path)
                ? PACKED.computeIfAbsent(new Folder(path, scratch), WorkerJars::pack)
                : List.of(path));
      }
    }
    return List.copyOf(jars);
  }

  /** None, if it has no file. */
  private static List<Path> pack(Folder folder) {
    try {
      Path own = Files.createTempDirectory(folder.scratch(), "classes-");
      return PipelineResources.prepareFilesForStaging(
              List.of(folder.classes().toString()), own.toString())
          .stream()
          .map(Path::of)
          .toList();
    } catch (IOException e) {
      throw new EnvironmentFault(
          "Jars for workers cannot be written: " + e + ".",
          "Make room in " + folder.scratch() + ".",
          e);
    }
  }

  /** The libraries that only some work needs. */
  private record Libraries(boolean parquet, boolean duckDb, boolean beamSql) {

    static Libraries of(StageWork work) {
      return work.match(
          new StageWork.Cases<>() {
            @Override
            public Libraries perDatum(StageWork.PerDatum datums) {
              return of(datums);
            }

            @Override
            public Libraries chain(StageWork.Chain chain) {
              boolean hasSql = chain.steps().stream().anyMatch(s -> s.type().equals(SQL_STEP));
              return new Libraries(true, false, hasSql);
            }
          });
    }

    private static Libraries of(StageWork.PerDatum datums) {
      return datums
          .transform()
          .match(
              new DatumTransform.Cases<>() {
                @Override
                public Libraries program(ProgramTransform program) {
                  return new Libraries(datums.showsText(), false, false);
                }

                @Override
                public Libraries sql(SqlTransform sql) {
                  return new Libraries(true, true, false);
                }
              });
    }
  }
}
