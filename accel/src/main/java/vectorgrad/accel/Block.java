package vectorgrad.accel;

import static org.jocl.CL.clReleaseEvent;
import static org.jocl.CL.clReleaseMemObject;
import static org.jocl.CL.clRetainEvent;

import java.util.Optional;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/// Memory of a device as its driver knows it, and what is still going on there. It is lent again
/// and again, each time as a [Memory].
///
/// Only the [Commands] and their [Pool] call this, one thread at a time.
final class Block {
  private final cl_mem handle;
  private final long size;
  private long usedUntil;
  private Optional<cl_event> arriving = Optional.empty();

  Block(cl_mem handle, long size) {
    this.handle = handle;
    this.size = size;
  }

  cl_mem handle() {
    return handle;
  }

  /// Its bytes.
  long size() {
    return size;
  }

  /// How many commands must have ended before it may be written outside their order: all up to the
  /// last one that reads or writes it.
  long usedUntil() {
    return usedUntil;
  }

  /// What is on its way there, outside the order of the commands, and no command waits for yet.
  Optional<cl_event> arriving() {
    return arriving;
  }

  /// Notes that a command uses it, up to which there are so many, and has waited for what was
  /// [#arriving].
  void used(long commands) {
    usedUntil = commands;
    arriving.ifPresent(event -> clReleaseEvent(event));
    arriving = Optional.empty();
  }

  /// Notes that something is on its way there, behind what was before.
  void arrives(cl_event event) {
    clRetainEvent(event);
    arriving.ifPresent(earlier -> clReleaseEvent(earlier));
    arriving = Optional.of(event);
  }

  /// Gives it back to the driver, which waits for what still uses it.
  void free() {
    arriving.ifPresent(event -> clReleaseEvent(event));
    clReleaseMemObject(handle);
  }
}
