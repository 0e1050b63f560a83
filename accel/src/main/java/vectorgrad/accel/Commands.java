package vectorgrad.accel;

import static org.jocl.CL.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jocl.CLException;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_event;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Message;

/// The commands of a device, one after the other, and its memory.
///
/// Who talks to the driver holds this: one thread at a time. The standard asks for less, but
/// drivers for processors were seen to trip over themselves when one thread built a kernel while
/// others ran. But while a thread waits for a value, others go on: who computes reads a loss, and
/// the loader's thread sends a batch.
final class Commands {
  /// What drivers say of a device that does not answer any more, or of a command that it broke off;
  /// the last is NVIDIA's own.
  private static final Set<Integer> LOST =
      Set.of(
          CL_INVALID_COMMAND_QUEUE,
          CL_DEVICE_NOT_AVAILABLE,
          CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST,
          -9999);

  private final Card card;
  private final cl_context context;
  private final cl_command_queue queue;
  private final Pool pool;
  private final Optional<Timeline> timeline;
  private long queued; // so far, in their order
  private long ended; // so many of them, as far as somebody waited for them

  Commands(Card card, cl_context context, Ledger ledger, Optional<Timeline> timeline) {
    this.card = card;
    this.context = context;
    this.timeline = timeline;
    this.queue = another();
    this.pool = new Pool(card, context, ledger);
  }

  /// A queue of its own, for what is not in their order.
  @SuppressWarnings("deprecation") // the successor is missing before OpenCL 2
  cl_command_queue another() {
    return clCreateCommandQueue(
        context, card.id(), timeline.isPresent() ? CL_QUEUE_PROFILING_ENABLE : 0, null);
  }

  cl_context context() {
    return context;
  }

  /// Their queue.
  cl_command_queue queue() {
    return queue;
  }

  /// How much memory is in use, and who holds it where that is asked for (see [Ledger]).
  synchronized List<String> report() {
    return pool.report();
  }

  /// Memory of unspecified content.
  synchronized Memory allocate(long bytes) {
    return pool.lend(bytes);
  }

  /// Waits for all of them, and keeps others waiting too.
  synchronized void finish() {
    clFinish(queue);
    ended = queued;
  }

  /// Tells who listens of all that was queued, after waiting for it.
  synchronized void tell() {
    timeline.ifPresent(Timeline::tell);
  }

  /// Something for the driver to do.
  @FunctionalInterface
  interface Command {
    /// Queues it.
    ///
    /// @param after what it must wait for beside what is before it, or null, as drivers want it
    /// @param event that it is known by, or null where nobody asks
    void queue(cl_event[] after, cl_event event);
  }

  /// Queues one more.
  ///
  /// @param used the memory that it reads or writes
  synchronized void enqueue(String name, List<Block> used, Command command) {
    cl_event event = timeline.isPresent() ? new cl_event() : null;
    cl_event[] arriving = arriving(used);
    attempt(name, () -> command.queue(arriving, event));
    queued++;
    used.forEach(block -> block.used(queued));
    timeline.ifPresent(t -> t.queued(name, event));
  }

  /// What is on its way to some of them, or null.
  private static cl_event[] arriving(List<Block> blocks) {
    List<cl_event> events = null;
    for (Block block : blocks) {
      if (block.arriving().isPresent()) {
        events = events == null ? new ArrayList<>() : events;
        events.add(block.arriving().get());
      }
    }
    return events == null ? null : events.toArray(cl_event[]::new);
  }

  /// How many there are in a list as drivers want it: none may be null.
  static int count(cl_event[] events) {
    return events == null ? 0 : events.length;
  }

  private static void release(cl_event[] events) {
    for (int i = 0; i < count(events); i++) {
      clReleaseEvent(events[i]);
    }
  }

  /// Waits until all that is queued has left `memory` as it will be. Meanwhile others may queue
  /// more.
  void await(String name, Memory memory) {
    List<cl_event> events = new ArrayList<>();
    long last;
    synchronized (this) {
      Block block = memory.block();
      last = block.usedUntil() > ended ? queued : ended;
      if (last > ended) {
        attempt(name, () -> events.add(marker()));
      }
      block
          .arriving()
          .ifPresent(event -> {
            clRetainEvent(event);
            events.add(event);
          });
    }
    if (events.isEmpty()) {
      return;
    }
    cl_event[] all = events.toArray(cl_event[]::new);
    try {
      clWaitForEvents(all.length, all);
    } catch (CLException e) {
      throw failure(name, e);
    } finally {
      release(all);
    }
    synchronized (this) {
      ended = Math.max(ended, last);
    }
  }

  /// Sends something to `memory` on a queue of its own, behind what still uses it.
  ///
  /// @param isFirst whether anything may; what follows on the same queue comes behind the first
  /// @return its end, for the caller to release
  synchronized cl_event send(cl_command_queue own, Memory memory, boolean isFirst, Command write) {
    cl_event sent = new cl_event();
    attempt(
        "write",
        () -> {
          boolean waits = isFirst && memory.block().usedUntil() > ended;
          cl_event[] after = waits ? new cl_event[] {marker()} : null;
          try {
            write.queue(after, sent);
          } finally {
            release(after);
          }
          clFlush(own); // others wait for it
        });
    memory.block().arrives(sent);
    timeline.ifPresent(t -> {
      clRetainEvent(sent);
      t.queued("write", sent);
    });
    return sent;
  }

  /// What has ended when all has that is queued now.
  private cl_event marker() {
    cl_event event = new cl_event();
    clEnqueueMarkerWithWaitList(queue, 0, null, event);
    clFlush(queue); // a thread or another queue waits for it
    return event;
  }

  /// Copies to or from memory that nobody uses, while the caller waits.
  synchronized void copy(String name, Consumer<cl_event> command) {
    cl_event event = timeline.isPresent() ? new cl_event() : null;
    attempt(name, () -> command.accept(event));
    timeline.ifPresent(t -> t.queued(name, event));
  }

  /// Does something, and once more after giving back all memory that can be had if there was not
  /// enough.
  private void attempt(String name, Runnable command) {
    try {
      try {
        command.run();
      } catch (CLException e) {
        if (!Pool.isShortage(e)) {
          throw e;
        }
        finish();
        pool.reclaim();
        command.run();
      }
    } catch (CLException e) {
      throw failure(name, e);
    }
  }

  /// What to say when the driver refuses something.
  synchronized DeviceException failure(String command, CLException e) {
    Message message =
        Message.of("opencl", "the driver refuses: " + e.getMessage())
            .row("device", card.name() + ", driver " + card.driver())
            .row("for", command);
    pool.report().forEach(line -> message.row("in use", line));
    if (LOST.contains(e.getStatus())) {
      message.row("help", "the device or its driver has stopped; begin again, from a checkpoint");
    }
    var failure = new DeviceException(message);
    failure.initCause(e);
    return failure;
  }
}
