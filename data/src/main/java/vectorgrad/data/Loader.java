package vectorgrad.data;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// Hands out a [Dataset] in batches, prepared ahead by a thread of its own.
///
/// ```java
/// var loader = train.shuffled(Seed.of(2)).batches(64).dropLast();
/// for (var batch : loader) { … }                       // epoch 0
/// for (var batch : loader) { … }                       // epoch 1, in another order
///
/// try (var pass = loader.epoch(7, 120)) { … }          // goes on inside an epoch
/// ```
///
/// The order depends on the seed and the number of the epoch alone, and every batch is the same to
/// the bit whether a thread prepared it or not. The batches live in a ring of reused arrays: see
/// [Batch] for how long one is valid.
///
/// A loop that is left early lets its thread go when the loop's iterator is garbage collected; a
/// [Pass] that is closed lets it go at once.
public final class Loader implements Iterable<Batch> {
  private static final int PREFETCH = 2;

  private final Dataset data;
  private final int batchSize;
  private final Optional<Seed> seed;
  private final boolean dropLast;
  private final int prefetch;
  private final Optional<Mixup> mixup;
  private final Device device;
  private final AtomicReference<Stalls> stalls;
  private long nextEpoch;

  private Loader(
      Dataset data,
      int batchSize,
      Optional<Seed> seed,
      boolean dropLast,
      int prefetch,
      Optional<Mixup> mixup,
      Device device,
      AtomicReference<Stalls> stalls) {
    if (batchSize < 1) {
      throw new IllegalArgumentException(
          "Loader: wanted a batch size of at least 1, found " + batchSize);
    }
    if (prefetch < 0) {
      throw new IllegalArgumentException(
          "Loader: wanted at least 0 batches to prefetch, found " + prefetch);
    }
    if (dropLast && data.size() < batchSize) {
      throw new IllegalArgumentException(
          Message.of("Loader", "there is no full batch, and the last one is dropped")
              .row("batch", batchSize)
              .row("found", data.size() + " samples")
              .toString());
    }
    this.data = data;
    this.batchSize = batchSize;
    this.seed = seed;
    this.dropLast = dropLast;
    this.prefetch = prefetch;
    this.mixup = mixup;
    this.device = device;
    this.stalls = stalls;
  }

  private Loader(Dataset data, int batchSize, Optional<Seed> seed) {
    this(data, batchSize, seed, false, PREFETCH, Optional.empty(), Device.CPU, noStalls());
  }

  Loader(Dataset data, int batchSize) {
    this(data, batchSize, Optional.empty());
  }

  Loader(Dataset data, int batchSize, Seed seed) {
    this(data, batchSize, Optional.of(seed));
  }

  /// This loader without the last batch of an epoch where that is smaller than the others.
  ///
  /// @throws IllegalArgumentException if no batch would be left
  public Loader dropLast() {
    return with(true, prefetch, mixup);
  }

  /// This loader with up to `batches` prepared ahead, by default 2; 0 prepares each one when it is
  /// asked for, without a thread.
  public Loader prefetch(int batches) {
    return with(dropLast, batches, mixup);
  }

  /// This loader with the samples of every batch mixed, by shares from the beta distribution
  /// Beta(`alpha`, `alpha`): [Mixup]. Classes become probabilities.
  ///
  /// ```java
  /// var loader = train.shuffled(Seed.of(2)).batches(64).mixup(0.2, Seed.of(3));
  /// ```
  ///
  /// @param seed from which shares and partners follow
  /// @throws IllegalArgumentException if `alpha` is not above 0
  public Loader mixup(double alpha, Seed seed) {
    return with(dropLast, prefetch, Optional.of(new Mixup(alpha, seed)));
  }

  private Loader with(boolean dropLast, int prefetch, Optional<Mixup> mixup) {
    return new Loader(data, batchSize, seed, dropLast, prefetch, mixup, device, noStalls());
  }

  private static AtomicReference<Stalls> noStalls() {
    return new AtomicReference<>(Stalls.NONE);
  }

  /// This loader with batches that live on `device`. One that takes them ahead, as a GPU does, gets
  /// them from the loader's thread: while it computes with one batch, the next ones are sent. They
  /// go into the same memory again and again, that of as many batches as are prepared and one more.
  ///
  /// ```java
  /// model.to(device);
  /// for (var batch : loader.to(device)) { … }
  /// ```
  ///
  /// The meter of [#stalls()] is that of this loader.
  public Loader to(Device device) {
    return new Loader(data, batchSize, seed, dropLast, prefetch, mixup, device, stalls);
  }

  /// Where the batches live.
  public Device device() {
    return device;
  }

  /// How the samples of a batch are mixed, if they are.
  public Optional<Mixup> mixup() {
    return mixup;
  }

  /// The samples.
  public Dataset data() {
    return data;
  }

  /// The number of samples in a batch; the last one of an epoch may have fewer.
  public int batchSize() {
    return batchSize;
  }

  /// What the orders of the epochs follow from; empty if the samples are not shuffled.
  public Optional<Seed> seed() {
    return seed;
  }

  /// The number of batches in an epoch.
  public int batches() {
    return dropLast ? data.size() / batchSize : Math.ceilDiv(data.size(), batchSize);
  }

  /// The number of samples in an epoch.
  public int samples() {
    return dropLast ? batches() * batchSize : data.size();
  }

  /// The next epoch: the first call begins epoch 0.
  @Override
  public Pass iterator() {
    return epoch(nextEpoch++);
  }

  /// The given epoch, whatever was read before.
  public Pass epoch(long epoch) {
    return epoch(epoch, 0);
  }

  /// The given epoch from batch `first` on, as if the batches before had been read: for a training
  /// that goes on where it was stopped.
  ///
  /// @throws IllegalArgumentException if the epoch has fewer than `first` batches
  public Pass epoch(long epoch, int first) {
    if (first < 0 || first > batches()) {
      throw new IllegalArgumentException(
          "Loader: wanted a batch from 0 to " + batches() + ", found " + first);
    }
    return new Pass(this, epoch, first);
  }

  /// How long consumers of this loader waited for batches so far, over all epochs.
  public Stalls stalls() {
    return stalls.get();
  }

  /// The positions of the samples of an epoch.
  int[] order(long epoch) {
    int[] order = data.order();
    if (seed.isEmpty()) {
      return order;
    }
    int[] permutation = Tensor.permutation(seed.get().fold(epoch), order.length).toInts();
    int[] shuffled = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      shuffled[i] = order[permutation[i]];
    }
    return shuffled;
  }

  int prefetch() {
    return prefetch;
  }

  AtomicReference<Stalls> meter() {
    return stalls;
  }
}
