package vectorgrad.data;

import vectorgrad.tensor.Tensor;

/// Samples for one training step.
///
/// A batch that comes from a [Loader] lives on the loader's device and is lent: its tensors are
/// valid until the loader is asked for the next batch, and throw afterwards. Call [#keep()] to hold
/// on to one.
///
/// @param images the inputs, F32: (N, C, H, W) for pictures, (N, F) for rows of features
/// @param labels the targets: I32 (N) for classes, F32 (N, …) for numbers, F32 (N, C) for classes
///   that are [mixed][Mixup]
public record Batch(Tensor images, Tensor labels) {

  /// The inputs, under the name that suits data other than pictures.
  public Tensor inputs() {
    return images;
  }

  /// The targets, under the name that suits numbers rather than classes.
  public Tensor targets() {
    return labels;
  }

  /// The number of samples.
  public int size() {
    return images.size(0);
  }

  /// Lets this batch outlive the next one.
  public Batch keep() {
    images.keep();
    labels.keep();
    return this;
  }
}
