package vectorgrad.data;

import java.util.Arrays;
import vectorgrad.tensor.Lease;
import vectorgrad.tensor.Shape;

/// The arrays of one batch in a loader's ring: filled by the loader's thread, then lent to the
/// consumer as tensors, then taken back and filled again.
final class BatchMemory {
  private static final String TERM = "a loader's batch, valid until the next one is asked for";

  private final Dataset data;
  private final int samples;
  private float[] inputs;
  private int[] labels;
  private float[] numbers;
  private Lease inputsLease;
  private Lease targetsLease;

  /// Memory for `samples` samples of `data`.
  BatchMemory(Dataset data, int samples) {
    this.data = data;
    this.samples = samples;
    allocateInputs();
    allocateTargets();
  }

  private void allocateInputs() {
    inputs = new float[Math.multiplyExact(samples, data.inputShape().size())];
  }

  private void allocateTargets() {
    switch (data.targets()) {
      case Targets.Classes _ -> labels = new int[samples];
      case Targets.Numbers n -> numbers = new float[samples * n.values().shape().size()];
    }
  }

  int samples() {
    return samples;
  }

  /// Reads the samples `order[from]`, `order[from + 1]`, …
  void fill(int[] order, int from) {
    int size = data.inputShape().size();
    for (int i = 0; i < samples; i++) {
      int sample = order[from + i];
      data.samples().read(sample, inputs, i * size);
      switch (data.targets()) {
        case Targets.Classes classes -> labels[i] = classes.label(sample);
        case Targets.Numbers n -> n.values().read(sample, numbers, i * n.values().shape().size());
      }
    }
  }

  /// The content as a batch, until [#takeBack()].
  Batch lend() {
    inputsLease = Lease.of(inputs, shape(data.inputShape()), TERM);
    targetsLease =
        switch (data.targets()) {
          case Targets.Classes _ -> Lease.of(labels, Shape.of(samples), TERM);
          case Targets.Numbers n -> Lease.of(numbers, shape(n.values().shape()), TERM);
        };
    return new Batch(inputsLease.tensor(), targetsLease.tensor());
  }

  /// Ends the batch. An array that somebody kept is replaced by another one.
  void takeBack() {
    if (!inputsLease.end()) {
      allocateInputs();
    }
    if (!targetsLease.end()) {
      allocateTargets();
    }
  }

  /// The shape of `samples` arrays of the given shape.
  private Shape shape(Shape one) {
    int[] sizes = new int[one.rank() + 1];
    Arrays.setAll(sizes, axis -> axis == 0 ? samples : one.get(axis - 1));
    return Shape.of(sizes);
  }
}
