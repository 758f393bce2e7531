// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.gc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.PackRewriter;
import io.beamwright.versioning.file.Packer;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Garbage collection. A collection deletes what is on the list of the one before, if that has stood
 * for its grace and is still not needed; and then lists what is not needed now.
 *
 * <p>All times are those of the storage's clock. It can be killed at any moment and run again; of
 * two at once, one is refused.
 */
public final class Collector {

  private static final Duration HEARD_EVERY = Duration.ofMinutes(2);
  private static final int BATCH = 10_000;
  private static final int MOST_NAMED = 10_000;

  private final Store store;
  private final Storage storage;
  private final CollectionLog log;
  private final Policy policy;
  private final Path scratch;
  private final SessionClock clock;
  private final AtOnce atOnce;

  /** Collects from {@code store} by {@code policy}; temporary files lie in {@code scratch}. */
  public Collector(Store store, Policy policy, Path scratch) {
    this(store, policy, scratch, SessionClock.SYSTEM, AtOnce.MANY);
  }

  /** The same by other clocks. */
  public Collector(Store store, Policy policy, Path scratch, SessionClock clock) {
    this(store, policy, scratch, clock, AtOnce.MANY);
  }

  /** The same with so many calls at once. */
  Collector(Store store, Policy policy, Path scratch, SessionClock clock, AtOnce atOnce) {
    this.atOnce = atOnce;
    this.store = store;
    this.storage = store.storage();
    this.log = new CollectionLog(storage);
    this.policy = policy;
    this.scratch = scratch;
    this.clock = clock;
  }

  /**
   * Collects.
   *
   * @throws io.beamwright.versioning.fault.EnvironmentFault if anything that is needed is absent or
   *     damaged: then nothing is deleted or listed
   * @throws ConflictFault if another collection is under way
   */
  public Collection collect() {
    Optional<String> withdrawn = new GivenUpList(storage).giveUpIfDamaged(clock.wall());
    Optional<CollectionLog.Entry> newest = log.newest();
    if (newest.filter(CollectionLog.Entry::isActive).isPresent()) {
      return afterList(newest.get());
    }
    long number = newest.map(CollectionLog.Entry::number).orElse(-1L) + 1;
    long last = newest.map(CollectionLog.Entry::list).orElse(-1L);
    append(number, CollectionLog.entry(CollectionLog.Kind.MARK, last, clock.wall()));
    Instant began = log.created(number);
    Mark mark = new Mark(store, atOnce, () -> {});
    Roots roots = new Roots(store, mark, policy, began);
    roots.mark();
    Optional<Collection.Listed> listed = list(number, last, mark, roots, began);
    return new Collection(Optional.empty(), listed, Optional.empty(), withdrawn);
  }

  private void append(long number, ObjectNode entry) {
    if (!log.tryAppend(number, entry)) {
      throw underWay();
    }
  }

  private ConflictFault underWay() {
    return new ConflictFault(
        "Another collection of " + storage.location() + " is under way.",
        "Wait for its end, or see that it is gone, and run gc again.");
  }

  // --- the list of before ---

  private Collection afterList(CollectionLog.Entry newest) {
    ListEntry list = log.list(newest.list());
    Instant announced = announced(newest);
    Instant due = announced.plus(list.grace());
    Instant now = GivenUpList.now(storage);
    if (now.isBefore(due)) {
      var waiting = new Collection.Waiting(words(list.totals()), due);
      return Collection.waits(waiting);
    }
    // Again: another may have done with the list since, and then what is on it is in use.
    CollectionLog.Entry last = log.newest().orElseThrow();
    if (last.list() != newest.list() || !last.isActive()) {
      throw underWay();
    }
    requireNobodySweeps(last, now);
    Sweep sweep = new Sweep(list, newest.list(), last.number() + 1);
    return sweep.run();
  }

  /** When everybody could see the list: from then on its grace is counted. */
  private Instant announced(CollectionLog.Entry newest) {
    long number = newest.list() + 1;
    if (newest.kind() == CollectionLog.Kind.LIST) {
      // Whoever wrote the list died before it said so, or is about to.
      boolean unused =
          log.tryAppend(
              number, CollectionLog.entry(CollectionLog.Kind.GRACE, newest.list(), clock.wall()));
    }
    return log.created(number);
  }

  private void requireNobodySweeps(CollectionLog.Entry last, Instant now) {
    Instant free = last.created().plus(GivenUpList.TAKEN_OVER);
    if (last.kind() == CollectionLog.Kind.SWEEP && now.isBefore(free)) {
      throw new ConflictFault(
          "A collection of "
              + storage.location()
              + " that deletes was heard of at "
              + last.created()
              + ", and may still be at it.",
          "If it is gone, run gc again after " + free + ".");
    }
  }

  /** Deletes what is on a list. */
  private final class Sweep {

    private final ListEntry list;
    private final long listNumber;
    private long number;
    private Since heard = Since.now(clock);
    private final Map<String, Amount> deleted = new LinkedHashMap<>();
    private long cameBack;

    Sweep(ListEntry list, long listNumber, long number) {
      this.list = list;
      this.listNumber = listNumber;
      this.number = number;
    }

    Collection run() {
      say();
      Instant began = log.created(number);
      Mark mark = new Mark(store, atOnce, this::sayInTime);
      Roots roots = new Roots(store, mark, policy, began);
      roots.mark();
      Optional<String> damage = delete(mark, roots, began);
      sayInTime();
      ObjectNode done = CollectionLog.entry(CollectionLog.Kind.DONE, listNumber, clock.wall());
      done.put("swept", damage.isEmpty()).put("came_back", cameBack);
      done.set("policy", policy.toJson());
      damage.ifPresent(how -> done.put("withdrawn", how));
      append(++number, done);
      Optional<Collection.Listed> listed = list(number, listNumber, mark, roots, began);
      return new Collection(
          damage.isEmpty()
              ? Optional.of(new Collection.Swept(deleted, cameBack))
              : Optional.empty(),
          listed,
          Optional.empty(),
          damage);
    }

    // Whoever creates the next entry of the log has the sweep: it is ours as long as we do.
    private void say() {
      Since now = Since.now(clock);
      append(number, CollectionLog.entry(CollectionLog.Kind.SWEEP, listNumber, clock.wall()));
      heard = now;
    }

    private void sayInTime() {
      if (heard.age().compareTo(HEARD_EVERY) >= 0) {
        number++;
        say();
      }
    }

    /** Deletes; or says why the list cannot be used. */
    private Optional<String> delete(Mark mark, Roots roots, Instant began) {
      CondemnedList condemned = new CondemnedList(storage, list);
      try {
        condemned.loadAll();
      } catch (UnusableLog e) {
        return Optional.of(String.valueOf(e.getMessage()));
      }
      roots.markUnseenBy(condemned);
      for (int part = 0; part < list.parts().size(); part++) {
        delete(take(list.parts().get(part).space(), condemned.load(part), mark));
      }
      deleteLeftovers(roots, began);
      return Optional.empty();
    }

    /** What would be deleted. */
    Collection.Swept trial(Mark mark) {
      CondemnedList condemned = new CondemnedList(storage, list);
      for (int part = 0; part < list.parts().size(); part++) {
        List<StorageKey> unused = take(list.parts().get(part).space(), condemned.load(part), mark);
      }
      return new Collection.Swept(deleted, cameBack);
    }

    /** Marks as deleted, and counts, what is on a part of the list and not needed. */
    private List<StorageKey> take(Space space, CondemnedPart part, Mark mark) {
      Inventory things = mark.all(space);
      List<StorageKey> keys = new ArrayList<>();
      Amount amount = Amount.NONE;
      for (int i = 0; i < part.size(); i++) {
        CondemnedPart.Entry entry = part.entry(i);
        int at = things.find(entry.id(), entry.generation());
        if (at < 0 || !things.isCreatedBefore(at, list.began())) {
          continue;
        }
        if (isNeeded(things, at, entry)) {
          cameBack++;
          continue;
        }
        keys.add(things.key(at));
        things.mark(at, Mark.DELETED);
        amount = amount.plus(new Amount(1, things.bytes(at)));
      }
      deleted.merge(space.word(), amount, Amount::plus);
      return keys;
    }

    private boolean isNeeded(Inventory things, int at, CondemnedPart.Entry entry) {
      return entry.moved()
          ? things.has(at, Mark.NOT_MOVED)
          : things.has(at, Mark.NEEDED | Mark.WITHOUT_BYTES);
    }

    private void delete(List<StorageKey> keys) {
      List<Supplier<Integer>> batches = new ArrayList<>();
      int size = Math.max(1, Math.min(BATCH, keys.size() / atOnce.threads()));
      for (int from = 0; from < keys.size(); from += size) {
        List<StorageKey> batch = keys.subList(from, Math.min(keys.size(), from + size));
        batches.add(
            () -> {
              storage.deleteAll(batch);
              return batch.size();
            });
      }
      sayInTime();
      List<Integer> unused = atOnce.all(batches, this::sayInTime);
    }

    /**
     * Old journals, live logs and leases; parts of lists that never were, or were done with before.
     */
    private void deleteLeftovers(Roots roots, Instant began) {
      List<StorageKey> keys = new ArrayList<>(roots.leftovers());
      String ours = StoreLayout.CONDEMNED + list.id() + "/";
      Optional<String> after = Optional.empty();
      List<Listed> page;
      do {
        page = storage.list(StoreLayout.CONDEMNED, after, BATCH);
        for (Listed part : page) {
          boolean isClock = part.key().text().startsWith(GivenUpList.CLOCK);
          boolean isAskedNow =
              isClock && !part.created().isBefore(began.minus(GivenUpList.TAKEN_OVER));
          if (!part.key().text().startsWith(ours) && !isAskedNow) {
            keys.add(part.key());
          }
          after = Optional.of(part.key().text());
        }
      } while (page.size() == BATCH);
      delete(keys);
      deleted.put("leftovers", new Amount(keys.size(), 0));
    }
  }

  // --- a new list ---

  /**
   * Lists what is not needed.
   *
   * @param number of the newest entry of the log, which is ours
   * @param previous number of the list before, or -1
   * @param began what is not older stays, whatever it is
   */
  private Optional<Collection.Listed> list(
      long number, long previous, Mark mark, Roots roots, Instant began) {
    Rewritten rewritten = rewrite(mark, began, false);
    Condemning condemning = condemn(mark, rewritten, began, false);
    if (condemning.parts().isEmpty()) {
      return Optional.empty();
    }
    List<DroppedCommit> letGo = roots.letGo();
    // Before anything of them can go.
    letGo.forEach(new DroppedCommits(storage)::write);
    Map<String, Long> commits = commitsByRepo(mark, began);
    ListEntry list =
        new ListEntry(
            previous,
            condemning.id(),
            began,
            policy.grace(),
            policy.toJson(),
            condemning.totals(),
            condemning.parts());
    ObjectNode entry = CollectionLog.entry(CollectionLog.Kind.LIST, number + 1, clock.wall());
    list.writeTo(entry);
    append(number + 1, entry);
    boolean unused =
        log.tryAppend(
            number + 2, CollectionLog.entry(CollectionLog.Kind.GRACE, number + 1, clock.wall()));
    Instant due = log.created(number + 2).plus(policy.grace());
    return Optional.of(
        new Collection.Listed(words(condemning.totals()), commits, letGo, rewritten.amount(), due));
  }

  private Condemning condemn(Mark mark, Rewritten rewritten, Instant began, boolean isTrial) {
    Condemning condemning = new Condemning(storage, isTrial);
    for (Space space : Space.values()) {
      condemning.add(
          space, mark.all(space), began, at -> space == Space.OBJECTS && rewritten.packs().get(at));
    }
    return condemning;
  }

  private Map<String, Long> commitsByRepo(Mark mark, Instant began) {
    Inventory commits = mark.all(Space.COMMITS);
    Map<String, Long> byRepo = new TreeMap<>();
    int named = 0;
    for (int at = 0; at < commits.size() && named < MOST_NAMED; at++) {
      boolean stays = commits.has(at, Mark.NEEDED | Mark.WITHOUT_BYTES | Mark.DELETED);
      if (!stays && commits.isCreatedBefore(at, began)) {
        named++;
        byRepo.merge(store.commits().read(new CommitId(commits.id(at))).repo(), 1L, Long::sum);
      }
    }
    return byRepo;
  }

  private static Map<String, Amount> words(Map<Space, Amount> totals) {
    Map<String, Amount> words = new LinkedHashMap<>();
    for (Space space : Space.values()) {
      words.put(space.word(), totals.getOrDefault(space, Amount.NONE));
    }
    return words;
  }

  // --- packs that are mostly dead ---

  /** Packs, by place in the inventory, of which all that is needed is elsewhere too. */
  private record Rewritten(BitSet packs, Amount amount) {}

  private Rewritten rewrite(Mark mark, Instant began, boolean isTrial) {
    Inventory objects = mark.all(Space.OBJECTS);
    BitSet moved = new BitSet();
    BitSet mostlyDead = new BitSet();
    long[] needed = mark.ranges().bytesByPack(objects.size());
    for (int at = 0; at < objects.size(); at++) {
      boolean isPack =
          objects.has(at, Mark.NEEDED)
              && !objects.has(at, Mark.WHOLE | Mark.DELETED)
              && objects.isCreatedBefore(at, began)
              && objects.bytes(at) <= Packer.MOST_PACK_BYTES;
      boolean hasMaps = mark.all(Space.MOVED).first(objects.id(at)) >= 0;
      if (isPack && hasMaps && !objects.has(at, Mark.NOT_MOVED)) {
        moved.set(at);
      } else if (isPack && needed[at] > 0 && isMostlyDead(needed[at], objects.bytes(at))) {
        mostlyDead.set(at);
      }
    }
    Amount amount = Amount.NONE;
    for (int at = mostlyDead.nextSetBit(0); at >= 0; at = mostlyDead.nextSetBit(at + 1)) {
      amount = amount.plus(new Amount(1, objects.bytes(at)));
    }
    if (!isTrial) {
      copy(mark, mostlyDead);
    }
    moved.or(mostlyDead);
    return new Rewritten(moved, amount);
  }

  private boolean isMostlyDead(long needed, long size) {
    return needed * 100 < size * policy.rewriteBelow();
  }

  private void copy(Mark mark, BitSet packs) {
    Map<Integer, List<PackRewriter.Range>> ranges = new TreeMap<>();
    mark.ranges()
        .forEach(
            (pack, offset, length) -> {
              if (packs.get(pack)) {
                ranges
                    .computeIfAbsent(pack, at -> new ArrayList<>())
                    .add(new PackRewriter.Range(offset, length));
              }
            });
    Inventory objects = mark.all(Space.OBJECTS);
    try (PackRewriter rewriter = new PackRewriter(store.session(), scratch)) {
      ranges.forEach(
          (pack, needed) -> {
            needed.sort(Comparator.comparingLong(PackRewriter.Range::offset));
            rewriter.add(new ObjectRef(objects.id(pack), objects.generation(pack)), needed);
          });
      rewriter.finish();
    }
  }

  // --- what would be done ---

  /**
   * What {@link #collect} would do now; nothing is written. Whether a list is due is told by this
   * process's clock, which may differ from the storage's.
   */
  public Collection dryRun() {
    Optional<UnusableLog> damage = log.damage();
    Optional<CollectionLog.Entry> newest = damage.isPresent() ? Optional.empty() : log.newest();
    Optional<ListEntry> active =
        newest.filter(CollectionLog.Entry::isActive).map(entry -> log.list(entry.list()));
    Instant now = clock.wall();
    if (active.isPresent()) {
      long number = newest.orElseThrow().list();
      boolean isAnnounced = newest.get().number() > number;
      Instant due = (isAnnounced ? log.created(number + 1) : now).plus(active.get().grace());
      if (now.isBefore(due)) {
        var waiting = new Collection.Waiting(words(active.get().totals()), due);
        return Collection.waits(waiting);
      }
    }
    Mark mark = new Mark(store, atOnce, () -> {});
    Roots roots = new Roots(store, mark, policy, now);
    roots.mark();
    Optional<Collection.Swept> swept = active.map(list -> wouldSweep(list, mark, roots));
    Rewritten rewritten = rewrite(mark, now, true);
    Map<Space, Amount> totals = condemn(mark, rewritten, now, true).totals();
    var listed =
        new Collection.Listed(
            words(totals),
            commitsByRepo(mark, now),
            roots.letGo(),
            rewritten.amount(),
            now.plus(policy.grace()));
    return new Collection(
        swept,
        totals.isEmpty() ? Optional.empty() : Optional.of(listed),
        Optional.empty(),
        damage.map(fault -> String.valueOf(fault.getMessage())));
  }

  private Collection.Swept wouldSweep(ListEntry list, Mark mark, Roots roots) {
    roots.markUnseenBy(new CondemnedList(storage, list));
    Sweep sweep = new Sweep(list, 0, 0);
    return sweep.trial(mark);
  }
}
