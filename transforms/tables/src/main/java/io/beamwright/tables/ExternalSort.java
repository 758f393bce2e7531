// SPDX-License-Identifier: Apache-2.0
package io.beamwright.tables;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Sorts byte strings as unsigned bytes, equal ones kept, in bounded memory: what does not fit is
 * sorted in runs on disk, which are merged. Not for several threads.
 */
public final class ExternalSort implements Closeable {

  /** What an array costs besides its bytes. */
  private static final int ARRAY_OVERHEAD = 24;

  /** Runs merged at once; more would take too many open files. */
  private static final int MOST_RUNS = 64;

  private final long memoryBytes;
  private final List<Spill> runs = new ArrayList<>();
  private List<byte[]> records = new ArrayList<>();
  private long bytes;

  /** Where the sorted records go. */
  @FunctionalInterface
  public interface Sink {
    /** Takes the next record. */
    void accept(byte[] record) throws IOException;
  }

  /** Holds about {@code memoryBytes} of records in memory. */
  public ExternalSort(long memoryBytes) {
    this.memoryBytes = memoryBytes;
  }

  /** Adds a record, which must not change any more. */
  public void add(byte[] record) throws IOException {
    records.add(record);
    bytes += record.length + ARRAY_OVERHEAD;
    if (bytes >= memoryBytes) {
      spill();
    }
  }

  private void spill() throws IOException {
    if (runs.size() == MOST_RUNS) {
      mergeRuns();
    }
    Spill run = new Spill();
    runs.add(run);
    records.sort(Arrays::compareUnsigned);
    records.forEach(run::add);
    records = new ArrayList<>();
    bytes = 0;
  }

  private void mergeRuns() throws IOException {
    Spill merged = new Spill();
    try {
      merge(merged::add);
    } catch (IOException | RuntimeException e) {
      merged.close();
      throw e;
    }
    closeRuns();
    runs.add(merged);
  }

  /** Gives every record, in order, to {@code sink}. To be called once, after the last was added. */
  public void sortTo(Sink sink) throws IOException {
    if (runs.isEmpty()) {
      records.sort(Arrays::compareUnsigned);
      for (byte[] record : records) {
        sink.accept(record);
      }
    } else {
      spill();
      merge(sink);
    }
  }

  private void merge(Sink sink) throws IOException {
    PriorityQueue<Spill.Reader> heads =
        new PriorityQueue<>(Comparator.comparing(Spill.Reader::head, Arrays::compareUnsigned));
    List<Spill.Reader> readers = new ArrayList<>();
    try {
      for (Spill run : runs) {
        Spill.Reader reader = run.read();
        readers.add(reader);
        if (reader.advance()) {
          heads.add(reader);
        }
      }
      for (Spill.Reader least = heads.poll(); least != null; least = heads.poll()) {
        sink.accept(least.head());
        if (least.advance()) {
          heads.add(least);
        }
      }
    } finally {
      for (Spill.Reader reader : readers) {
        reader.close();
      }
    }
  }

  private void closeRuns() throws IOException {
    for (Spill run : runs) {
      run.close();
    }
    runs.clear();
  }

  /** Deletes what is on disk. */
  @Override
  public void close() throws IOException {
    closeRuns();
  }
}
