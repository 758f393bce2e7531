// SPDX-License-Identifier: Apache-2.0
package io.beamwright.transforms.beam;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.transforms.beam.sql.Sql;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What is loaded only when it is used: tried on a class path that does not have it. */
final class ClassPathTest {

  @Test
  void theCatalogueNeedsNoBeamParquetHadoopOrDuckDb() throws Exception {
    Predicate<String> small = jar -> !jar.matches("(beam-|parquet|hadoop|duckdb|zstd|snappy).*");
    try (URLClassLoader loader = classPath(small)) {
      Object catalog = call(loader.loadClass(StepCatalog.class.getName()), "load");
      assertThat((Collection<?>) catalog.getClass().getMethod("all").invoke(catalog))
          .hasSizeGreaterThan(2);
    }
  }

  @Test
  void theRegistryNeedsNoBeamSql() throws Exception {
    Predicate<String> withoutSql =
        jar -> !jar.matches("beam-(sdks-java-extensions-sql|vendor-calcite).*");
    try (URLClassLoader loader = classPath(withoutSql)) {
      Object registry = call(loader.loadClass(StepRegistry.class.getName()), "load");
      Object sql = registry.getClass().getMethod("step", String.class).invoke(registry, "Sql");
      assertThat(sql.getClass().getName()).isEqualTo(Sql.class.getName());
    }
  }

  private static Object call(Class<?> type, String method) throws ReflectiveOperationException {
    return type.getMethod(method).invoke(null);
  }

  /** The jars of this class path whose file name passes, and all folders of classes. */
  private static URLClassLoader classPath(Predicate<String> jars) {
    URL[] urls =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(path -> !path.toString().endsWith(".jar") || jars.test(name(path)))
            .map(ClassPathTest::url)
            .toArray(URL[]::new);
    return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(path.toString(), e);
    }
  }
}
