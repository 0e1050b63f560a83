package vectorgrad.accel;

import static org.jocl.CL.*;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/// Memory of the host that a GPU reads by itself (*pinned*): an array is copied there, piece by
/// piece, and the caller goes on while the device fetches it. Only when every piece is still being
/// fetched is the oldest waited for.
///
/// [Transfers] calls this, one thread at a time. The memory lives as long as the process.
final class Staging {
  private static final int PIECES = 4;

  private final cl_command_queue queue;
  private final Piece[] pieces = new Piece[PIECES];
  private final Optional<Timeline> timeline;
  private int next;

  private static final class Piece {
    private final ByteBuffer memory;
    private cl_event fetched; // null before its first use

    Piece(ByteBuffer memory) {
      this.memory = memory;
    }

    /// Waits until the device has fetched what lies here.
    void await() {
      if (fetched != null) {
        clWaitForEvents(1, new cl_event[] {fetched});
        clReleaseEvent(fetched);
        fetched = null;
      }
    }
  }

  /// @param bytes of a piece
  /// @param timeline told of each piece
  Staging(cl_context context, cl_command_queue queue, int bytes, Optional<Timeline> timeline) {
    this.queue = queue;
    this.timeline = timeline;
    for (int i = 0; i < PIECES; i++) {
      cl_mem pinned =
          clCreateBuffer(context, CL_MEM_READ_ONLY | CL_MEM_ALLOC_HOST_PTR, bytes, null, null);
      pieces[i] =
          new Piece(
              clEnqueueMapBuffer(queue, pinned, true, CL_MAP_WRITE, 0, bytes, 0, null, null, null));
    }
  }

  /// Copies `array` to `to`, from byte `begin` on. The array may change once this returns.
  ///
  /// @param after what must have ended before
  /// @return the end of the last piece, for the caller to release
  cl_event write(MemorySegment array, Memory to, long begin, cl_event[] after) {
    cl_event last = new cl_event();
    for (long done = 0; done < array.byteSize(); ) {
      Piece piece = pieces[next];
      next = (next + 1) % PIECES;
      piece.await();
      long length = Math.min(piece.memory.capacity(), array.byteSize() - done);
      MemorySegment.copy(array, done, MemorySegment.ofBuffer(piece.memory), 0, length);
      cl_event fetched = new cl_event();
      clEnqueueWriteBuffer(
          queue,
          to.handle(),
          false,
          begin + done,
          length,
          Pointer.to(piece.memory),
          after.length,
          after.length == 0 ? null : after,
          fetched);
      piece.fetched = fetched; // not before: a command that was refused has none to wait for
      if (timeline.isPresent()) {
        clRetainEvent(fetched);
        timeline.orElseThrow().queued("write", fetched);
      }
      done += length;
      last = fetched;
    }
    clRetainEvent(last);
    return last;
  }
}
