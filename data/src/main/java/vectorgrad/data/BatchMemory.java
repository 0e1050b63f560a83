package vectorgrad.data;

import java.util.Arrays;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Shape;

/// The arrays of one batch in a loader's ring: filled by the loader's thread, which also sends them
/// to a device that takes them ahead; then lent to the consumer as tensors, then taken back and
/// filled again.
final class BatchMemory {
  private final Dataset data;
  private final int samples;
  private final boolean mixed;
  private float[] inputs;
  private int[] labels;
  private float[] numbers;
  private float[] spareInputs; // where mixed samples go, never lent
  private float[] spareNumbers;
  private final Lent lentInputs;
  private final Lent lentTargets;

  /// Memory for `samples` samples of `data`.
  ///
  /// @param mixed whether classes are kept as probabilities, to be mixed
  /// @param device where the tensors live
  BatchMemory(Dataset data, int samples, boolean mixed, Device device) {
    this.data = data;
    this.samples = samples;
    this.mixed = mixed;
    this.lentInputs = new Lent(device);
    this.lentTargets = new Lent(device);
    allocateInputs();
    allocateTargets();
    if (mixed) {
      spareInputs = inputs.clone();
      spareNumbers = numbers.clone();
    }
  }

  private void allocateInputs() {
    inputs = new float[Math.multiplyExact(samples, data.inputShape().size())];
  }

  private void allocateTargets() {
    switch (data.targets()) {
      case Targets.Classes classes when mixed ->
          numbers = new float[samples * classes.names().size()];
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
        case Targets.Classes classes when mixed -> {
          int count = classes.names().size();
          Arrays.fill(numbers, i * count, (i + 1) * count, 0);
          numbers[i * count + classes.label(sample)] = 1;
        }
        case Targets.Classes classes -> labels[i] = classes.label(sample);
        case Targets.Numbers n -> n.values().read(sample, numbers, i * n.values().shape().size());
      }
    }
  }

  /// Mixes every sample and its target with its partner's.
  void mix(Mixup.Mix mix) {
    float[] plain = inputs;
    inputs = mixed(plain, spareInputs, mix);
    spareInputs = plain;
    plain = numbers;
    numbers = mixed(plain, spareNumbers, mix);
    spareNumbers = plain;
  }

  /// `λ·xᵢ + (1 − λ)·xⱼ`, computed in f64 and rounded once.
  private float[] mixed(float[] values, float[] result, Mixup.Mix mix) {
    int size = values.length / samples;
    double share = mix.share();
    for (int i = 0; i < samples; i++) {
      int own = i * size;
      int other = mix.partners()[i] * size;
      for (int k = 0; k < size; k++) {
        result[own + k] = (float) (share * values[own + k] + (1 - share) * values[other + k]);
      }
    }
    return result;
  }

  /// Makes the tensors, of the content as it is now.
  void show() {
    lentInputs.show(inputs, shape(data.inputShape()));
    switch (data.targets()) {
      case Targets.Classes classes when mixed ->
          lentTargets.show(numbers, Shape.of(samples, classes.names().size()));
      case Targets.Classes _ -> lentTargets.show(labels, Shape.of(samples));
      case Targets.Numbers n -> lentTargets.show(numbers, shape(n.values().shape()));
    }
  }

  /// The content as a batch, until [#takeBack()].
  Batch lend() {
    if (!lentTargets.isShown()) {
      show();
    }
    return new Batch(lentInputs.tensor(), lentTargets.tensor());
  }

  /// Ends the batch. An array that somebody kept is replaced by another one.
  void takeBack() {
    if (!lentInputs.end()) {
      allocateInputs();
    }
    if (!lentTargets.end()) {
      allocateTargets();
    }
  }

  /// Ends the batch, and gives back what a device holds of it.
  void close() {
    lentInputs.close();
    lentTargets.close();
  }

  /// The shape of `samples` arrays of the given shape.
  private Shape shape(Shape one) {
    int[] sizes = new int[one.rank() + 1];
    Arrays.setAll(sizes, axis -> axis == 0 ? samples : one.get(axis - 1));
    return Shape.of(sizes);
  }
}
