// SPDX-License-Identifier: Apache-2.0
package io.beamwright.versioning.testkit;

import io.beamwright.versioning.fault.EnvironmentFault;
import io.beamwright.versioning.storage.Content;
import io.beamwright.versioning.storage.Creation;
import io.beamwright.versioning.storage.Listed;
import io.beamwright.versioning.storage.Storage;
import io.beamwright.versioning.storage.StorageKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * One client's view of a storage whose chosen calls go wrong, around one that works. It also counts
 * the calls, so that a test can say what an operation may cost. Several of these around one storage
 * are several clients, each with its own troubles.
 *
 * <p>Calls are counted from 1 since this was made: each kind by itself, and all together. What goes
 * wrong is said before the call is made; each order is obeyed once, and one that means nothing to
 * its call, such as a bit to flip in a list, is dropped. The same orders, or the same seed, trouble
 * the same calls.
 *
 * <p>There are two levels, and a test must know which it plays. <b>What a storage may show:</b> all
 * of {@link Trouble}, {@link #meanwhile}, {@link #full} and {@link #clockIsOff}; whatever is built
 * on a storage must live with them. <b>What a storage must never show</b>, because its contract
 * resolves unknown outcomes, but itself meets on the wire: {@link #arriveLate}, a request that was
 * reported as failed and happens after later calls. It is for what is below a storage, or to show
 * that a test would notice.
 */
public final class FaultyStorage implements Storage {

  /** A kind of call. */
  public enum Call {
    /** {@link Storage#createIfAbsent}. */
    CREATE,
    /** {@link Storage#open}. */
    OPEN,
    /** {@link Storage#read}. */
    READ,
    /** {@link Storage#list}. */
    LIST,
    /** {@link Storage#delete}. */
    DELETE
  }

  /** When something else happens that is to happen during a call. */
  public enum When {
    /** The request is slow: others act before the call happens. */
    BEFORE_IT_HAPPENS,
    /** The answer is slow: others act after the call happened, and its answer is old. */
    BEFORE_IT_IS_ANSWERED
  }

  /** A call by its number: among those of its kind, or among all. */
  private record Nth(Optional<Call> kind, int number) {}

  private record Meanwhile(When when, Runnable others) {}

  /** A request that has been sent and not arrived; {@code due} counts the calls of all kinds. */
  private record UnderWay(int due, Runnable request) {}

  private static final int NEVER = Integer.MAX_VALUE;

  private final Storage storage;
  private final Map<Nth, Trouble> troubles = new ConcurrentHashMap<>();
  private final Map<Nth, Meanwhile> meanwhiles = new ConcurrentHashMap<>();
  private final Map<Nth, Integer> late = new ConcurrentHashMap<>();
  private final Map<Call, AtomicInteger> counts = new EnumMap<>(Call.class);
  private final AtomicInteger calls = new AtomicInteger();
  private final Queue<UnderWay> underWay = new ArrayDeque<>();
  private final AtomicInteger room = new AtomicInteger(NEVER);
  private volatile Optional<RandomTrouble> random = Optional.empty();
  private volatile Duration clockOffset = Duration.ZERO;
  private volatile boolean dead;

  /** Passes every call on to {@code storage} until told otherwise. */
  public FaultyStorage(Storage storage) {
    this.storage = storage;
    for (Call call : Call.values()) {
      counts.put(call, new AtomicInteger());
    }
  }

  /** The {@code nth} such call gets into {@code trouble}. */
  public FaultyStorage trouble(Call call, int nth, Trouble trouble) {
    if (!trouble.troubles(call)) {
      throw new IllegalArgumentException(trouble + " means nothing to " + call);
    }
    troubles.put(new Nth(Optional.of(call), nth), trouble);
    return this;
  }

  /** The {@code nth} call of any kind gets into {@code trouble}. */
  public FaultyStorage trouble(int nth, Trouble trouble) {
    troubles.put(new Nth(Optional.empty(), nth), trouble);
    return this;
  }

  /** The {@code nth} such call fails, and nothing has happened. */
  public FaultyStorage failBefore(Call call, int nth) {
    return trouble(call, nth, Trouble.FAIL_BEFORE);
  }

  /** The {@code nth} such call happens and is reported as failed. */
  public FaultyStorage failAfter(Call call, int nth) {
    return trouble(call, nth, Trouble.FAIL_AFTER);
  }

  /**
   * The {@code nth} such call happens twice, as a request does that is sent again after its answer
   * was lost; the second answer is given. A create that was ours then says {@link Creation#EXISTS}.
   *
   * @param call {@link Call#CREATE} or {@link Call#DELETE}: to read twice shows nothing
   */
  public FaultyStorage repeat(Call call, int nth) {
    return trouble(call, nth, Trouble.REPEAT);
  }

  /**
   * From now on one call in {@code oneIn}, on average, gets into one of {@code of}: which, and into
   * what, follows from {@code seed} and the order of the calls alone.
   */
  public FaultyStorage troubleAtRandom(long seed, int oneIn, Trouble... of) {
    random = Optional.of(new RandomTrouble(seed, oneIn, List.of(of)));
    return this;
  }

  /** No call gets into trouble any more; what is under way stays so, and the dead stay dead. */
  public FaultyStorage noMoreTrouble() {
    troubles.clear();
    meanwhiles.clear();
    late.clear();
    random = Optional.empty();
    return this;
  }

  /** Whether an order is left that no call has obeyed. */
  public boolean hasOrders() {
    return !(troubles.isEmpty() && meanwhiles.isEmpty() && late.isEmpty());
  }

  /**
   * During the {@code nth} call of any kind, {@code others} runs: a slow call, such as a list whose
   * answer is old when it comes. {@code others} may use this storage too.
   */
  public FaultyStorage meanwhile(int nth, When when, Runnable others) {
    meanwhiles.put(new Nth(Optional.empty(), nth), new Meanwhile(when, others));
    return this;
  }

  /** The same for the {@code nth} such call. */
  public FaultyStorage meanwhile(Call call, int nth, When when, Runnable others) {
    meanwhiles.put(new Nth(Optional.of(call), nth), new Meanwhile(when, others));
    return this;
  }

  /**
   * The {@code nth} such call is reported as failed with an unknown outcome, and happens before the
   * {@code after}th call that follows it, or when {@link #deliver} is called: below a storage only,
   * see above.
   *
   * @param call {@link Call#CREATE} or {@link Call#DELETE}
   */
  public FaultyStorage arriveLate(Call call, int nth, int after) {
    if (call != Call.CREATE && call != Call.DELETE) {
      throw new IllegalArgumentException(call + " changes nothing");
    }
    late.put(new Nth(Optional.of(call), nth), after);
    return this;
  }

  /** What is still under way arrives now, in the order in which it was sent. */
  public void deliver() {
    arrive(NEVER);
  }

  /** How many requests are under way. */
  public int countUnderWay() {
    synchronized (underWay) {
      return underWay.size();
    }
  }

  /** After {@code creates} more creates the storage has no room for another. */
  public FaultyStorage full(int creates) {
    room.set(creates);
    return this;
  }

  /** There is room again. */
  public FaultyStorage roomAgain() {
    return full(NEVER);
  }

  /** From now on the storage's clock, as lists show it, is off by {@code by}; it may jump. */
  public FaultyStorage clockIsOff(Duration by) {
    clockOffset = by;
    return this;
  }

  /** Whether this client is dead: every call of it throws {@link Killed}. */
  public boolean isDead() {
    return dead;
  }

  /** How many such calls there were. */
  public int count(Call call) {
    return counter(call).get();
  }

  /** How many calls there were, of all kinds. */
  public int count() {
    return calls.get();
  }

  private AtomicInteger counter(Call call) {
    return counts.getOrDefault(call, new AtomicInteger());
  }

  @Override
  public String location() {
    return storage.location();
  }

  @Override
  public Creation createIfAbsent(StorageKey key, Content content) {
    return new Request<Creation>(
            Call.CREATE, key.text(), () -> storage.createIfAbsent(key, content))
        // The sender's content may be gone by the time that the request arrives.
        .sentAs(
            () -> {
              Content sent = Content.of(allOf(openOf(content)));
              return () -> storage.createIfAbsent(key, sent);
            })
        .make();
  }

  private static InputStream openOf(Content content) {
    try {
      return content.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public InputStream open(StorageKey key) {
    return new Request<>(Call.OPEN, key.text(), () -> storage.open(key))
        .damagedAs((trouble, in) -> new ByteArrayInputStream(damaged(trouble, allOf(in))))
        .make();
  }

  private static byte[] allOf(InputStream opened) {
    try (InputStream in = opened) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public byte[] read(StorageKey key, long offset, int length) {
    return new Request<>(Call.READ, key.text(), () -> storage.read(key, offset, length))
        .damagedAs(FaultyStorage::damaged)
        .make();
  }

  private static byte[] damaged(Trouble trouble, byte[] right) {
    if (trouble == Trouble.CUT_SHORT) {
      return Arrays.copyOf(right, right.length / 2);
    }
    byte[] wrong = right.clone();
    if (wrong.length > 0) {
      wrong[wrong.length / 2] ^= 0x10;
    }
    return wrong;
  }

  @Override
  public List<Listed> list(String prefix, Optional<String> startAfter, int limit) {
    return new Request<>(Call.LIST, prefix, () -> storage.list(prefix, startAfter, limit))
        .make().stream()
            .map(one -> new Listed(one.key(), one.size(), one.created().plus(clockOffset)))
            .toList();
  }

  @Override
  public Optional<Path> localPath(StorageKey key) {
    requireAlive(key.text());
    return storage.localPath(key);
  }

  @Override
  public void delete(StorageKey key) {
    Runnable delete = () -> storage.delete(key);
    var unused =
        new Request<>(
                Call.DELETE,
                key.text(),
                () -> {
                  delete.run();
                  return key;
                })
            .sentAs(() -> delete)
            .make();
  }

  @Override
  public void close() {
    storage.close();
  }

  private void requireAlive(String key) {
    if (dead) {
      throw new Killed(location() + "/" + key);
    }
  }

  private Killed die(String key) {
    dead = true;
    return new Killed(location() + "/" + key);
  }

  private void arrive(int now) {
    while (true) {
      UnderWay arrived;
      synchronized (underWay) {
        Optional<UnderWay> next = underWay.stream().filter(one -> one.due() <= now).findFirst();
        if (next.isEmpty()) {
          return;
        }
        arrived = next.get();
        underWay.remove(arrived);
      }
      arrived.request().run();
    }
  }

  private void send(int due, Runnable request) {
    synchronized (underWay) {
      underWay.add(new UnderWay(due, request));
    }
  }

  /** One call, from its request to its answer. */
  private final class Request<T> {

    private final Call call;
    private final String key;
    private final Supplier<T> happening;
    private Supplier<Runnable> sending = () -> () -> {};
    private BiFunction<Trouble, T, T> damaging = (trouble, answer) -> answer;

    Request(Call call, String key, Supplier<T> happening) {
      this.call = call;
      this.key = key;
      this.happening = happening;
    }

    Request<T> sentAs(Supplier<Runnable> sent) {
      sending = sent;
      return this;
    }

    Request<T> damagedAs(BiFunction<Trouble, T, T> damage) {
      damaging = damage;
      return this;
    }

    T make() {
      requireAlive(key);
      int ofAll = calls.incrementAndGet();
      int ofKind = counter(call).incrementAndGet();
      arrive(ofAll);
      Optional<Meanwhile> meanwhile = ordered(meanwhiles, ofKind, ofAll);
      Optional<Integer> lateness = ordered(late, ofKind, ofAll);
      Optional<Trouble> trouble =
          ordered(troubles, ofKind, ofAll)
              .or(() -> random.flatMap(RandomTrouble::next))
              .filter(one -> one.troubles(call));
      run(meanwhile, When.BEFORE_IT_HAPPENS);
      requireRoom(ofKind);
      if (lateness.isPresent()) {
        send(ofAll + lateness.get(), sending.get());
        throw failed(ofKind, "It may have happened, or happen yet.");
      }
      return trouble.isPresent()
          ? troubled(trouble.get(), ofKind, meanwhile)
          : answered(happening.get(), meanwhile);
    }

    private <O> Optional<O> ordered(Map<Nth, O> orders, int ofKind, int ofAll) {
      O one = orders.remove(new Nth(Optional.of(call), ofKind));
      O other = orders.remove(new Nth(Optional.empty(), ofAll));
      return Optional.ofNullable(one == null ? other : one);
    }

    private void run(Optional<Meanwhile> meanwhile, When now) {
      meanwhile.filter(one -> one.when() == now).ifPresent(one -> one.others().run());
    }

    private T answered(T answer, Optional<Meanwhile> meanwhile) {
      run(meanwhile, When.BEFORE_IT_IS_ANSWERED);
      return answer;
    }

    private T troubled(Trouble trouble, int ofKind, Optional<Meanwhile> meanwhile) {
      switch (trouble) {
        case FAIL_BEFORE -> throw failed(ofKind, "Nothing has happened.");
        case DIE_BEFORE -> throw die(key);
        case DIE_UNDER_WAY -> {
          send(NEVER, sending.get());
          throw die(key);
        }
        default -> {}
      }
      T answer = answered(happening.get(), meanwhile);
      return switch (trouble) {
        case FAIL_AFTER -> throw failed(ofKind, "It has happened.");
        case DIE_AFTER -> throw die(key);
        case REPEAT -> happening.get();
        default -> damaging.apply(trouble, answer);
      };
    }

    private void requireRoom(int ofKind) {
      if (call == Call.CREATE
          && room.getAndUpdate(left -> left == NEVER ? left : Math.max(0, left - 1)) == 0) {
        throw new EnvironmentFault(
            location()
                + "/"
                + key
                + " cannot be created: there is no space left (CREATE number "
                + ofKind
                + ").",
            "Make room in the storage.");
      }
    }

    private EnvironmentFault failed(int ofKind, String outcome) {
      return new EnvironmentFault(
          call + " number " + ofKind + " failed on purpose: " + location() + "/" + key,
          outcome + " Repeat the command.");
    }
  }

  /** Troubles that come by chance. */
  private static final class RandomTrouble {

    private final Random random;
    private final int oneIn;
    private final List<Trouble> of;

    RandomTrouble(long seed, int oneIn, List<Trouble> of) {
      this.random = new Random(seed);
      this.oneIn = oneIn;
      this.of = of;
    }

    synchronized Optional<Trouble> next() {
      int which = random.nextInt(of.size());
      return random.nextInt(oneIn) == 0 ? Optional.of(of.get(which)) : Optional.empty();
    }
  }
}
