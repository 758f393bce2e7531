// SPDX-License-Identifier: Apache-2.0
package io.beamwright.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.beamwright.versioning.fault.EnvironmentFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConsoleTest {

  private static final long SECOND = 1_000_000_000L;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();

  private Console console(OutputStream target, boolean terminal) {
    return new Console(InputStream.nullInputStream(), target, err, terminal, nanos::get);
  }

  @Test
  void linesAreUtf8WhateverTheLocale() {
    console(out, false).line("größe ∑");

    assertThat(out.toByteArray()).isEqualTo("größe ∑\n".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void underJsonLinesForPeopleAreDropped() {
    Console console = console(out, false);
    console.printJsonOnly();
    console.line("for people");
    console.table(new Table(Table.left("A")).row("1"));
    console.document(json -> json.writeString("for programs"));

    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("\"for programs\"\n");
  }

  @Test
  void aSecondDocumentIsABug() {
    Console console = console(out, false);
    console.document(json -> json.writeNumber(1));

    assertThatThrownBy(() -> console.document(json -> json.writeNumber(2)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void outputThatCannotBeWrittenIsAFault() {
    Console console = console(new Failing("No space left on device"), false);

    assertThatThrownBy(() -> console.line("x"))
        .isInstanceOf(EnvironmentFault.class)
        .hasMessage("Standard output cannot be written: No space left on device");
  }

  @Test
  void aReaderThatWentAwayIsNoError() {
    Console console = console(new Failing("Broken pipe"), false);

    assertThatThrownBy(() -> console.line("x")).isInstanceOf(Console.OutputClosed.class);
  }

  @Test
  void anErrorStandsAboveItsRemedy() {
    console(out, false).error("It broke.", "Mend it.\nThen run again.");

    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("error: It broke.\n  Mend it.\n  Then run again.\n");
  }

  @Test
  void progressIsShownAfterASecondAndErasedAtTheEnd() {
    try (Progress progress = console(out, true).progress("putting")) {
      progress.show(1, 3);
      assertThat(err.size()).isZero();
      nanos.set(SECOND);
      progress.show(2, 3);
    }

    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("\r\u001b[Kputting: 2 of 3\r\u001b[K");
  }

  @Test
  void progressIsSilentInAPipe() {
    try (Progress progress = console(out, false).progress("putting")) {
      nanos.set(10 * SECOND);
      progress.show(2, 3);
    }

    assertThat(err.size()).isZero();
  }

  @Test
  void aLineIsNotWrittenBehindProgress() {
    Console console = console(out, true);
    Progress progress = console.progress("putting");
    nanos.set(SECOND);
    progress.show(() -> "a");
    console.note("warning: b");

    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("\r\u001b[Kputting: a\r\u001b[Kwarning: b\n");
  }

  @Test
  void peopleSeeTwelveCharactersOfAnId() {
    assertThat(Console.shortId("0123456789abcdef")).isEqualTo("0123456789ab");
    assertThat(Console.shortId("0123")).isEqualTo("0123");
  }

  private static final class Failing extends OutputStream {
    private final String message;

    Failing(String message) {
      this.message = message;
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException(message);
    }
  }
}
