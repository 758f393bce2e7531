// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a spec says is asked for by somebody, or reading it warns that it does nothing. */
@AnalyzeClasses(packages = "io.beamwright", importOptions = ImportOption.DoNotIncludeTests.class)
class UnusedFieldsTest {

  private static final String SPEC = "io.beamwright.pipelines.spec";

  /**
   * Read, and asked for by nobody: these have a warning each ({@code SpecReadingTest}), but for
   * what is kept with each commit as it was written.
   */
  private static final SortedSet<String> KNOWN =
      new TreeSet<>(
          List.of(
              "Cmd.debug",
              "Cmd.image",
              "DatumSets.perWorker",
              "DatumSets.sizeBytes",
              "Gpu.number",
              "Gpu.type",
              "PipelineSpec.metadata",
              "Resources.cpu",
              "Resources.gpu",
              "Tuning.limits"));

  /** Messages, and what has inputs in it. */
  private static final Set<String> OTHERS =
      Set.of("SpecProblem", "SpecWarning", "CrossInput", "UnionInput");

  @ArchTest
  static void whatASpecSaysIsAskedForOrKnownNotToBe(JavaClasses classes) throws Exception {
    SortedSet<String> unasked = new TreeSet<>();
    for (JavaClass type : classes) {
      if (type.getPackageName().equals(SPEC) && isOfASpec(type)) {
        for (RecordComponent component : type.reflect().getRecordComponents()) {
          if (!isAskedFor(type.getMethod(component.getName()))) {
            unasked.add(type.getSimpleName() + "." + component.getName());
          }
        }
      }
    }
    assertThat(unasked).isEqualTo(KNOWN);
  }

  /** The public records of the package hold what was read, but for these. */
  private static boolean isOfASpec(JavaClass type) {
    return type.isRecord()
        && !OTHERS.contains(type.getSimpleName())
        && type.getModifiers().contains(JavaModifier.PUBLIC);
  }

  private static boolean isAskedFor(JavaMethod accessor) {
    return accessor.getAccessesToSelf().stream()
        .anyMatch(access -> !access.getOriginOwner().equals(accessor.getOwner()));
  }
}
