package vectorgrad.accel;

import static org.jocl.CL.CL_INVALID_BUFFER_SIZE;
import static org.jocl.CL.CL_MEM_OBJECT_ALLOCATION_FAILURE;
import static org.jocl.CL.CL_MEM_READ_WRITE;
import static org.jocl.CL.CL_OUT_OF_HOST_MEMORY;
import static org.jocl.CL.CL_OUT_OF_RESOURCES;
import static org.jocl.CL.clCreateBuffer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jocl.CLException;
import org.jocl.cl_context;
import org.jocl.cl_mem;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Message;

/// Memory of a device, kept when it comes back: a driver takes a thousand times longer to make it.
/// Sizes are rounded up to one of four between a power of two and the next, so what was lent for
/// one tensor fits many others, and at most a fifth is lost.
///
/// Kernels run in the order in which they were queued, so memory can be lent again while some still
/// use it. Only [Commands] call this, one thread at a time; memory comes back from anywhere.
final class Pool {
  /// Drivers align to more than this anyway.
  private static final long LEAST = 256;

  private final Card card;
  private final cl_context context;
  private final Map<Long, Deque<Block>> idle = new TreeMap<>();
  private final ConcurrentLinkedQueue<Returned> returned = new ConcurrentLinkedQueue<>();
  private final Ledger ledger;

  private record Returned(Block block, String site) {}

  Pool(Card card, cl_context context, Ledger ledger) {
    this.card = card;
    this.context = context;
    this.ledger = ledger;
  }

  /// Memory for at least so many bytes, of unspecified content.
  ///
  /// @throws DeviceException if there is none, even after giving back all that is idle
  Memory lend(long bytes) {
    collect();
    long size = size(bytes);
    Deque<Block> same = idle.get(size);
    Block block = same == null || same.isEmpty() ? new Block(make(size), size) : same.pop();
    String site = ledger.lent(size);
    ConcurrentLinkedQueue<Returned> back = returned; // not this: the pool may outlive nobody
    return new Memory(block, bytes, () -> back.add(new Returned(block, site)));
  }

  /// The next of the sizes `2ⁿ·{4, 5, 6, 7}/4`.
  static long size(long bytes) {
    long wanted = Math.max(LEAST, bytes);
    long step = Long.highestOneBit(wanted) / 4;
    return Math.ceilDiv(wanted, step) * step;
  }

  private void collect() {
    for (Returned r = returned.poll(); r != null; r = returned.poll()) {
      idle.computeIfAbsent(r.block.size(), _ -> new ArrayDeque<>()).push(r.block);
      ledger.returned(r.site, r.block.size());
    }
  }

  private cl_mem make(long size) {
    try {
      return clCreateBuffer(context, CL_MEM_READ_WRITE, size, null, null);
    } catch (CLException e) {
      if (!isShortage(e)) {
        throw e;
      }
    }
    reclaim();
    try {
      return clCreateBuffer(context, CL_MEM_READ_WRITE, size, null, null);
    } catch (CLException e) {
      throw shortage(size, e);
    }
  }

  /// Gives back to the driver what is idle, and what Java has forgotten and not yet given back.
  void reclaim() {
    System.gc();
    try {
      Thread.sleep(50); // the cleaner has a thread of its own, which needs a moment
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    collect();
    idle.values().forEach(same -> same.forEach(Block::free));
    idle.clear();
  }

  /// What to say when there is not enough even then.
  DeviceException shortage(long bytes, CLException cause) {
    Message message =
        Message.of("opencl", "there is no memory for %,d bytes".formatted(bytes))
            .row("device", "%s, %,d bytes".formatted(card.name(), card.memory()))
            .row("limit", "%,d bytes at a time".formatted(card.largest()));
    ledger.report().forEach(line -> message.row("in use", line));
    message.row("help", "smaller batches, or a Scope for each step");
    if (!ledger.bySite()) {
      message.row("help", "-Dvectorgrad.opencl.sites=true tells which lines hold how much");
    }
    var failure = new DeviceException(message);
    failure.initCause(cause);
    return failure;
  }

  /// Who holds how much.
  List<String> report() {
    collect();
    return ledger.report();
  }

  /// Whether a driver says so. Some make memory only when a kernel first uses it.
  static boolean isShortage(CLException e) {
    return switch (e.getStatus()) {
      case CL_MEM_OBJECT_ALLOCATION_FAILURE,
          CL_OUT_OF_RESOURCES,
          CL_OUT_OF_HOST_MEMORY,
          CL_INVALID_BUFFER_SIZE ->
          true;
      default -> false;
    };
  }
}
