package vectorgrad.accel;

import java.lang.ref.Cleaner;
import org.jocl.cl_mem;

/// Memory of a device, lent by a [Pool]. It goes back when nothing in Java refers to it any more,
/// or when it is released.
final class Memory {
  private static final Cleaner CLEANER = Cleaner.create();

  private final Block block;
  private final long bytes;
  private final Cleaner.Cleanable cleanable;
  private volatile Span span = Span.UNKNOWN;

  /// Between which whole numbers all elements are, where that is known. So an index that came from
  /// the host, or from a kernel that makes indices, need not be checked on the device, and nobody
  /// has to wait for the answer.
  private record Span(long least, long most) {
    static final Span UNKNOWN = new Span(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /// @param bytes that were asked for
  /// @param back what gives the block back; it must not refer to this object
  Memory(Block block, long bytes, Runnable back) {
    this.block = block;
    this.bytes = bytes;
    this.cleanable = CLEANER.register(this, back);
  }

  cl_mem handle() {
    return block.handle();
  }

  /// What it is lent of, for the [Commands].
  Block block() {
    return block;
  }

  /// Notes that all of `count` numbers, written just now, are between `least` and `most`. It is of
  /// use only where they fill the memory.
  void wrote(long count, long least, long most) {
    span = count * Integer.BYTES == bytes ? new Span(least, most) : Span.UNKNOWN;
  }

  /// Notes that something was written.
  void wrote() {
    span = Span.UNKNOWN;
  }

  /// Whether all elements are known to be indices of an axis.
  boolean isWithin(int size) {
    return span.least >= 0 && span.most < size;
  }

  /// Gives it back now: what is in the queue still uses it before whoever gets it next.
  void release() {
    cleanable.clean();
  }
}
