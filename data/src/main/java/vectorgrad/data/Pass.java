package vectorgrad.data;

import java.lang.ref.Cleaner;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// One pass over a dataset, batch by batch: an epoch of a [Loader].
///
/// It belongs to one thread. Asking for the next batch ends the one before, and so does closing.
public final class Pass implements Iterator<Batch>, AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final AtomicReference<Stalls> total;
  private final Ring ring;
  private final Cleaner.Cleanable cleanable;
  private final int batches;
  private int next;
  private Optional<BatchMemory> lent = Optional.empty();
  private boolean closed;

  Pass(Loader loader, long epoch, int first) {
    this.total = loader.meter();
    this.batches = loader.batches();
    this.next = first;
    this.ring = Ring.over(loader, epoch, first);
    // The loader's thread knows the ring, not the pass: whoever leaves a loop early and forgets the
    // iterator makes the pass unreachable, and that stops the thread.
    this.cleanable = CLEANER.register(this, ring::stop);
  }

  /// The number of the batch that is handed out next, from 0.
  public int position() {
    return next;
  }

  /// Whether the epoch has another batch.
  @Override
  public boolean hasNext() {
    return !closed && next < batches;
  }

  /// The next batch, as soon as it is ready.
  ///
  /// @throws LoaderException if it cannot be read
  /// @throws vectorgrad.tensor.DeviceException if its device failed, or has no memory for it
  /// @throws NoSuchElementException after the last one, or when closed
  @Override
  public Batch next() {
    if (!hasNext()) {
      throw new NoSuchElementException(closed ? "the pass is closed" : "the epoch has ended");
    }
    takeBack();
    long asked = System.nanoTime();
    Ring.Taken taken = ring.take();
    if (taken.waited()) {
      long nanos = System.nanoTime() - asked;
      total.updateAndGet(stalls -> stalls.waited(nanos));
    } else {
      total.updateAndGet(Stalls::ready);
    }
    next++;
    lent = Optional.of(taken.memory());
    return taken.memory().lend();
  }

  private void takeBack() {
    lent.ifPresent(memory -> {
      memory.takeBack();
      ring.giveBack(memory);
    });
    lent = Optional.empty();
  }

  /// Ends the pass and its last batch, and stops the loader's thread. Closing twice does nothing.
  @Override
  public void close() {
    closed = true;
    takeBack();
    cleanable.clean();
    ring.awaitStop();
  }
}
