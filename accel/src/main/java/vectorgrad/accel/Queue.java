package vectorgrad.accel;

import static org.jocl.CL.*;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.spi.KernelListener;

/// What is done on a device. Kernels run one after the other when their turn comes ([Commands]),
/// and arrays go there beside them ([Transfers]); only reading memory waits.
final class Queue {
  /// Work items that run together. The same everywhere, since PoCL compiles a kernel anew for each
  /// size; two warps of NVIDIA's, one wave of AMD's.
  private static final int GROUP = 64;

  private final Card card;
  private final Commands commands;
  private final Transfers transfers;
  private final Programs programs;
  private final Tuning tuning;
  private final Map<Object, Kernel> kernels = new HashMap<>();
  private final Object probing = new Object();
  private Optional<Set<TensorCores.Words>> tensorCores = Optional.empty();

  private record Kernel(cl_kernel handle, String name) {}

  Queue(Card card) {
    this(
        card,
        new Binaries(Binaries.standardFolder(), card),
        Ledger.standard(),
        card.isGpu(),
        Optional.empty());
  }

  /// A queue that tells `listener` what ran.
  Queue(Card card, KernelListener listener) {
    this(
        card,
        new Binaries(Binaries.standardFolder(), card),
        Ledger.standard(),
        card.isGpu(),
        Optional.of(new Timeline(listener)));
  }

  /// @param staged whether arrays go there by [Staging]; a processor has them in its memory
  Queue(Card card, Binaries binaries, Ledger ledger, boolean staged, Optional<Timeline> timeline) {
    this.card = card;
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL_CONTEXT_PLATFORM, card.platform());
    cl_context context =
        clCreateContext(properties, 1, new cl_device_id[] {card.id()}, null, null, null);
    this.commands = new Commands(card, context, ledger, timeline);
    this.transfers = new Transfers(commands, staged);
    this.programs = new Programs(card, context, binaries);
    this.tuning = new Tuning(binaries);
  }

  Card card() {
    return card;
  }

  Tuning tuning() {
    return tuning;
  }

  /// What its tensor cores multiply, if it has any, found by trying once.
  Set<TensorCores.Words> tensorCores() {
    synchronized (probing) { // not this queue, since it writes
      if (tensorCores.isEmpty()) {
        tensorCores = Optional.of(TensorCores.probe(this));
      }
      return tensorCores.orElseThrow();
    }
  }

  /// How tensor cores multiply elements of these dtypes, if they do.
  Optional<TensorCores.Instruction> instruction(DType a, DType b) {
    return TensorCores.Words.of(a, b)
        .filter(words -> words != TensorCores.Words.TF32 || TensorCores.allowsTf32())
        .filter(words -> tensorCores().contains(words))
        .map(words -> new TensorCores.Instruction(words, false));
  }

  /// How long something takes that is queued, alone, in nanoseconds.
  long timed(Runnable work) {
    synchronized (commands) {
      commands.finish();
      long begin = System.nanoTime();
      work.run();
      commands.finish();
      return System.nanoTime() - begin;
    }
  }

  /// How much memory is in use, and who holds it where that is asked for (see [Ledger]).
  List<String> report() {
    return commands.report();
  }

  /// Memory of unspecified content.
  Memory allocate(long bytes) {
    return commands.allocate(bytes);
  }

  /// Copies the first `bytes` of a Java array to `to`, from byte `begin` on. The array may change
  /// again once this returns. On a GPU it is fetched later; a processor has copied it by then.
  void write(Object array, Memory to, long begin, long bytes) {
    transfers.write(array, to, begin, bytes);
  }

  /// Fills a Java array from byte `begin` of `from` on, after all that is to be done before.
  void read(Memory from, long begin, Object array) {
    transfers.read(from, begin, array);
  }

  /// Runs a kernel for `items` work items, or a few more, up to a whole number of groups.
  ///
  /// @param key under which it is compiled once
  /// @param source which has the one kernel `run`
  /// @param what it computes, for errors and profiles
  void run(
      Object key,
      Supplier<String> source,
      Supplier<String> what,
      long items,
      Argument... arguments) {
    run(key, source, what, items, Math.min(GROUP, card.group()), arguments);
  }

  /// As above, with groups of `group` work items.
  void run(
      Object key,
      Supplier<String> source,
      Supplier<String> what,
      long items,
      int group,
      Argument... arguments) {
    if (items == 0) {
      return;
    }
    try {
      synchronized (commands) {
        Kernel kernel = kernel(key, source, what);
        long[] global = {Math.ceilDiv(items, group) * group};
        commands.enqueue(
            kernel.name,
            blocks(arguments),
            (after, event) -> {
              for (int i = 0; i < arguments.length; i++) {
                clSetKernelArg(kernel.handle, i, arguments[i].bytes(), arguments[i].pointer());
              }
              clEnqueueNDRangeKernel(
                  commands.queue(),
                  kernel.handle,
                  1,
                  null,
                  global,
                  new long[] {group},
                  Commands.count(after),
                  after,
                  event);
            });
      }
    } finally {
      Reference.reachabilityFence(arguments); // else their memory may be lent to others meanwhile
    }
  }

  private Kernel kernel(Object key, Supplier<String> source, Supplier<String> what) {
    // no computeIfAbsent: a kernel that does not compile is not there
    Kernel kernel = kernels.get(key);
    if (kernel == null) {
      if (!card.isGpu()) {
        commands.finish(); // drivers for processors compile what runs, see Commands
      }
      kernel = new Kernel(programs.kernel(source.get(), what), what.get());
      kernels.put(key, kernel);
    }
    return kernel;
  }

  private static List<Block> blocks(Argument... arguments) {
    List<Block> blocks = new ArrayList<>(arguments.length);
    for (Argument argument : arguments) {
      argument.memory.ifPresent(memory -> blocks.add(memory.block()));
    }
    return blocks;
  }

  /// What a kernel is called with.
  ///
  /// @param memory that it reads or writes there
  record Argument(long bytes, Pointer pointer, Optional<Memory> memory) {
    static Argument of(Memory memory) {
      return new Argument(Sizeof.cl_mem, Pointer.to(memory.handle()), Optional.of(memory));
    }

    /// One number, or a struct of numbers.
    static Argument of(int... numbers) {
      return new Argument(
          (long) Sizeof.cl_int * numbers.length, Pointer.to(numbers), Optional.empty());
    }
  }
}
