package vectorgrad.accel;

import java.lang.ref.Cleaner;
import org.jocl.cl_mem;

/// Memory of a device, lent by a [Pool]. It goes back when nothing in Java refers to it any more,
/// or when it is released.
final class Memory {
  private static final Cleaner CLEANER = Cleaner.create();

  private final cl_mem handle;
  private final Cleaner.Cleanable cleanable;

  /// @param back what gives the handle back; it must not refer to this object
  Memory(cl_mem handle, Runnable back) {
    this.handle = handle;
    this.cleanable = CLEANER.register(this, back);
  }

  cl_mem handle() {
    return handle;
  }

  /// Gives it back now: what is in the queue still uses it before whoever gets it next.
  void release() {
    cleanable.clean();
  }
}
