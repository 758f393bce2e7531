// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.fsck;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.beamwright.versioning.Sha256;
import io.beamwright.versioning.Store;
import io.beamwright.versioning.StoreFeatures;
import io.beamwright.versioning.StoreLayout;
import io.beamwright.versioning.SummedJson;
import io.beamwright.versioning.binary.MalformedBytes;
import io.beamwright.versioning.commit.CommitId;
import io.beamwright.versioning.commit.Commits;
import io.beamwright.versioning.fault.ConflictFault;
import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.file.MovedMaps;
import io.beamwright.versioning.file.ObjectRef;
import io.beamwright.versioning.file.StoredFiles;
import io.beamwright.versioning.gc.GivenUpList;
import io.beamwright.versioning.gc.ListCheck;
import io.beamwright.versioning.gc.UnusableLog;
import io.beamwright.versioning.ref.NumberedLog;
import io.beamwright.versioning.result.Journals;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.DamagedObject;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.ObjectAbsent;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import io.beamwright.versioning.tree.TreeCheck;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings back what is damaged from the store's own copies, or from another store: nothing takes the
 * place of anything before it was checked. For one process, while nobody else writes.
 */
public final class Repair {

  // A restored commit or node shows what is missing below it; a history restored one commit after
  // the other takes as many rounds, so rounds go on as long as each brings something back.
  private static final int MOST_ROUNDS = 1_000;
  private static final int MOST_GENERATIONS = 1_000;
  private static final int LONGEST_COMMIT = 64 << 20;

  // A text that differs in so few bits is the same text, damaged.
  private static final int MOST_FLIPPED_BITS = 16;

  private final Storage storage;
  private final Optional<Storage> source;
  private final Replacement replacement;
  private final Map<StorageKey, String> repaired = new LinkedHashMap<>();
  private final Map<StorageKey, String> failed = new LinkedHashMap<>();

  private Repair(Storage storage, Optional<Storage> source) {
    this.storage = storage;
    this.source = source;
    this.replacement = new Replacement(storage);
  }

  /**
   * Repairs the store at {@code storage}.
   *
   * @param source another store that may have what is damaged here: a copy of this one, or one that
   *     it was pushed to or pulled from
   */
  public static RepairReport run(Storage storage, Optional<Storage> source) {
    return new Repair(storage, source).run();
  }

  private RepairReport run() {
    int before = -1;
    for (int round = 0; round < MOST_ROUNDS && repaired.size() > before; round++) {
      before = repaired.size();
      failed.clear();
      for (Damage damage : Fsck.check(storage).damages()) {
        repair(damage);
      }
    }
    return new RepairReport(
        repaired.entrySet().stream()
            .map(done -> new RepairReport.Repaired(done.getKey(), done.getValue()))
            .toList(),
        failed.entrySet().stream()
            .map(left -> new RepairReport.Failed(left.getKey(), left.getValue()))
            .toList());
  }

  private void repair(Damage damage) {
    StorageKey key = damage.key();
    if (repaired.containsKey(key)) {
      failed.put(key, "It was brought back, and is still damaged: " + damage.how() + ".");
      return;
    }
    try {
      Optional<String> from =
          switch (damage.kind()) {
            case FORMAT -> format();
            case OBJECT -> object(key);
            case NODE -> node(key);
            case COMMIT -> commit(key);
            case MOVED_MAP -> movedMap(key);
            case JOURNAL -> journal(key);
            case RECORD -> record(key);
            case ENTRY -> entry(key);
          };
      from.ifPresentOrElse(origin -> repaired.put(key, origin), () -> failed.put(key, noCopy()));
    } catch (DamagedObject | IllegalArgumentException e) {
      failed.put(key, String.valueOf(e.getMessage()));
    } catch (UnusableLog e) {
      failed.put(key, e.getMessage() + " " + e.remedy());
    }
  }

  private String noCopy() {
    return source
        .map(other -> other.location() + " has no sound copy of it that is surely the same.")
        .orElse("There is no sound copy of it in this store.");
  }

  private Optional<String> format() {
    // A store of a newer format says so, and is refused before anything is repaired. Where nothing
    // tells whether the store is one of before, it may have features, and says so.
    byte[] older = bytes(Store.formatBeforeFeatures());
    byte[] good = bytes(Store.format());
    boolean isOlder = resembles(StoreLayout.FORMAT, older) && !resembles(StoreLayout.FORMAT, good);
    replacement.replace(StoreLayout.FORMAT, isOlder ? older : good);
    return Optional.of("what every store of this format has there");
  }

  private static byte[] bytes(Content content) {
    try (InputStream in = content.open()) {
      return in.readAllBytes();
    } catch (java.io.IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
  }

  private Optional<String> object(StorageKey key) {
    Keys.Named named = Keys.named(key.text()).orElseThrow();
    for (Storage from : sources()) {
      for (Listed copy : generations(from, StoreLayout.object(named.id(), 0))) {
        boolean isItself = from == storage && copy.key().equals(key);
        Content good = checked(from, copy);
        if (!isItself && isWhole(good)) {
          replacement.replaceGenerations(key, good);
          return Optional.of(from.location() + "/" + copy.key());
        }
      }
    }
    return movedMapOf(named.id());
  }

  /** Where the parts of an object went that is absent there too; they are brought back next. */
  private Optional<String> movedMapOf(Sha256 id) {
    for (Storage from : source.stream().toList()) {
      for (Listed map : generations(from, StoreLayout.movedMap(id, 0))) {
        Optional<String> taken = movedMap(map.key());
        if (taken.isPresent()) {
          return taken;
        }
      }
    }
    return Optional.empty();
  }

  private List<Storage> sources() {
    List<Storage> sources = new ArrayList<>(List.of(storage));
    source.ifPresent(sources::add);
    return sources;
  }

  private static List<Listed> generations(Storage from, StorageKey first) {
    return from.list(first.text(), Optional.empty(), MOST_GENERATIONS).stream()
        .filter(listed -> Keys.named(listed.key().text()).isPresent())
        .toList();
  }

  /** The object at {@code copy}; its stream gives no last byte of what is not its name's. */
  private static Content checked(Storage from, Listed copy) {
    Keys.Named named = Keys.named(copy.key().text()).orElseThrow();
    ObjectRef object = new ObjectRef(named.id(), named.generation());
    return new StoredFiles(from).content(StoredFiles.wholeObject(object, copy.size()));
  }

  private static boolean isWhole(Content content) {
    try (InputStream in = content.open()) {
      in.skipNBytes(content.size());
      return true;
    } catch (DamagedObject | java.io.IOException e) {
      return false;
    }
  }

  private Optional<String> node(StorageKey key) {
    Sha256 id = Keys.named(key.text()).orElseThrow().id();
    for (Storage from : sources()) {
      for (Listed copy : generations(from, StoreLayout.treeNode(id, 0))) {
        boolean isItself = from == storage && copy.key().equals(key);
        if (!isItself && TreeCheck.isNode(from, id, copy.key())) {
          byte[] good = from.read(copy.key(), 0, Math.toIntExact(copy.size()));
          replacement.replaceGenerations(key, Content.of(good));
          return Optional.of(from.location() + "/" + copy.key());
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> commit(StorageKey key) {
    CommitId id = new CommitId(Keys.named(key.text()).orElseThrow().id());
    for (Storage from : sources()) {
      for (Listed copy : generations(from, StoreLayout.commit(id.digest()))) {
        Optional<byte[]> good = read(from, copy.key()).filter(bytes -> isCommit(id, bytes));
        if (good.isPresent()) {
          replacement.replaceGenerations(key, Content.of(good.get()));
          return Optional.of(from.location() + "/" + copy.key());
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isCommit(CommitId id, byte[] bytes) {
    try {
      var unused = Commits.decode(id, bytes);
      return true;
    } catch (MalformedBytes e) {
      return false;
    }
  }

  private interface Taking {
    boolean take(byte[] good) throws JsonProcessingException;
  }

  /** What the other store has under {@code key}, if {@code taking} finds it good and took it. */
  private Optional<String> fromSource(StorageKey key, Taking taking) {
    if (source.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] good = source.get().read(key, 0, LONGEST_COMMIT);
      return taking.take(good)
          ? Optional.of(source.get().location() + "/" + key)
          : Optional.empty();
    } catch (ObjectAbsent | MalformedBytes | JsonProcessingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Optional<String> movedMap(StorageKey key) {
    return fromSource(
        key,
        good -> {
          var unused = new MovedMaps(source.orElseThrow()).read(key);
          replacement.replace(key, good);
          return true;
        });
  }

  private Optional<String> journal(StorageKey key) {
    return fromSource(
        key,
        good -> {
          boolean isOne = Journals.isNamedByDigest(key) && !Journals.parse(key, good).isEmpty();
          if (isOne || resembles(key, good)) {
            replacement.replace(key, good);
            return true;
          }
          return false;
        });
  }

  private Optional<String> record(StorageKey key) {
    if (key.text().startsWith("repairs/")) {
      return Optional.of(replacement.resume(key));
    }
    Optional<byte[]> feature =
        key.text().startsWith(StoreLayout.FEATURES)
            ? StoreFeatures.content(key.text().substring(StoreLayout.FEATURES.length()))
            : Optional.empty();
    if (feature.isPresent()) {
      replacement.replace(key, feature.get());
      return Optional.of("what every store with this feature has there");
    }
    if (key.text().startsWith(StoreLayout.CONDEMNED)) {
      return partOfList(key);
    }
    return fromSource(
        key,
        good -> {
          boolean isTransaction = key.text().startsWith("transactions/");
          if (!isTransaction) {
            var unused = SummedJson.parse(good);
          }
          // Plans of attempts have numbers that mean something in one store alone.
          boolean isAttempts = key.text().contains("/plan-");
          if (isAttempts && !resembles(key, good) && !isCopyOfThis()) {
            return false;
          }
          replacement.replace(key, good);
          return true;
        });
  }

  // The names of lists are random: where the other store has the key, it is the same part.
  private Optional<String> partOfList(StorageKey key) {
    Optional<String> taken =
        fromSource(
            key,
            good -> {
              if (ListCheck.isPart(good)) {
                replacement.replace(key, good);
              }
              return ListCheck.isPart(good);
            });
    if (taken.isPresent()) {
      return taken;
    }
    giveUpList();
    storage.delete(key);
    return Optional.of("nothing: the list of what would be deleted is given up");
  }

  private Optional<String> entry(StorageKey key) {
    Keys.Entry entry = Keys.entry(key.text()).orElseThrow();
    Optional<String> taken = entryFromSource(key, entry);
    return taken.isEmpty() && entry.log().equals(StoreLayout.COLLECTIONS)
        ? Optional.of(entryOfCollections(key, entry))
        : taken;
  }

  // Of a list that stands nobody knows any more what is on it, or until when; of one that is done
  // with nobody needs to know.
  private String entryOfCollections(StorageKey key, Keys.Entry entry) {
    giveUpList();
    replacement.replace(key, GivenUpList.inPlaceOf(entry.number(), Instant.now()));
    return "nothing: what it told of garbage collection is no longer needed";
  }

  private void giveUpList() {
    try {
      var unused = new GivenUpList(storage).giveUpIfDamaged(Instant.now());
    } catch (ConflictFault e) {
      throw new IllegalArgumentException(e.getMessage() + " " + e.remedy(), e);
    }
  }

  private Optional<String> entryFromSource(StorageKey key, Keys.Entry entry) {
    return fromSource(
        key,
        good -> {
          var unused = SummedJson.parse(good);
          if (isHere(key, good) || !isSameLog(entry, key, good)) {
            return false;
          }
          replacement.replace(key, good);
          return true;
        });
  }

  private boolean isHere(StorageKey key, byte[] good) {
    return read(storage, key).filter(here -> Arrays.equals(here, good)).isPresent();
  }

  /** Whether the other store's log is this one's: its neighbours are, or else it resembles. */
  private boolean isSameLog(Keys.Entry entry, StorageKey key, byte[] good) {
    NumberedLog log = new NumberedLog(storage, entry.log());
    int same = 0;
    for (long number : new long[] {entry.number() - 1, entry.number() + 1}) {
      if (number >= 0) {
        StorageKey neighbour = log.key(number);
        Optional<byte[]> ours = read(storage, neighbour).filter(Repair::isSound);
        Optional<byte[]> theirs = source.flatMap(other -> read(other, neighbour));
        if (ours.isPresent() && theirs.isPresent()) {
          if (!Arrays.equals(ours.get(), theirs.get())) {
            return false;
          }
          same++;
        }
      }
    }
    return same > 0 || resembles(key, good) || isCopyOfThis();
  }

  private static boolean isSound(byte[] entry) {
    try {
      return SummedJson.read(entry).summed();
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether what is at {@code key} now is {@code good} with few bits flipped, or cut short. */
  private boolean resembles(StorageKey key, byte[] good) {
    Optional<byte[]> here = read(storage, key);
    if (here.isEmpty() || here.get().length > good.length) {
      return false;
    }
    int flipped = 0;
    for (int i = 0; i < here.get().length; i++) {
      flipped += Integer.bitCount((here.get()[i] ^ good[i]) & 0xff);
    }
    boolean hasSameEnd = here.get().length == good.length;
    // A short beginning says nothing; tokens are at the end, and random.
    boolean isBeginning = here.get().length >= good.length / 2;
    return flipped <= MOST_FLIPPED_BITS && (hasSameEnd || isBeginning);
  }

  /** Whether the other store has one of this store's own records: their tokens are random. */
  private boolean isCopyOfThis() {
    for (String prefix : List.of("attempts/", "results/", "runs/", "repos/")) {
      for (Listed listed : storage.list(prefix, Optional.empty(), 20)) {
        Optional<byte[]> ours = read(storage, listed.key()).filter(Repair::isSound);
        Optional<byte[]> theirs = source.flatMap(other -> read(other, listed.key()));
        boolean isSame =
            ours.isPresent() && theirs.isPresent() && Arrays.equals(ours.get(), theirs.get());
        // Pushing copies what created a repo, and nothing else of these.
        if (isSame && !prefix.equals("repos/")) {
          return true;
        }
      }
    }
    return false;
  }

  private static Optional<byte[]> read(Storage from, StorageKey key) {
    try {
      return Optional.of(from.read(key, 0, LONGEST_COMMIT));
    } catch (EnvironmentFault e) {
      // It is absent, or there and cannot be read, which is why it is to be replaced.
      return Optional.empty();
    }
  }
}
