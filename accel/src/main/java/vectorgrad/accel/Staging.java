package vectorgrad.accel;

import static org.jocl.CL.*;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import org.jocl.Pointer;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/// Memory of the host that a GPU reads by itself (*pinned*): an array is copied there, piece by
/// piece, and the caller goes on while the device fetches it. Only when every piece is still being
/// fetched is the oldest waited for, and nobody but those who write then waits.
///
/// Who holds the [Commands] must not ask for this: one thread that writes at a time takes this
/// first, and for each piece them. The memory lives as long as the process.
final class Staging {
  private static final int PIECES = 4;

  private final cl_command_queue queue;
  private final Piece[] pieces = new Piece[PIECES];
  private int next;

  /// Has a device fetch a piece.
  @FunctionalInterface
  interface Sender {
    /// Queues it.
    ///
    /// @param queue for nothing else
    /// @param from which byte of the array the piece begins with
    /// @return its end, which is released here
    cl_event send(cl_command_queue queue, Pointer piece, long from, long bytes);
  }

  private static final class Piece {
    private final ByteBuffer memory;
    private cl_event fetched; // null before its first use

    Piece(ByteBuffer memory) {
      this.memory = memory;
    }

    /// Waits until the device has fetched what lies here.
    void await() {
      if (fetched != null) {
        cl_event last = fetched;
        fetched = null; // whatever becomes of it
        try {
          clWaitForEvents(1, new cl_event[] {last});
        } finally {
          clReleaseEvent(last);
        }
      }
    }
  }

  /// @param queue on which arrays are fetched
  /// @param bytes of a piece
  Staging(cl_context context, cl_command_queue queue, int bytes) {
    this.queue = queue;
    for (int i = 0; i < PIECES; i++) {
      cl_mem pinned =
          clCreateBuffer(context, CL_MEM_READ_ONLY | CL_MEM_ALLOC_HOST_PTR, bytes, null, null);
      pieces[i] =
          new Piece(
              clEnqueueMapBuffer(queue, pinned, true, CL_MAP_WRITE, 0, bytes, 0, null, null, null));
    }
  }

  /// Sends `array`, which may change once this returns.
  synchronized void write(MemorySegment array, Sender sender) {
    for (long done = 0; done < array.byteSize(); ) {
      Piece piece = pieces[next];
      next = (next + 1) % PIECES;
      piece.await();
      long length = Math.min(piece.memory.capacity(), array.byteSize() - done);
      MemorySegment.copy(array, done, MemorySegment.ofBuffer(piece.memory), 0, length);
      piece.fetched = sender.send(queue, Pointer.to(piece.memory), done, length);
      done += length;
    }
  }
}
