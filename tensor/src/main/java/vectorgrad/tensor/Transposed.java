package vectorgrad.tensor;

/// Transposed convolutions by convolutions and their gradients, for any number of spatial axes.
///
/// An output padding of a whole stride or more is there only for dilated filters. The convolution
/// that leads back has then more places than x has elements; x is continued by zeros.
final class Transposed {
  private Transposed() {}

  static Tensor forward(
      String operation, Tensor x, Tensor weight, ConvGeometry g, int... outputPadding) {
    Convolved.dtype(operation, x, weight, g);
    Shape input = x.shape();
    Shape filters = weight.shape();
    Convolved.checkGroups(operation, "channels", filters.get(0), input, filters, g, true);
    if (input.get(1) != filters.get(0)) {
      throw Convolved.refused(
          Convolved.message(
              operation,
              "the input has %d channels, the filters expect %d"
                  .formatted(input.get(1), filters.get(0)),
              input,
              filters,
              true),
          input,
          filters);
    }
    Shape output = input.with(1, filters.get(1) * g.groups());
    for (int axis = 0; axis < g.axes(); axis++) {
      Sliding along = g.along(axis);
      int added = outputPadding[axis];
      if (added < 0 || added >= Math.max(along.stride(), along.dilation())) {
        throw new ShapeException(
            Message.of(operation, "no size of axis " + (axis + 2) + " has output padding " + added)
                .row("stride", along.stride())
                .row("dilation", along.dilation())
                .row("rule", "0 <= outputPadding < the larger of stride and dilation"),
            input,
            filters);
      }
      int size = along.inputSize(input.get(axis + 2), filters.get(axis + 2)) + added;
      if (size < 1 || input.get(axis + 2) < 1) {
        throw Convolved.refused(
            Convolved.message(
                    operation,
                    "the padding leaves nothing of axis " + (axis + 2),
                    input,
                    filters,
                    true)
                .row("rule", "(size − 1)·stride − 2·padding + dilation·(kernel − 1) >= 0"),
            input,
            filters);
      }
      output = output.with(axis + 2, size);
    }
    return adjoint(continued(x, output, filters, g), weight, output, g);
  }

  static Tensor inputGradient(
      String operation, Tensor dy, Tensor weight, Shape input, ConvGeometry g) {
    Convolved.dtype(operation, dy, weight, g);
    checkGradient(operation, dy.shape(), input, weight.shape(), g);
    Tensor dx =
        switch (g) {
          case Conv1dGeometry flat -> dy.conv1d(weight, flat);
          case Conv2dGeometry flat -> dy.conv2d(weight, flat);
          case Conv3dGeometry deep -> dy.conv3d(weight, deep);
        };
    for (int axis = 2; axis < dx.rank(); axis++) {
      dx = dx.narrow(axis, 0, input.get(axis));
    }
    return dx.contiguous();
  }

  static Tensor weightGradient(
      String operation, Tensor dy, Tensor x, Shape weight, ConvGeometry g) {
    Convolved.dtype(operation, dy, x, g);
    checkGradient(operation, dy.shape(), x.shape(), weight, g);
    Tensor wide = continued(x, dy.shape(), weight, g);
    return switch (g) {
      case Conv1dGeometry flat -> wide.conv1dWeightGradient(dy, weight, flat);
      case Conv2dGeometry flat -> wide.conv2dWeightGradient(dy, weight, flat);
      case Conv3dGeometry deep -> wide.conv3dWeightGradient(dy, weight, deep);
    };
  }

  private static Tensor adjoint(Tensor x, Tensor weight, Shape output, ConvGeometry g) {
    return switch (g) {
      case Conv1dGeometry flat -> x.conv1dInputGradient(weight, output, flat);
      case Conv2dGeometry flat -> x.conv2dInputGradient(weight, output, flat);
      case Conv3dGeometry deep -> x.conv3dInputGradient(weight, output, deep);
    };
  }

  /// x with zeros for all places that a convolution of the shape `output` has.
  private static Tensor continued(Tensor x, Shape output, Shape weight, ConvGeometry g) {
    int[] after = new int[x.rank()];
    for (int axis = 0; axis < g.axes(); axis++) {
      int places = g.along(axis).outputSize(output.get(axis + 2), weight.get(axis + 2));
      after[axis + 2] = places - x.size(axis + 2);
    }
    return x.pad(new int[x.rank()], after, 0);
  }

  private static void checkGradient(
      String operation, Shape dy, Shape input, Shape weight, ConvGeometry g) {
    int rank = g.axes() + 2;
    boolean fits =
        input.rank() == rank
            && weight.rank() == rank
            && dy.rank() == rank
            && dy.get(0) == input.get(0)
            && input.get(1) == weight.get(0)
            && weight.get(0) % g.groups() == 0
            && dy.get(1) == weight.get(1) * g.groups();
    for (int axis = 2; fits && axis < rank; axis++) {
      Sliding along = g.along(axis - 2);
      int added = dy.get(axis) - along.inputSize(input.get(axis), weight.get(axis));
      fits = added >= 0 && added < Math.max(along.stride(), along.dilation());
    }
    if (!fits) {
      throw Convolved.doesNotBelong(operation, dy, input, weight, true);
    }
  }
}
