// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.storage.Storage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What the programs of an attempt have printed so far: one log for all workers, so that a reader
 * who remembers the number of the last segment finds all that came after it by one list. Nothing
 * rests on it: the whole log of a datum is kept with its result, and once the attempt has ended the
 * segments are garbage.
 */
public final class LiveLog {

  // A reader who comes late reads so many segments at most.
  private static final int MOST_READ = 10_000;
  private static final int PAGE = 100;

  // Who loses so many numbers in turn is one of too many writers, and comes back at its next flush.
  private static final int MOST_RACES = 20;

  private final NumberedLog log;

  /** The live log of the attempt of this number. */
  public LiveLog(Storage storage, long attempt) {
    this.log = new NumberedLog(storage, StoreLayout.liveLog(attempt));
  }

  /** Takes segments. */
  public interface Reader {

    /** Takes the segment of this number. */
    void take(long number, LogSegment segment);
  }

  /**
   * Writes {@code segment} after the newest. If this fails, it may be there or not; if it is
   * written again, it may be there twice.
   *
   * @return false if others were faster again and again: it is not there
   */
  public boolean append(LogSegment segment) {
    ObjectNode json = segment.toJson().put("token", UUID.randomUUID().toString());
    byte[] entry = SummedJson.bytes(json);
    for (int race = 0; race < MOST_RACES; race++) {
      if (log.tryAppend(log.newestNumber() + 1, entry)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Shows every segment after the one numbered {@code last} (-1: all, but not more than the newest
   * 10,000) to {@code reader}, the oldest first. Costs one list where there are fewer than a
   * hundred, and a read for each. What is damaged or gone is left out.
   */
  public void readAfter(long last, Reader reader) {
    Deque<Long> numbers = numbersAfter(last);
    for (long number : numbers) {
      log.at(number).flatMap(LiveLog::parse).ifPresent(segment -> reader.take(number, segment));
    }
  }

  private Deque<Long> numbersAfter(long last) {
    Deque<Long> numbers = new ArrayDeque<>();
    long before = Long.MAX_VALUE;
    while (numbers.size() < MOST_READ) {
      List<NumberedLog.Stamp> page = log.stamps(before, PAGE);
      for (NumberedLog.Stamp stamp : page) {
        if (stamp.number() <= last) {
          return numbers;
        }
        numbers.addFirst(stamp.number());
        before = stamp.number();
      }
      if (page.size() < PAGE) {
        break;
      }
    }
    return numbers;
  }

  private static Optional<LogSegment> parse(NumberedLog.Entry entry) {
    try {
      return Optional.of(LogSegment.of(SummedJson.parse(entry.content())));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      // Told by fsck; a reader finds the bytes where the whole log is.
      return Optional.empty();
    }
  }
}
