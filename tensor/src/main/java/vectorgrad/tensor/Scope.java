package vectorgrad.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import vectorgrad.tensor.spi.Backend;

/// A stretch of work whose tensors are recycled together, in the manner of
/// `java.lang.foreign.Arena`.
///
/// ```java
/// try (var step = Scope.open()) {
///   var loss = crossEntropy(model.forward(batch.images()), batch.labels());
///   adam.step(loss.backward());
/// }
/// ```
///
/// Every array allocated on this thread while the scope is open, and on no deeper scope, goes back
/// to the thread's pool when it closes, so a training loop reuses the same cache-warm arrays step
/// after step. Exceptions are what lives in a [Cell] (parameters, buffers, optimizer state) and
/// what [Tensor#keep()] lets out. Touching a recycled tensor throws a [ClosedScopeException].
/// Without a scope the garbage collector owns everything and nothing can leak.
///
/// Scopes nest, and belong to the thread that opened them.
public final class Scope implements AutoCloseable {
  /// Smaller arrays are cheaper to allocate than to look up.
  private static final int SMALLEST_POOLED_BYTES = 2048;

  private static final ThreadLocal<Stack> STACKS = ThreadLocal.withInitial(Stack::new);

  /// Of no thread: what lends memory is never asked to allocate or to close.
  private static final Stack NOBODY = new Stack();

  private static final StackWalker WALKER = StackWalker.getInstance(Set.of(), 2);

  /// Where a scope was opened. Its line is looked up when somebody asks, which takes as long as a
  /// small training step.
  private record Opening(Optional<StackWalker.StackFrame> frame) {
    String line() {
      return frame.map(f -> f.toStackTraceElement().toString()).orElse("an unknown line");
    }

    @Override
    public String toString() {
      return "opened at " + line();
    }
  }

  private final Stack stack;
  private final Scope parent;
  private final Opening opening;
  private final long bytesBefore; // alive on this thread's scopes when this one opened
  private List<Storage> owned = new ArrayList<>();
  private long peak; // of the bytes alive since

  private Scope(Stack stack, Scope parent, Opening opening) {
    this.stack = stack;
    this.parent = parent;
    this.opening = opening;
    this.bytesBefore = stack.bytes;
    this.peak = stack.bytes;
  }

  /// The owner of memory that is lent out: a scope that is never the innermost of any thread.
  static Scope lender() {
    return new Scope(NOBODY, null, new Opening(Optional.empty()));
  }

  /// Opens a scope on this thread, inside the innermost one that is open.
  public static Scope open() {
    var opening = new Opening(WALKER.walk(frames -> frames.skip(1).findFirst()));
    Stack stack = STACKS.get();
    stack.innermost = new Scope(stack, stack.innermost, opening);
    return stack.innermost;
  }

  /// Runs `work` as if no scope were open: what it allocates outlives them all.
  public static <T> T outside(Supplier<T> work) {
    Stack stack = STACKS.get();
    Scope innermost = stack.innermost;
    stack.innermost = null;
    try {
      return work.get();
    } finally {
      stack.innermost = innermost;
    }
  }

  /// Runs `work` in a scope of its own, inside the innermost one that is open, to which its result
  /// passes: what else it allocated is recycled before it returns. Without an open scope it just
  /// runs.
  public static Tensor within(Supplier<Tensor> work) {
    return withinAll(() -> List.of(work.get())).getFirst();
  }

  /// As [#within], for work with several results.
  public static List<Tensor> withinAll(Supplier<List<Tensor>> work) {
    Scope outer = innermost();
    if (outer == null) {
      return work.get();
    }
    try (Scope inner = open()) {
      List<Tensor> results = work.get();
      results.forEach(result -> result.storage().pass(inner, outer));
      return results;
    }
  }

  static Scope innermost() {
    return STACKS.get().innermost;
  }

  /// Where this scope was opened: class, method, file and line.
  public String openedAt() {
    return opening.line();
  }

  /// The most bytes that were in use at once, by this scope and those inside it, since it was
  /// opened: what a training step needs.
  public long peakBytes() {
    return peak - bytesBefore;
  }

  /// Takes over memory from another scope of this thread.
  void adopt(Storage storage) {
    storage.place(owned.size());
    owned.add(storage);
  }

  /// Notes that `bytes` of this scope's are no longer in use, or now belong to the collector.
  void released(long bytes) {
    if (stack != NOBODY) {
      stack.bytes -= bytes;
    }
  }

  Storage allocate(Backend backend, DType dtype, int length) {
    Object memory = null;
    if ((long) length * dtype.bytes() >= SMALLEST_POOLED_BYTES) {
      memory = stack.pool.take(new Pool.Kind(backend, dtype, length));
    }
    if (memory == null) {
      memory = backend.allocate(dtype, length);
    }
    Storage storage = new Storage(backend, dtype, length, memory, this);
    adopt(storage);
    stack.bytes += storage.bytes();
    for (Scope scope = this; scope != null && stack.bytes > scope.peak; scope = scope.parent) {
      scope.peak = stack.bytes;
    }
    return storage;
  }

  /// Recycles what this scope owns. Closing twice does nothing.
  ///
  /// @throws IllegalStateException on another thread than the one that opened it, or while a scope
  ///   opened inside is still open
  @Override
  public void close() {
    if (owned == null) {
      return;
    }
    if (STACKS.get() != stack) {
      throw new IllegalStateException(
          Message.of("Scope", "closed on another thread than the one that opened it")
              .row("scope", opening)
              .toString());
    }
    if (stack.innermost != this) {
      throw new IllegalStateException(
          Message.of("Scope", "closed out of order")
              .row("scope", opening)
              .row("open", stack.innermost == null ? "none" : stack.innermost.opening)
              .row("rule", "inner scopes close before outer ones; use try (var s = Scope.open())")
              .toString());
    }
    for (Storage storage : owned) {
      if (storage.scope() == this) {
        recycle(storage, opening);
      }
    }
    owned = null;
    stack.innermost = parent;
    if (parent == null) {
      stack.pool.age();
    }
  }

  private void recycle(Storage storage, Object owner) {
    stack.bytes -= storage.bytes();
    Object memory = storage.recycle(owner);
    if (storage.bytes() >= SMALLEST_POOLED_BYTES) {
      stack.pool.give(new Pool.Kind(storage.backend(), storage.dtype(), storage.length()), memory);
    }
  }

  /// A moment in the life of the innermost open scope: who made tensors since, and knows that
  /// nobody is to read them again, can give their memory back before the scope closes.
  ///
  /// Memory that was used a moment ago is in the processor's cache, so work that recycles as it
  /// goes is faster than work that takes fresh arrays until its scope ends.
  public static Mark mark() {
    return new Mark(innermost());
  }

  /// A moment; see [Scope#mark].
  public static final class Mark {
    private final Scope scope;
    private final int place;

    private Mark(Scope scope) {
      this.scope = scope;
      this.place = scope == null ? 0 : scope.owned.size();
    }

    /// Whether [#recycle] would give memory back: the tensor's was allocated in the scope of this
    /// moment and since then, was not kept, and is large enough to be worth it.
    public boolean covers(Tensor tensor) {
      if (scope == null) {
        return false;
      }
      Storage storage = tensor.storage();
      return storage.scope() == scope
          && storage.place() >= place
          && storage.bytes() >= SMALLEST_POOLED_BYTES;
    }

    /// Gives the tensor's memory back to the pool, if this moment [#covers] it. Touching the
    /// tensor, or one that shares its memory, throws from now on, naming `by`.
    ///
    /// @param by who let it go, as the error says it
    public void recycle(Tensor tensor, String by) {
      if (covers(tensor)) {
        scope.recycle(tensor.storage(), by);
      }
    }
  }

  /// A thread's open scopes and the arrays they hand on to each other.
  private static final class Stack {
    private Scope innermost;
    private long bytes; // in use by its scopes
    private final Pool pool = new Pool();
  }

  /// Arrays waiting for their next use, by exact length: the steps of a training loop ask for the
  /// same ones again and again. What no scope asked for in [#PATIENCE] outermost scopes is dropped.
  private static final class Pool {
    private static final int PATIENCE = 16;

    private record Kind(Backend backend, DType dtype, int length) {}

    private static final class Shelf {
      private final ArrayDeque<Object> free = new ArrayDeque<>();
      private long lastUse;
    }

    private final Map<Kind, Shelf> shelves = new HashMap<>();
    private long age;

    Object take(Kind kind) {
      Shelf shelf = shelves.get(kind);
      if (shelf == null) {
        return null;
      }
      shelf.lastUse = age;
      return shelf.free.pollLast();
    }

    void give(Kind kind, Object memory) {
      Shelf shelf = shelves.computeIfAbsent(kind, _ -> new Shelf());
      shelf.lastUse = age;
      shelf.free.addLast(memory);
    }

    void age() {
      age++;
      if (age % PATIENCE == 0) {
        shelves.values().removeIf(shelf -> age - shelf.lastUse >= PATIENCE);
      }
    }
  }
}
