package vectorgrad.accel;

import static org.jocl.CL.*;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_event;
import org.jocl.cl_kernel;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.spi.KernelListener;

/// What is done on a device, one thing after the other. Kernels run when their turn comes, and
/// arrays are fetched then; only reading memory waits.
///
/// One thread at a time talks to the driver. The standard asks for less, but drivers for processors
/// were seen to trip over themselves when one thread built a kernel while others ran.
final class Queue {
  /// Work items that run together. The same everywhere, since PoCL compiles a kernel anew for each
  /// size; two warps of NVIDIA's, one wave of AMD's.
  private static final int GROUP = 64;

  /// So many bytes travel inside a command, if they are a power of two: single numbers above all.
  private static final int PATTERN = 128;

  /// Bytes of a piece on its way to the device.
  private static final int PIECE = 1 << 22;

  /// What drivers say of a device that does not answer any more; the last is NVIDIA's own.
  private static final Set<Integer> LOST =
      Set.of(CL_INVALID_COMMAND_QUEUE, CL_DEVICE_NOT_AVAILABLE, -9999);

  private final Card card;
  private final cl_context context;
  private final cl_command_queue queue;
  private final Pool pool;
  private final Programs programs;
  private final Tuning tuning;
  private final Optional<Timeline> timeline;
  private final Optional<Transfers> transfers;
  private final Map<Object, Kernel> kernels = new HashMap<>();
  private long commands; // queued so far
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

  /// @param staged whether arrays go there by [Transfers]; a processor has them in its memory
  Queue(Card card, Binaries binaries, Ledger ledger, boolean staged, Optional<Timeline> timeline) {
    this.card = card;
    this.timeline = timeline;
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL_CONTEXT_PLATFORM, card.platform());
    this.context = clCreateContext(properties, 1, new cl_device_id[] {card.id()}, null, null, null);
    this.queue = make(context, card, timeline);
    this.transfers =
        staged
            ? Optional.of(
                new Transfers(context, queue, make(context, card, timeline), PIECE, timeline))
            : Optional.empty();
    this.pool = new Pool(card, context, ledger);
    this.programs = new Programs(card, context, binaries);
    this.tuning = new Tuning(binaries);
  }

  @SuppressWarnings("deprecation") // the successor is missing before OpenCL 2
  private static cl_command_queue make(cl_context context, Card card, Optional<Timeline> timeline) {
    return clCreateCommandQueue(
        context, card.id(), timeline.isPresent() ? CL_QUEUE_PROFILING_ENABLE : 0, null);
  }

  Card card() {
    return card;
  }

  Tuning tuning() {
    return tuning;
  }

  /// What its tensor cores multiply, if it has any, found by trying once.
  synchronized Set<TensorCores.Words> tensorCores() {
    if (tensorCores.isEmpty()) {
      tensorCores = Optional.of(TensorCores.probe(this));
    }
    return tensorCores.orElseThrow();
  }

  /// How tensor cores multiply elements of these dtypes, if they do.
  Optional<TensorCores.Instruction> instruction(DType a, DType b) {
    return TensorCores.Words.of(a, b)
        .filter(words -> words != TensorCores.Words.TF32 || TensorCores.allowsTf32())
        .filter(words -> tensorCores().contains(words))
        .map(words -> new TensorCores.Instruction(words, false));
  }

  /// How long something takes that is queued, alone, in nanoseconds.
  synchronized long timed(Runnable work) {
    clFinish(queue);
    long begin = System.nanoTime();
    work.run();
    clFinish(queue);
    return System.nanoTime() - begin;
  }

  /// How much memory is in use, and who holds it where that is asked for (see [Ledger]).
  synchronized List<String> report() {
    return pool.report(commands);
  }

  /// Memory of unspecified content.
  synchronized Memory allocate(long bytes) {
    return pool.lend(bytes, commands);
  }

  /// Copies the first `bytes` of a Java array to `to`, from byte `begin` on. The array may change
  /// again once this returns. On a GPU that happens beside what is queued, if nothing of it may use
  /// this memory.
  synchronized void write(Object array, Memory to, long begin, long bytes) {
    if (bytes == 0) {
      return;
    }
    if (bytes <= PATTERN && Long.bitCount(bytes) == 1 && begin % bytes == 0) {
      to.used();
      enqueue(
          "write",
          event ->
              clEnqueueFillBuffer(
                  queue, to.handle(), pointer(array), bytes, begin, bytes, 0, null, event));
    } else if (transfers.isPresent()) {
      MemorySegment segment = segment(array).asSlice(0, bytes);
      attempt("write", () -> transfers.orElseThrow().write(segment, to, begin, commands));
      commands++;
    } else {
      enqueue(
          "write",
          event ->
              clEnqueueWriteBuffer(
                  queue, to.handle(), true, begin, bytes, pointer(array), 0, null, event));
    }
  }

  /// Fills a Java array from byte `begin` of `from` on, after all that is to be done before.
  synchronized void read(Memory from, long begin, Object array) {
    long bytes = segment(array).byteSize();
    if (bytes == 0) {
      return;
    }
    enqueue(
        "read",
        event ->
            clEnqueueReadBuffer(
                queue, from.handle(), true, begin, bytes, pointer(array), 0, null, event));
    timeline.ifPresent(Timeline::tell);
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
  synchronized void run(
      Object key,
      Supplier<String> source,
      Supplier<String> what,
      long items,
      int group,
      Argument... arguments) {
    if (items == 0) {
      return;
    }
    // no computeIfAbsent: a kernel that does not compile is not there
    Kernel kernel = kernels.get(key);
    if (kernel == null) {
      if (!card.isGpu()) {
        clFinish(queue); // drivers for processors compile what runs, see above
      }
      kernel = new Kernel(programs.kernel(source.get(), what), what.get());
      kernels.put(key, kernel);
    }
    cl_kernel handle = kernel.handle;
    long[] global = {Math.ceilDiv(items, group) * group};
    enqueue(
        kernel.name,
        event -> {
          for (int i = 0; i < arguments.length; i++) {
            clSetKernelArg(handle, i, arguments[i].bytes(), arguments[i].pointer());
          }
          clEnqueueNDRangeKernel(
              queue, handle, 1, null, global, new long[] {group}, 0, null, event);
        });
  }

  /// Something for the driver to do.
  @FunctionalInterface
  private interface Command {
    /// @param event that it is known by, or null where nobody asks
    void queue(cl_event event);
  }

  private void enqueue(String name, Command command) {
    cl_event event = timeline.isPresent() ? new cl_event() : null;
    attempt(name, () -> command.queue(event));
    commands++;
    timeline.ifPresent(t -> t.queued(name, event));
  }

  /// Does something, and once more after giving back all memory that can be had if there was not
  /// enough.
  private void attempt(String name, Runnable command) {
    try {
      try {
        command.run();
      } catch (CLException e) {
        if (!Pool.isShortage(e)) {
          throw e;
        }
        clFinish(queue);
        pool.reclaim(commands);
        command.run();
      }
    } catch (CLException e) {
      throw failure(name, e);
    }
  }

  /// What a kernel is called with.
  record Argument(long bytes, Pointer pointer) {
    static Argument of(Memory memory) {
      memory.used();
      return new Argument(Sizeof.cl_mem, Pointer.to(memory.handle()));
    }

    /// One number, or a struct of numbers.
    static Argument of(int... numbers) {
      return new Argument((long) Sizeof.cl_int * numbers.length, Pointer.to(numbers));
    }
  }

  private DeviceException failure(String command, CLException e) {
    Message message =
        Message.of("opencl", "the driver refuses: " + e.getMessage())
            .row("device", card.name() + ", driver " + card.driver())
            .row("for", command);
    pool.report(commands).forEach(line -> message.row("in use", line));
    if (LOST.contains(e.getStatus())) {
      message.row("help", "the device or its driver has stopped; begin again, from a checkpoint");
    }
    var failure = new DeviceException(message);
    failure.initCause(e);
    return failure;
  }

  private static MemorySegment segment(Object array) {
    return switch (array) {
      case float[] a -> MemorySegment.ofArray(a);
      case double[] a -> MemorySegment.ofArray(a);
      case int[] a -> MemorySegment.ofArray(a);
      case long[] a -> MemorySegment.ofArray(a);
      case short[] a -> MemorySegment.ofArray(a);
      case byte[] a -> MemorySegment.ofArray(a);
      default -> throw new IllegalArgumentException("no array of a dtype: " + array.getClass());
    };
  }

  private static Pointer pointer(Object array) {
    return switch (array) {
      case float[] a -> Pointer.to(a);
      case double[] a -> Pointer.to(a);
      case int[] a -> Pointer.to(a);
      case long[] a -> Pointer.to(a);
      case short[] a -> Pointer.to(a);
      case byte[] a -> Pointer.to(a);
      default -> throw new IllegalArgumentException("no array of a dtype: " + array.getClass());
    };
  }
}
