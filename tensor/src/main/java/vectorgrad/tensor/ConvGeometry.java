package vectorgrad.tensor;

/// How filters move over one, two or three spatial axes, and in how many groups.
public sealed interface ConvGeometry permits Conv1dGeometry, Conv2dGeometry, Conv3dGeometry {

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
