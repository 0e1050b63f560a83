package vectorgrad.accel;

import static org.jocl.CL.CL_MEM_READ_WRITE;
import static org.jocl.CL.clCreateBuffer;
import static org.jocl.CL.clReleaseMemObject;

import java.lang.ref.Cleaner;
import org.jocl.cl_context;
import org.jocl.cl_mem;

/// Memory of a device. It is given back when nothing in Java refers to it any more; the driver
/// waits with that until the kernels that use it are done.
final class Memory {
  private static final Cleaner CLEANER = Cleaner.create();

  /// Nothing smaller can be allocated: an empty tensor has memory too.
  private static final long LEAST = 16;

  private final cl_mem handle;
  private final long bytes;

  private Memory(cl_mem handle, long bytes) {
    this.handle = handle;
    this.bytes = bytes;
  }

  static Memory allocate(cl_context context, long bytes) {
    cl_mem handle = clCreateBuffer(context, CL_MEM_READ_WRITE, Math.max(LEAST, bytes), null, null);
    Memory memory = new Memory(handle, bytes);
    CLEANER.register(memory, () -> clReleaseMemObject(handle));
    return memory;
  }

  cl_mem handle() {
    return handle;
  }

  long bytes() {
    return bytes;
  }
}
