package vectorgrad.tensor;

import java.util.List;

/// Tensors of numbers in a pattern: ranges, grids, identities. See the methods of [Tensor] that
/// have these names.
final class Creation {
  private Creation() {}

  static Tensor arange(double start, double end, double step, DType dtype) {
    double count = Math.ceil((end - start) / step);
    if (step == 0 || !Double.isFinite(start) || !Double.isFinite(step) || !Double.isFinite(count)) {
      throw new IllegalArgumentException(
          Message.of("arange", "cannot count from " + start + " to " + end + " by " + step)
              .row("rule", "numbers are finite, and the step is not 0")
              .toString());
    }
    if (!dtype.isFloating() && (start != Math.rint(start) || step != Math.rint(step))) {
      throw new DTypeException(
          Message.of("arange", dtype + " has no fractions")
              .row("start", start)
              .row("step", step)
              .row("help", "take a floating dtype"));
    }
    double[] values = new double[length("arange", Math.max(0, count))];
    for (int i = 0; i < values.length; i++) {
      values[i] = start + i * step;
    }
    if (values.length > 0) {
      Tensor.expectNumber("arange", start, Shape.of(values.length), dtype);
      Tensor.expectNumber("arange", values[values.length - 1], Shape.of(values.length), dtype);
    }
    return Tensor.of(values).to(dtype);
  }

  /// As NumPy computes it, to the bit: `start + i·step`, the last one replaced by `end`. A step
  /// that is lost to underflow is distributed first and multiplied then.
  static Tensor linspace(double start, double end, int steps, DType dtype) {
    return Tensor.of(evenly("linspace", start, end, steps, dtype)).to(dtype);
  }

  static Tensor logspace(double start, double end, int steps, double base, DType dtype) {
    double[] values = evenly("logspace", start, end, steps, dtype);
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.pow(base, values[i]);
    }
    return Tensor.of(values).to(dtype);
  }

  private static double[] evenly(
      String operation, double start, double end, int steps, DType dtype) {
    if (!dtype.isFloating()) {
      throw new DTypeException(
          Message.of(operation, "needs a floating dtype, found " + dtype)
              .row("help", "arange counts in whole numbers"));
    }
    if (steps < 0) {
      throw new ShapeException(operation, "needs a number of steps, found " + steps);
    }
    double[] values = new double[length(operation, steps)];
    double parts = steps - 1;
    double step = (end - start) / parts;
    for (int i = 0; i < steps; i++) {
      values[i] = (step == 0 ? i / parts * (end - start) : i * step) + start;
    }
    if (steps > 1) {
      values[steps - 1] = end;
    } else if (steps == 1) {
      values[0] = start;
    }
    return values;
  }

  private static int length(String operation, double count) {
    if (count > Integer.MAX_VALUE - 8) {
      throw new ShapeException(
          Message.of(operation, "too many elements for one Java array, %.0f".formatted(count))
              .row("rule", "a tensor holds at most 2^31 − 9 elements"));
    }
    return (int) count;
  }

  static Tensor eye(int rows, int columns, DType dtype) {
    Tensor result = Tensor.zeros(Shape.of(rows, columns), dtype);
    Tensor diagonal = result.diagonal(0, 0, 1);
    if (diagonal.size() > 0) {
      Tensor one = Tensor.ones(Shape.SCALAR, dtype);
      result.device().backend().copy(one.expand(diagonal.shape()), diagonal);
    }
    return result;
  }

  static Tensor triangleIndices(int rows, int columns, int diagonal, boolean lower) {
    long count = 0;
    for (int i = 0; i < rows; i++) {
      count += end(i, columns, diagonal, lower) - begin(i, columns, diagonal, lower);
    }
    int n = Shape.of(2, length("triangle", (double) count)).get(1);
    int[] indices = new int[2 * n];
    int place = 0;
    for (int i = 0; i < rows; i++) {
      int end = end(i, columns, diagonal, lower);
      for (int j = begin(i, columns, diagonal, lower); j < end; j++) {
        indices[place] = i;
        indices[n + place++] = j;
      }
    }
    return Tensor.of(indices, Shape.of(2, n));
  }

  private static int begin(int row, int columns, int diagonal, boolean lower) {
    return lower ? 0 : Math.clamp((long) row + diagonal, 0, columns);
  }

  private static int end(int row, int columns, int diagonal, boolean lower) {
    return lower ? Math.clamp((long) row + diagonal + 1, 0, columns) : columns;
  }

  static List<Tensor> meshgrid(Tensor... vectors) {
    int[] sizes = new int[vectors.length];
    for (int i = 0; i < sizes.length; i++) {
      if (vectors[i].rank() != 1) {
        throw new ShapeException(
            "meshgrid", "needs vectors, found " + vectors[i].shape(), vectors[i].shape());
      }
      sizes[i] = vectors[i].size();
    }
    Shape grid = Shape.of(sizes);
    Tensor[] result = new Tensor[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      int[] alone = new int[sizes.length];
      java.util.Arrays.fill(alone, 1);
      alone[i] = sizes[i];
      result[i] = vectors[i].reshape(Shape.of(alone)).expand(grid);
    }
    return List.of(result);
  }
}
