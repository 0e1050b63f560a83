package vectorgrad.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// What a reduction should be: for every place that stays, a function of the list of elements, in
/// row-major order, that are joined there.
final class Slices {
  private Slices() {}

  /// The model of a reduction over `axes` (over everything without axes) with `keepDim`.
  static Model of(Tensor x, int[] axes, ToDoubleFunction<double[]> function) {
    return of(x.shape(), Model.of(x), axes, function);
  }

  static Model of(Shape shape, Model m, int[] axes, ToDoubleFunction<double[]> function) {
    boolean[] gone = new boolean[shape.rank()];
    for (int axis = 0; axis < gone.length; axis++) {
      int a = axis;
      gone[axis] =
          axes.length == 0 || IntStream.of(axes).anyMatch(i -> Math.floorMod(i, gone.length) == a);
    }
    int[] kept = shape.toArray();
    for (int axis = 0; axis < kept.length; axis++) {
      kept[axis] = gone[axis] ? 1 : kept[axis];
    }
    Shape result = Shape.of(kept);
    List<List<Double>> slices = new ArrayList<>();
    for (int i = 0; i < result.size(); i++) {
      slices.add(new ArrayList<>());
    }
    int[] index = new int[shape.rank()];
    for (int i = 0; i < shape.size(); i++, Model.next(index, shape)) {
      slices.get(number(index, gone, kept)).add(m.get(index));
    }
    double[] values =
        slices.stream()
            .map(slice -> slice.stream().mapToDouble(Double::doubleValue).toArray())
            .mapToDouble(function)
            .toArray();
    return new Model(result, at -> values[number(at, gone, kept)]);
  }

  private static int number(int[] index, boolean[] gone, int[] kept) {
    int number = 0;
    for (int axis = 0; axis < kept.length; axis++) {
      number = number * kept[axis] + (gone[axis] ? 0 : index[axis]);
    }
    return number;
  }

  /// Some of the axes, counted from either end; none means all.
  static int[] axes(Shape shape, Random random) {
    return IntStream.range(0, shape.rank())
        .filter(axis -> random.nextBoolean())
        .map(axis -> random.nextBoolean() ? axis : axis - shape.rank())
        .toArray();
  }

  /// The shape without the axes.
  static Shape dropped(Shape shape, int[] axes) {
    return axes.length == 0
        ? Shape.SCALAR
        : Shape.of(
            IntStream.range(0, shape.rank())
                .filter(axis -> Arrays.stream(axes).allMatch(a -> shape.axis(a) != axis))
                .map(shape::get)
                .toArray());
  }
}
