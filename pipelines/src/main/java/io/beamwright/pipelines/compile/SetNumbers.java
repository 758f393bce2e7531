// SPDX-License-Identifier: Apache-2.0
package io.beamwright.pipelines.compile;

import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.BoundedSource;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * The numbers of datum sets, in more parts than there are workers: runners hand parts of a source
 * to whoever is free, where elements of a shuffle go by a hash to one worker or another, however
 * long what they got there before takes.
 */
final class SetNumbers extends BoundedSource<Integer> {

  private static final long serialVersionUID = 1L;

  // Large, for runners divide the size by the number of their workers.
  private static final long BYTES_OF_SET = 1L << 20;

  private final int from;
  private final int to;
  private final int partsOfWorker;

  /**
   * The numbers from {@code from} to below {@code to}.
   *
   * @param partsOfWorker how many parts there are for each worker, at the most
   */
  SetNumbers(int from, int to, int partsOfWorker) {
    this.from = from;
    this.to = to;
    this.partsOfWorker = partsOfWorker;
  }

  @Override
  public List<SetNumbers> split(long desiredBytes, PipelineOptions options) {
    long workers = Math.max(1, getEstimatedSizeBytes(options) / Math.max(1, desiredBytes));
    int sets = to - from;
    long parts = Math.min(sets, workers * partsOfWorker);
    if (parts <= 1) {
      return List.of(this);
    }
    List<SetNumbers> split = new ArrayList<>();
    for (long part = 0; part < parts; part++) {
      split.add(
          new SetNumbers(
              from + (int) (sets * part / parts),
              from + (int) (sets * (part + 1) / parts),
              partsOfWorker));
    }
    return split;
  }

  @Override
  public long getEstimatedSizeBytes(PipelineOptions options) {
    return (to - from) * BYTES_OF_SET;
  }

  @Override
  public Coder<Integer> getOutputCoder() {
    return VarIntCoder.of();
  }

  @Override
  public BoundedReader<Integer> createReader(PipelineOptions options) {
    return new Reader();
  }

  private final class Reader extends BoundedReader<Integer> {

    private int at;

    @Override
    public boolean start() {
      at = from;
      return at < to;
    }

    @Override
    public boolean advance() {
      at++;
      return at < to;
    }

    @Override
    public Integer getCurrent() {
      return at;
    }

    @Override
    public BoundedSource<Integer> getCurrentSource() {
      return SetNumbers.this;
    }

    @Override
    public void close() {}
  }
}
