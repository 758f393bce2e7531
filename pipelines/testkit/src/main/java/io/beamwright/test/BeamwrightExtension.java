// SPDX-License-Identifier: Apache-2.0
package io.beamwright.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedElement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Opens the stores of {@link BeamwrightTest}, and deletes them when their tests have ended. */
final class BeamwrightExtension implements ParameterResolver {

  private static final ExtensionContext.Namespace STORES =
      ExtensionContext.Namespace.create(BeamwrightExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == BeamwrightStore.class;
  }

  @Override
  public BeamwrightStore resolveParameter(ParameterContext parameter, ExtensionContext context) {
    BeamwrightTest wanted = annotation(context);
    // A store that the class has is found from its tests too.
    return context
        .getStore(STORES)
        .getOrComputeIfAbsent(wanted, BeamwrightExtension::open, TemporaryStore.class)
        .store();
  }

  private static BeamwrightTest annotation(ExtensionContext context) {
    List<AnnotatedElement> elements =
        Stream.concat(
                context.getElement().stream(),
                Stream.concat(
                    context.getTestClass().stream(), context.getEnclosingTestClasses().stream()))
            .toList();
    for (AnnotatedElement element : elements) {
      Optional<BeamwrightTest> found =
          AnnotationSupport.findAnnotation(element, BeamwrightTest.class);
      if (found.isPresent()) {
        return found.get();
      }
    }
    throw new ExtensionConfigurationException(
        context.getDisplayName() + " takes a BeamwrightStore and is no @BeamwrightTest.");
  }

  private static TemporaryStore open(BeamwrightTest wanted) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String option : wanted.options()) {
      int equals = option.indexOf('=');
      if (equals < 1) {
        throw new ExtensionConfigurationException(
            "@BeamwrightTest has the option \"" + option + "\": write it as name=value.");
      }
      options.put(option.substring(0, equals), option.substring(equals + 1));
    }
    try {
      Path folder = Files.createTempDirectory("beamwright-test-");
      return new TemporaryStore(
          folder, BeamwrightStore.in(folder).withRunner(wanted.runner(), options));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record TemporaryStore(Path folder, BeamwrightStore store) implements AutoCloseable {

    @Override
    public void close() throws IOException {
      store.close();
      try (Stream<Path> paths = Files.walk(folder)) {
        for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
