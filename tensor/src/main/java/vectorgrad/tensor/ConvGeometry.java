package vectorgrad.tensor;

/// How filters move over one, two or three spatial axes, and in how many groups.
public sealed interface ConvGeometry permits Conv1dGeometry, Conv2dGeometry, Conv3dGeometry {

  /// The geometry of one, two or three spatial axes, each moved along as given.
  ///
  /// @throws IllegalArgumentException if there are none or more than three
  static ConvGeometry of(int groups, Sliding... along) {
    if (along.length < 1 || along.length > 3) {
      throw new IllegalArgumentException(
          "ConvGeometry: one to three spatial axes are expected, found " + along.length);
    }
    Sliding d = along[0];
    Sliding h = along[Math.max(0, along.length - 2)];
    Sliding w = along[along.length - 1];
    return switch (along.length) {
      case 1 -> new Conv1dGeometry(w.stride(), w.padding(), w.dilation(), groups);
      case 2 ->
          new Conv2dGeometry(
              h.stride(), w.stride(), h.padding(), w.padding(), h.dilation(), w.dilation(), groups);
      default ->
          new Conv3dGeometry(
              d.stride(),
              h.stride(),
              w.stride(),
              d.padding(),
              h.padding(),
              w.padding(),
              d.dilation(),
              h.dilation(),
              w.dilation(),
              groups);
    };
  }

  /// The number of spatial axes.
  int axes();

  /// How the filters move along one spatial axis, counted from 0.
  Sliding along(int axis);

  /// Channels are split into this many groups that do not see each other.
  int groups();

  /// The shape (N, O, …) of a convolution of `input` (N, C, …) with filters of the shape `weight`
  /// (O, C / groups, …).
  default Shape output(Shape input, Shape weight) {
    int[] sizes = input.toArray();
    sizes[1] = weight.get(0);
    for (int axis = 0; axis < axes(); axis++) {
      sizes[axis + 2] = along(axis).outputSize(sizes[axis + 2], weight.get(axis + 2));
    }
    return Shape.of(sizes);
  }
}
