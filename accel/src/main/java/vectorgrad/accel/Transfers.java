package vectorgrad.accel;

import static org.jocl.CL.clEnqueueBarrierWithWaitList;
import static org.jocl.CL.clEnqueueMarkerWithWaitList;
import static org.jocl.CL.clFinish;
import static org.jocl.CL.clFlush;
import static org.jocl.CL.clReleaseEvent;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jocl.CLException;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_event;

/// Arrays on their way to a GPU, on a queue of their own: the next batch is fetched while kernels
/// of this one run. What is queued after [#write] waits for it; what was queued before does not,
/// and is waited for only as far as it may use the memory that is written.
///
/// Memory that a training step gets for its batch was in use by the last step but one at most. So
/// each write leaves a marker among the kernels, and the next one waits for that, not for all.
///
/// The [Queue] calls this, one thread at a time.
final class Transfers {
  private static final int MARKERS = 8;

  private final cl_command_queue kernels;
  private final cl_command_queue own;
  private final Staging staging;
  private final Deque<Marker> markers = new ArrayDeque<>();

  /// @param commands that have ended when it is reached
  private record Marker(long commands, cl_event event) {}

  /// @param kernels the queue that they are for
  /// @param own the queue that they take
  /// @param bytes of a piece
  Transfers(
      cl_context context,
      cl_command_queue kernels,
      cl_command_queue own,
      int bytes,
      Optional<Timeline> timeline) {
    this.kernels = kernels;
    this.own = own;
    this.staging = new Staging(context, own, bytes, timeline);
  }

  /// Copies `array` to `to`, from byte `begin` on. The array may change once this returns.
  ///
  /// @param commands that have been queued so far
  void write(MemorySegment array, Memory to, long begin, long commands) {
    mark(commands);
    long until = to.usedUntil(commands);
    cl_event[] after =
        until == 0
            ? new cl_event[0]
            : new cl_event[] {
              markers.stream().filter(m -> m.commands >= until).findFirst().orElseThrow().event
            };
    to.used();
    cl_event written;
    try {
      written = staging.write(array, to, begin, after);
    } catch (CLException e) {
      clFinish(own); // of some pieces, which nobody else waits for
      throw e;
    }
    clFlush(own); // a queue that another one waits for
    clEnqueueBarrierWithWaitList(kernels, 1, new cl_event[] {written}, null);
    clReleaseEvent(written);
  }

  /// Remembers that what is queued now is all that there is so far.
  private void mark(long commands) {
    if (!markers.isEmpty() && markers.getLast().commands == commands) {
      return;
    }
    cl_event event = new cl_event();
    clEnqueueMarkerWithWaitList(kernels, 0, null, event);
    clFlush(kernels);
    markers.add(new Marker(commands, event));
    if (markers.size() > MARKERS) {
      clReleaseEvent(markers.removeFirst().event);
    }
  }
}
