// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import io.beamwright.versioning.storage.StorageKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects what a check finds; safe for several threads. */
final class Findings {

  // A commit's damages are told apart by bits; what comes after the last one shares it.
  private static final int LAST_BIT = 61;

  private final Map<String, Finding> damages = new LinkedHashMap<>();
  private final Map<Integer, List<Finding>> byBit = new HashMap<>();
  private final List<String> notices = new ArrayList<>();
  private long damageCount;
  private long noticeCount;

  /** One damage while the check goes on. */
  static final class Finding {
    private final Damage.Kind kind;
    private final StorageKey key;
    private final String how;
    private final long bit;
    private final List<String> needs = new ArrayList<>();
    private final List<String> copies = new ArrayList<>();
    private long commits;

    private Finding(Damage.Kind kind, StorageKey key, String how, long bit) {
      this.kind = kind;
      this.key = key;
      this.how = how;
      this.bit = bit;
    }

    Damage.Kind kind() {
      return kind;
    }

    StorageKey key() {
      return key;
    }

    /** This one among the damages that a node or commit needs. */
    long bit() {
      return bit;
    }

    /** {@code need} needs this. */
    void neededBy(String need) {
      if (needs.size() < Damage.MOST_NEEDS && !needs.contains(need)) {
        needs.add(need);
      }
    }

    /** The store has the same, or some of it, at {@code copy}. */
    void copyAt(String copy) {
      if (copies.size() < Damage.MOST_NEEDS && !copies.contains(copy)) {
        copies.add(copy);
      }
    }

    private Damage damage() {
      return new Damage(kind, key, how, needs, commits, copies);
    }
  }

  /** {@code key} is damaged; what was found of it first stays. */
  synchronized Finding damaged(Damage.Kind kind, StorageKey key, String how) {
    Finding known = damages.get(key.text());
    if (known != null) {
      return known;
    }
    int bit = Math.min(damages.size(), LAST_BIT);
    Finding finding = new Finding(kind, key, how, 1L << bit);
    damages.put(key.text(), finding);
    byBit.computeIfAbsent(bit, b -> new ArrayList<>()).add(finding);
    damageCount++;
    return finding;
  }

  synchronized boolean isDamaged(StorageKey key) {
    return !damages.isEmpty() && damages.containsKey(key.text());
  }

  synchronized void notice(String sentence) {
    noticeCount++;
    if (notices.size() < FsckReport.MOST_NOTICES) {
      notices.add(sentence);
    }
  }

  /** A commit needs every damage of {@code bits}. */
  synchronized void commitNeeds(long bits, String commit) {
    for (int bit = 0; bit <= LAST_BIT; bit++) {
      if ((bits & (1L << bit)) != 0) {
        for (Finding finding : byBit.getOrDefault(bit, List.of())) {
          finding.commits++;
          if (finding.needs.isEmpty()) {
            finding.neededBy(commit);
          }
        }
      }
    }
  }

  /** The objects among the damages. */
  synchronized List<Finding> objects() {
    return damages.values().stream().filter(f -> f.kind == Damage.Kind.OBJECT).toList();
  }

  synchronized FsckReport report(
      FsckReport.Checked checked,
      FsckReport.Dangling dangling,
      List<String> affected,
      long affectedCount) {
    List<Damage> told =
        damages.values().stream().limit(FsckReport.MOST_DAMAGES).map(Finding::damage).toList();
    return new FsckReport(
        checked, dangling, told, damageCount, affected, affectedCount, notices, noticeCount);
  }
}
