package vectorgrad.accel;

import static org.jocl.CL.*;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Message;

/// What is done on a device, one thing after the other. Kernels run when their turn comes; only
/// reading memory waits.
///
/// One thread at a time talks to the driver. The standard asks for less, but drivers for processors
/// were seen to trip over themselves when one thread built a kernel while others ran.
final class Queue {
  /// Work items that run together. The same everywhere, since PoCL compiles a kernel anew for each
  /// size; two warps of NVIDIA's, one wave of AMD's.
  private static final int GROUP = 64;

  private final Card card;
  private final cl_context context;
  private final cl_command_queue queue;
  private final Pool pool;
  private final Programs programs;
  private final Map<Object, cl_kernel> kernels = new ConcurrentHashMap<>();

  Queue(Card card) {
    this(card, new Binaries(Binaries.standardFolder(), card));
  }

  Queue(Card card, Binaries binaries) {
    this.card = card;
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL_CONTEXT_PLATFORM, card.platform());
    this.context = clCreateContext(properties, 1, new cl_device_id[] {card.id()}, null, null, null);
    @SuppressWarnings("deprecation") // the successor is missing before OpenCL 2
    cl_command_queue made = clCreateCommandQueue(context, card.id(), 0, null);
    this.queue = made;
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

  /// Copies from a Java array, which may change again once this returns.
  synchronized void write(Pointer from, Memory to, long begin, long bytes) {
    if (bytes > 0) {
      clEnqueueWriteBuffer(queue, to.handle(), true, begin, bytes, from, 0, null, null);
    }
  }

  /// Copies to a Java array, after all that is to be done before.
  synchronized void read(Memory from, long begin, long bytes, Pointer to) {
    if (bytes > 0) {
      clEnqueueReadBuffer(queue, from.handle(), true, begin, bytes, to, 0, null, null);
    }
  }

  /// Runs a kernel for `items` work items, or a few more, up to a whole number of groups.
  ///
  /// @param key under which it is compiled once
  /// @param source which has the one kernel `run`
  /// @param what it computes, for an error
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
    cl_kernel kernel = kernels.get(key);
    if (kernel == null) {
      if (!card.isGpu()) {
        clFinish(queue); // drivers for processors compile what runs, see above
      }
      kernel = programs.kernel(source.get(), what);
      kernels.put(key, kernel);
    }
    try {
      for (int i = 0; i < arguments.length; i++) {
        clSetKernelArg(kernel, i, arguments[i].bytes(), arguments[i].pointer());
      }
      long[] global = {Math.ceilDiv(items, group) * group};
      clEnqueueNDRangeKernel(queue, kernel, 1, null, global, new long[] {group}, 0, null, null);
    } catch (CLException e) {
      throw failure("run", what.get(), e);
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
}
