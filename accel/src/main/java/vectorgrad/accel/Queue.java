package vectorgrad.accel;

import static org.jocl.CL.*;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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

  /// Bytes of a piece on its way to the device.
  private static final int PIECE = 1 << 22;

  private final Card card;
  private final cl_context context;
  private final cl_command_queue queue;
  private final Pool pool;
  private final Programs programs;
  private final Optional<Timeline> timeline;
  private final Optional<Staging> staging;
  private final Map<Object, Kernel> kernels = new HashMap<>();

  private record Kernel(cl_kernel handle, String name) {}

  Queue(Card card) {
    this(card, new Binaries(Binaries.standardFolder(), card), card.isGpu(), Optional.empty());
  }

  /// A queue that tells `listener` what ran.
  Queue(Card card, KernelListener listener) {
    this(
        card,
        new Binaries(Binaries.standardFolder(), card),
        card.isGpu(),
        Optional.of(new Timeline(listener)));
  }

  /// @param staged whether arrays go there by [Staging]; a processor has them in its memory
  Queue(Card card, Binaries binaries, boolean staged, Optional<Timeline> timeline) {
    this.card = card;
    this.timeline = timeline;
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL_CONTEXT_PLATFORM, card.platform());
    try {
      this.context =
          clCreateContext(properties, 1, new cl_device_id[] {card.id()}, null, null, null);
      @SuppressWarnings("deprecation") // the successor is missing before OpenCL 2
      cl_command_queue made =
          clCreateCommandQueue(
              context, card.id(), timeline.isPresent() ? CL_QUEUE_PROFILING_ENABLE : 0, null);
      this.queue = made;
      this.staging =
          staged ? Optional.of(new Staging(context, queue, PIECE, timeline)) : Optional.empty();
    } catch (CLException e) {
      throw failure("opening", "a queue", e);
    }
    this.pool = new Pool(card, context);
    this.programs = new Programs(card, context, binaries);
  }

  Card card() {
    return card;
  }

  /// Memory of unspecified content.
  synchronized Memory allocate(long bytes) {
    return pool.lend(bytes);
  }

  /// Copies the first `bytes` of a Java array to `to`, from byte `begin` on. The array may change
  /// again once this returns.
  synchronized void write(Object array, Memory to, long begin, long bytes) {
    if (bytes == 0) {
      return;
    }
    try {
      if (staging.isPresent()) {
        staging.orElseThrow().write(segment(array).asSlice(0, bytes), to, begin);
      } else {
        cl_event event = timeline.isPresent() ? new cl_event() : null;
        clEnqueueWriteBuffer(
            queue, to.handle(), true, begin, bytes, pointer(array), 0, null, event);
        timeline.ifPresent(t -> t.queued("write", event));
      }
    } catch (CLException e) {
      throw failure("write", "%,d bytes".formatted(bytes), e);
    }
  }

  /// Fills a Java array from byte `begin` of `from` on, after all that is to be done before.
  synchronized void read(Memory from, long begin, Object array) {
    long bytes = segment(array).byteSize();
    if (bytes == 0) {
      return;
    }
    try {
      cl_event event = timeline.isPresent() ? new cl_event() : null;
      clEnqueueReadBuffer(queue, from.handle(), true, begin, bytes, pointer(array), 0, null, event);
      if (timeline.isPresent()) {
        timeline.orElseThrow().queued("read", event);
        timeline.orElseThrow().tell();
      }
    } catch (CLException e) {
      throw failure("read", "%,d bytes".formatted(bytes), e);
    }
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
    try {
      for (int i = 0; i < arguments.length; i++) {
        clSetKernelArg(kernel.handle, i, arguments[i].bytes(), arguments[i].pointer());
      }
      long[] global = {Math.ceilDiv(items, group) * group};
      long[] local = {group};
      cl_event event = timeline.isPresent() ? new cl_event() : null;
      clEnqueueNDRangeKernel(queue, kernel.handle, 1, null, global, local, 0, null, event);
      if (timeline.isPresent()) {
        timeline.orElseThrow().queued(kernel.name, event);
      }
    } catch (CLException e) {
      throw failure("run", kernel.name, e);
    }
  }

  /// What a kernel is called with.
  record Argument(long bytes, Pointer pointer) {
    static Argument of(Memory memory) {
      return new Argument(Sizeof.cl_mem, Pointer.to(memory.handle()));
    }

    /// One number, or a struct of numbers.
    static Argument of(int... numbers) {
      return new Argument((long) Sizeof.cl_int * numbers.length, Pointer.to(numbers));
    }
  }

  private DeviceException failure(String operation, String what, CLException e) {
    var failure =
        new DeviceException(
            Message.of("opencl", operation + " failed: " + e.getMessage())
                .row("device", card.name() + ", driver " + card.driver())
                .row("for", what));
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
