// SPDX-License-Identifier: Apache-2.0
package io.beamwright.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class, or one test, a {@link BeamwrightStore} as a parameter: a store in a
 * temporary folder, of each test its own. One that a constructor or a {@code @BeforeAll} method
 * takes is that of all tests of the class.
 */
@Documented
@ExtendWith(BeamwrightExtension.class)
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface BeamwrightTest {

  /** The runner of stages that name none; it has to be on the class path. */
  String runner() default "direct";

  /** Options of that runner, each as {@code name=value}. */
  String[] options() default {};
}
