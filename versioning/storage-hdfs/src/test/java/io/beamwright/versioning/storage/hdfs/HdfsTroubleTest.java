// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.storage.hdfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.storage.StorageLocation;
import io.beamwright.versioning.storage.hdfs.server.HdfsProcesses;
import io.beamwright.versioning.testkit.PatternContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The servers are killed while two writers create keys, and started again. */
class HdfsTroubleTest {

  private static final int WRITERS = 2;
  private static final int SIZE = 300_000;
  private static final String FAULT = "fault";

  @Test
  void whatIsReportedCreatedIsThereAndNothingIsHalfDone() throws Exception {
    try (HdfsProcesses servers = RealHdfs.start()) {
      Writers writers = new Writers(servers.uri() + "/store");
      writers.awaitCreated(20);
      servers.killNameNode();
      servers.startNameNode();
      servers.awaitReady();
      writers.goOn();
      writers.awaitCreated(20);
      servers.killDataNode();
      servers.startDataNode();
      servers.awaitReady();
      writers.goOn();
      writers.awaitCreated(20);
      servers.killDataNode();
      servers.killNameNode();
      servers.startNameNode();
      servers.startDataNode();
      servers.awaitReady();
      writers.goOn();
      writers.awaitCreated(20);
      writers.end();

      assertAllIsWhole(servers.uri() + "/store", writers.outcomes());
    }
  }

  private static void assertAllIsWhole(String uri, Map<String, String> outcomes) {
    try (Storage storage = StorageLocation.parse(uri).open()) {
      List<Listed> listed = storage.list("", Optional.empty(), Integer.MAX_VALUE);
      for (Listed one : listed) {
        assertThat(one.size()).isEqualTo(SIZE);
        assertThat(storage.read(one.key(), 0, SIZE + 1))
            .isEqualTo(PatternContent.bytes(0, SIZE, seed(one.key().text())));
      }
      List<String> there = listed.stream().map(one -> one.key().text()).toList();
      List<String> created = new ArrayList<>();
      outcomes.forEach(
          (key, outcome) -> {
            // Nobody else creates them, so none may be taken for another's.
            assertThat(outcome).as(key).isNotEqualTo(Creation.EXISTS.name());
            if (outcome.equals(Creation.CREATED.name())) {
              created.add(key);
            } else if (outcome.startsWith(FAULT + ": Cannot create ")) {
              assertThat(there).as(outcome).doesNotContain(key);
            }
          });
      assertThat(created).hasSizeGreaterThanOrEqualTo(80);
      assertThat(there).containsAll(created);
    }
  }

  private static int seed(String key) {
    return key.hashCode() & 0xff;
  }

  /** Threads that create one key after the other, and go on whatever comes of it. */
  private static final class Writers {

    private final AtomicBoolean isDone = new AtomicBoolean();
    private final Semaphore created = new Semaphore(0);
    private final Semaphore recovered = new Semaphore(0);
    private final Map<String, String> outcomes = new ConcurrentSkipListMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    private final List<Future<?>> running = new ArrayList<>();

    Writers(String uri) {
      for (int writer = 0; writer < WRITERS; writer++) {
        int number = writer;
        running.add(threads.submit(() -> write(uri, "writer-" + number)));
      }
    }

    private @Nullable Void write(String uri, String folder) throws InterruptedException {
      try (Storage storage = StorageLocation.parse(uri).open()) {
        for (int i = 0; !isDone.get(); i++) {
          String key = folder + "/" + i / 10 + "/" + i;
          outcomes.put(key, outcome(storage, key));
          if (outcomes.get(key).startsWith(FAULT)) {
            // Without servers there is nothing to try.
            boolean unused = recovered.tryAcquire(2, TimeUnit.SECONDS);
          }
        }
      }
      return null;
    }

    void goOn() {
      recovered.release(WRITERS);
    }

    private String outcome(Storage storage, String key) {
      try {
        Creation creation =
            storage.createIfAbsent(new StorageKey(key), new PatternContent(SIZE, seed(key)));
        created.release();
        return creation.name();
      } catch (EnvironmentFault e) {
        return FAULT + ": " + e.getMessage() + " " + e.remedy();
      }
    }

    void awaitCreated(int more) throws InterruptedException {
      int unused = created.drainPermits();
      assertThat(created.tryAcquire(more, 100, TimeUnit.SECONDS)).as("%s", outcomes).isTrue();
    }

    void end() throws Exception {
      isDone.set(true);
      for (Future<?> one : running) {
        one.get(100, TimeUnit.SECONDS);
      }
      threads.shutdown();
    }

    Map<String, String> outcomes() {
      return outcomes;
    }
  }
}
