package vectorgrad.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Samples with their targets: pictures with classes, rows of features with numbers.
///
/// ```java
/// var parts = data.train().split(Seed.of(1), 55_000, 5_000);
/// for (var batch : parts.get(0).shuffled(Seed.of(2)).batches(64)) {
///   model.forward(batch.images());     // (64, 1, 28, 28)
/// }
/// ```
///
/// A dataset is immutable. [#take(int)], [#select(int...)] and [#split(Seed, int...)] give views:
/// they share the samples and cost one `int` per sample.
public final class Dataset {
  private final Samples inputs;
  private final Targets targets;
  private final int[] order;

  private Dataset(Samples inputs, Targets targets, int[] order) {
    this.inputs = inputs;
    this.targets = targets;
    this.order = order;
  }

  private static Dataset of(Samples inputs, Targets targets) {
    if (inputs.count() != targets.count()) {
      throw new IllegalArgumentException(
          Message.of("Dataset", inputs.count() + " inputs for " + targets.count() + " targets")
              .row("rule", "every input has one target")
              .toString());
    }
    return new Dataset(inputs, targets, IntStream.range(0, inputs.count()).toArray());
  }

  /// Samples of which each belongs to a class.
  ///
  /// @param labels for each sample the position of its class in `classes`; not copied
  /// @throws IllegalArgumentException if there are not as many labels as samples, or one has no
  ///   class
  public static Dataset of(Samples inputs, int[] labels, List<String> classes) {
    return of(inputs, new Targets.Classes(labels, classes));
  }

  /// Samples with numbers to be predicted.
  ///
  /// @throws IllegalArgumentException if there are not as many targets as samples
  public static Dataset of(Samples inputs, Samples targets) {
    return of(inputs, new Targets.Numbers(targets));
  }

  /// The same from tensors, which are copied: `inputs` F32 (N, …), `labels` I32 (N).
  ///
  /// @throws IllegalArgumentException if there are not as many labels as samples, or one has no
  ///   class
  public static Dataset of(Tensor inputs, Tensor labels, List<String> classes) {
    return of(samples(inputs), labels.toInts(), classes);
  }

  /// The same from tensors, which are copied: `inputs` F32 (N, …), `targets` F32 (N, …).
  ///
  /// @throws IllegalArgumentException if there are not as many targets as samples
  public static Dataset of(Tensor inputs, Tensor targets) {
    return of(samples(inputs), samples(targets));
  }

  private static Samples samples(Tensor tensor) {
    if (tensor.rank() == 0) {
      throw new ShapeException(
          "Dataset", "a tensor of samples has an axis for them, found a scalar", tensor.shape());
    }
    int[] sizes = tensor.shape().toArray();
    return Samples.of(tensor.toFloats(), Shape.of(Arrays.copyOfRange(sizes, 1, sizes.length)));
  }

  // ---- what it is -----------------------------------------------------------------------------

  /// The number of samples.
  public int size() {
    return order.length;
  }

  /// The shape of one input: (C, H, W) for pictures.
  public Shape inputShape() {
    return inputs.shape();
  }

  /// The names of the classes, in the order of their labels; empty if the targets are numbers.
  public List<String> classes() {
    return switch (targets) {
      case Targets.Classes classes -> classes.names();
      case Targets.Numbers _ -> List.of();
    };
  }

  /// How many samples each class has.
  public int[] classCounts() {
    int[] counts = new int[classes().size()];
    if (targets instanceof Targets.Classes labels) {
      for (int sample : order) {
        counts[labels.label(sample)]++;
      }
    }
    return counts;
  }

  /// All inputs in one F32 tensor, (N, C, H, W) for pictures. It takes 4 bytes a number (188 MB for
  /// the train pictures of MNIST); for training, ask for [#batches(int)].
  public Tensor images() {
    return everything().images();
  }

  /// All inputs, under the name that suits data other than pictures.
  public Tensor inputs() {
    return images();
  }

  /// All targets in one tensor: I32 (N) for classes, F32 (N, …) for numbers.
  public Tensor labels() {
    return everything().labels();
  }

  private Batch everything() {
    BatchMemory memory = new BatchMemory(this, size(), false, Device.CPU);
    memory.fill(order, 0);
    return memory.lend().keep();
  }

  // ---- parts ----------------------------------------------------------------------------------

  /// The first `n` samples, or all if there are fewer.
  public Dataset take(int n) {
    if (n < 0) {
      throw new IllegalArgumentException("take: wanted a count of at least 0, found " + n);
    }
    return new Dataset(inputs, targets, Arrays.copyOf(order, Math.min(n, order.length)));
  }

  /// The samples at the given positions, in that order.
  ///
  /// @throws IndexOutOfBoundsException if a position is not in `[0, size)`
  public Dataset select(int... positions) {
    int[] selected = new int[positions.length];
    for (int i = 0; i < selected.length; i++) {
      selected[i] = order[positions[i]];
    }
    return new Dataset(inputs, targets, selected);
  }

  /// Disjoint parts of the given sizes, drawn at random: the same seed gives the same parts on
  /// every machine. What the sizes leave over is in no part.
  ///
  /// @throws IllegalArgumentException if the sizes add up to more than there is
  public List<Dataset> split(Seed seed, int... sizes) {
    long sum = Arrays.stream(sizes).asLongStream().sum();
    if (sum > size() || Arrays.stream(sizes).anyMatch(size -> size < 0)) {
      throw new IllegalArgumentException(
          Message.of("split", "the parts need " + sum + " samples, the dataset has " + size())
              .row("sizes", Arrays.toString(sizes))
              .toString());
    }
    int[] permutation = Tensor.permutation(seed, size()).toInts();
    List<Dataset> parts = new ArrayList<>();
    int from = 0;
    for (int size : sizes) {
      parts.add(select(Arrays.copyOfRange(permutation, from, from + size)));
      from += size;
    }
    return List.copyOf(parts);
  }

  /// This dataset with its inputs normalized as they are read.
  ///
  /// @throws IllegalArgumentException if the normalization is for another number of channels
  public Dataset normalized(Normalization normalization) {
    return new Dataset(normalization.of(inputs), targets, order);
  }

  // ---- batches --------------------------------------------------------------------------------

  /// Batches in the order of the dataset, the same in every epoch: for evaluation.
  public Loader batches(int size) {
    return new Loader(this, size);
  }

  /// This dataset in random order, a new one for every epoch: for training.
  public Shuffled shuffled(Seed seed) {
    return new Shuffled(this, seed);
  }

  /// A dataset that is read in random order.
  ///
  /// @param data the samples
  /// @param seed folded with the number of the epoch, it gives the order
  public record Shuffled(Dataset data, Seed seed) {

    /// Batches in an order that depends on the seed and the epoch only.
    public Loader batches(int size) {
      return new Loader(data, size, seed);
    }
  }

  // ---- for the loader -------------------------------------------------------------------------

  Samples samples() {
    return inputs;
  }

  Targets targets() {
    return targets;
  }

  /// The samples' positions in [#samples()] and [#targets()]; not to be written.
  int[] order() {
    return order;
  }
}
