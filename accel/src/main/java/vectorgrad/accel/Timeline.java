package vectorgrad.accel;

import static org.jocl.CL.CL_PROFILING_COMMAND_END;
import static org.jocl.CL.CL_PROFILING_COMMAND_START;
import static org.jocl.CL.clGetEventProfilingInfo;
import static org.jocl.CL.clReleaseEvent;
import static org.jocl.CL.clWaitForEvents;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_event;
import vectorgrad.tensor.spi.KernelListener;

/// Tells a listener when a queue's commands ran, by the device's clock. Nothing is waited for but
/// when very many are told at once; [Commands] call this, one thread at a time.
final class Timeline {
  /// So many wait to be told at most: drivers keep memory for each.
  private static final int MOST = 1 << 12;

  private final KernelListener listener;
  private final Deque<Told> pending = new ArrayDeque<>();
  private long ahead; // of the device's clock, in nanoseconds
  private boolean isSet;

  private record Told(String name, cl_event event) {}

  Timeline(KernelListener listener) {
    this.listener = listener;
  }

  /// A command was queued, and `event` is its own.
  void queued(String name, cl_event event) {
    pending.add(new Told(name, event));
    if (pending.size() == MOST) {
      tell();
    }
  }

  /// Tells of all that was queued, once it has run.
  void tell() {
    if (pending.isEmpty()) {
      return;
    }
    cl_event[] events = pending.stream().map(Told::event).toArray(cl_event[]::new);
    clWaitForEvents(events.length, events);
    if (!isSet) { // just now the last one ended, or a moment before
      long now = System.nanoTime();
      ahead =
          now
              - pending.stream()
                  .mapToLong(told -> time(told.event(), CL_PROFILING_COMMAND_END))
                  .max()
                  .orElseThrow();
      isSet = true;
    }
    for (Told told : pending) {
      listener.ran(
          told.name(),
          ahead + time(told.event(), CL_PROFILING_COMMAND_START),
          ahead + time(told.event(), CL_PROFILING_COMMAND_END));
      clReleaseEvent(told.event());
    }
    pending.clear();
  }

  private static long time(cl_event event, int what) {
    long[] nanoseconds = new long[1];
    clGetEventProfilingInfo(event, what, Sizeof.cl_ulong, Pointer.to(nanoseconds), null);
    return nanoseconds[0];
  }
}
