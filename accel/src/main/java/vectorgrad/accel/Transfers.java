package vectorgrad.accel;

import static org.jocl.CL.*;
import static vectorgrad.accel.Commands.count;

import java.lang.ref.Reference;
import java.util.List;
import java.util.Optional;
import org.jocl.CLException;
import org.jocl.cl_command_queue;

/// Arrays on their way to a device and back, beside the kernels: the next batch is fetched while
/// those of this one run. A write waits for the commands that use its memory and no others, and the
/// first command that uses the memory afterwards waits for the write. Both are known of its
/// [Block].
final class Transfers {
  /// So many bytes travel inside a command, if they are a power of two: single numbers above all.
  private static final int PATTERN = 128;

  /// Bytes of a piece on its way to the device.
  private static final int PIECE = 1 << 22;

  private final Commands commands;
  private final cl_command_queue beside; // for copies that a thread waits for
  private final Optional<Staging> staging;

  /// @param staged whether arrays go there by [Staging]; a processor has them in its memory
  Transfers(Commands commands, boolean staged) {
    this.commands = commands;
    this.beside = commands.another();
    this.staging =
        staged
            ? Optional.of(new Staging(commands.context(), commands.another(), PIECE))
            : Optional.empty();
  }

  /// Copies the first `bytes` of a Java array to `to`, from byte `begin` on. The array may change
  /// again once this returns. On a GPU it is fetched later; a processor has copied it by then.
  void write(Object array, Memory to, long begin, long bytes) {
    if (bytes == 0) {
      return;
    }
    try {
      if (bytes <= PATTERN && Long.bitCount(bytes) == 1 && begin % bytes == 0) {
        fill(array, to, begin, bytes);
      } else if (staging.isPresent()) {
        assert !Thread.holdsLock(commands) : "who waits for room would keep others from making it";
        try {
          staging
              .get()
              .write(
                  HostArray.segment(array).asSlice(0, bytes),
                  (own, piece, from, length) ->
                      commands.send(
                          own,
                          to,
                          from == 0,
                          (after, sent) ->
                              clEnqueueWriteBuffer(
                                  own,
                                  to.handle(),
                                  false,
                                  begin + from,
                                  length,
                                  piece,
                                  count(after),
                                  after,
                                  sent)));
        } catch (CLException e) { // of an earlier piece
          throw commands.failure("write", e);
        }
      } else {
        commands.await("write", to);
        commands.copy(
            "write",
            event ->
                clEnqueueWriteBuffer(
                    beside,
                    to.handle(),
                    true,
                    begin,
                    bytes,
                    HostArray.pointer(array),
                    0,
                    null,
                    event));
      }
    } finally {
      Reference.reachabilityFence(to); // else it may be lent to others meanwhile
    }
  }

  private void fill(Object pattern, Memory to, long begin, long bytes) {
    commands.enqueue(
        "write",
        List.of(to.block()),
        (after, event) ->
            clEnqueueFillBuffer(
                commands.queue(),
                to.handle(),
                HostArray.pointer(pattern),
                bytes,
                begin,
                bytes,
                count(after),
                after,
                event));
  }

  /// Fills a Java array from byte `begin` of `from` on, after all that is to be done before.
  void read(Memory from, long begin, Object array) {
    long bytes = HostArray.segment(array).byteSize();
    if (bytes == 0) {
      return;
    }
    try {
      commands.await("read", from);
      commands.copy(
          "read",
          event ->
              clEnqueueReadBuffer(
                  beside,
                  from.handle(),
                  true,
                  begin,
                  bytes,
                  HostArray.pointer(array),
                  0,
                  null,
                  event));
      commands.tell();
    } finally {
      Reference.reachabilityFence(from);
    }
  }
}
