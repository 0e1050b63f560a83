package vectorgrad.tensor;

import java.util.Locale;
import vectorgrad.tensor.spi.Backend;

/// The memory under one or more tensors: an array of a backend, who owns it, and how often it was
/// written in place.
///
/// A storage opened outside every [Scope] belongs to the garbage collector. Inside one, it belongs
/// to the scope and is recycled when that closes; touching it afterwards throws.
final class Storage {
  private final Backend backend;
  private final DType dtype;
  private final int length;
  private Object memory;
  private Scope scope;
  private Object closedBy;
  private long version;
  private boolean cell; // which writes it in place

  /// How many others its scope had when it came.
  private int place;

  Storage(Backend backend, DType dtype, int length, Object memory, Scope scope) {
    this.backend = backend;
    this.dtype = dtype;
    this.length = length;
    this.memory = memory;
    this.scope = scope;
  }

  /// Fresh memory of unspecified content, owned by the innermost open scope of this thread.
  ///
  /// @throws OutOfMemoryError saying how much was asked for
  static Storage allocate(Backend backend, DType dtype, int length) {
    Scope scope = Scope.innermost();
    try {
      return scope == null
          ? new Storage(backend, dtype, length, backend.allocate(dtype, length), null)
          : scope.allocate(backend, dtype, length);
    } catch (OutOfMemoryError error) {
      var explained =
          new OutOfMemoryError(
              Message.of(
                      "tensor",
                      counted("there is no memory for %,d bytes", (long) length * dtype.bytes()))
                  .row("tensor", counted("%,d elements of " + dtype, length))
                  .row("heap", counted("%,d bytes at most", Runtime.getRuntime().maxMemory()))
                  .row("help", "a larger heap (-Xmx), smaller batches, or a Scope for each step")
                  .toString());
      explained.initCause(error);
      throw explained;
    }
  }

  private static String counted(String text, long number) {
    return String.format(Locale.ROOT, text, number);
  }

  /// The memory as the backend knows it.
  ///
  /// @throws ClosedScopeException if the owning scope has closed
  Object memory() {
    if (memory == null) {
      throw new ClosedScopeException(closedBy.toString());
    }
    return memory;
  }

  boolean isRecycled() {
    return memory == null;
  }

  Backend backend() {
    return backend;
  }

  DType dtype() {
    return dtype;
  }

  int length() {
    return length;
  }

  /// How often this memory was written in place since it was allocated.
  long version() {
    return version;
  }

  /// Goes on counting from memory that this one replaces.
  void version(long version) {
    this.version = version;
  }

  void written() {
    version++;
  }

  /// Notes that a [Cell] owns this memory.
  void ofCell() {
    cell = true;
  }

  /// Whether nobody writes this memory, and it lives as long as what is allocated now.
  boolean lasts() {
    return !cell && memory != null && (scope == null || scope == Scope.innermost());
  }

  Scope scope() {
    return scope;
  }

  int place() {
    return place;
  }

  void place(int place) {
    this.place = place;
  }

  /// The size of the memory.
  long bytes() {
    return (long) length * dtype.bytes();
  }

  /// Hands this memory from its scope to the garbage collector.
  void release() {
    memory();
    if (scope != null) {
      scope.released(bytes());
      scope = null;
    }
  }

  /// Hands this memory on to another scope, if it belongs to `from`.
  void pass(Scope from, Scope to) {
    memory();
    if (scope == from) {
      scope = to;
      to.adopt(this);
    }
  }

  /// Takes the memory away because its `owner` closed, which is named to whoever touches it later.
  Object recycle(Object owner) {
    Object recycled = memory;
    memory = null;
    closedBy = owner;
    scope = null;
    return recycled;
  }
}
