package vectorgrad.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Pool1dGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Sliding;
import vectorgrad.tensor.Tensor;

/// Layers that look through windows, written as matrix products: tap `u` of a window reads one
/// place for each place of the output, which is a matrix of zeros and ones along that axis.
final class Windows {
  private Windows() {}

  /// `m·x` along an axis, with a matrix (out, in).
  static Variable along(Variable x, int axis, Tensor m) {
    return x.movedim(axis, -1).matmul(Variable.constant(m.transpose())).movedim(-1, axis);
  }

  /// A matrix of ones where output `i` reads input `place(i)`; of no ones where there is no such.
  static Tensor reading(int out, int in, IntUnaryOperator place) {
    double[] ones = new double[out * in];
    for (int i = 0; i < out; i++) {
      int at = place.applyAsInt(i);
      if (at >= 0 && at < in) {
        ones[i * in + at] = 1;
      }
    }
    return Tensor.of(ones, Shape.of(out, in));
  }

  private static int padded(int place, int size, PadMode mode) {
    return switch (mode) {
      case CONSTANT -> place;
      case REFLECT -> place < 0 ? -place : place >= size ? 2 * (size - 1) - place : place;
      case REPLICATE -> Math.clamp(place, 0, size - 1);
      case CIRCULAR -> Math.floorMod(place, size);
    };
  }

  /// Every combination of taps, one index for each axis.
  static List<int[]> taps(int... kernel) {
    List<int[]> taps = List.of(new int[0]);
    for (int size : kernel) {
      List<int[]> longer = new ArrayList<>();
      for (int[] before : taps) {
        for (int u = 0; u < size; u++) {
          int[] tap = Arrays.copyOf(before, before.length + 1);
          tap[before.length] = u;
          longer.add(tap);
        }
      }
      taps = longer;
    }
    return taps;
  }

  private static int number(int[] tap, int[] kernel) {
    int number = 0;
    for (int axis = 0; axis < tap.length; axis++) {
      number = number * kernel[axis] + tap[axis];
    }
    return number;
  }

  // ---- convolutions -----------------------------------------------------------------------------

  /// The sum over all taps of the tap's weights times what the tap reads.
  static Variable convolved(Convolution<?> layer, Variable x) {
    boolean back = layer instanceof ConvTranspose;
    Shape weight = layer.weight().shape();
    int[] kernel = Arrays.copyOfRange(weight.toArray(), 2, weight.rank());
    int groups = layer.geometry().groups();
    Variable y = null;
    for (int[] tap : taps(kernel)) {
      Variable seen = back ? x : moved(layer, x, tap, kernel, false);
      int[] places = Arrays.copyOfRange(seen.shape().toArray(), 2, seen.rank());
      Variable w = layer.weight().flatten(2).select(2, number(tap, kernel)); // (first, second)
      Variable[] parts = new Variable[groups];
      for (int g = 0; g < groups; g++) {
        Variable own = w.narrow(0, g * w.size(0) / groups, w.size(0) / groups);
        Variable channels = seen.narrow(1, g * seen.size(1) / groups, seen.size(1) / groups);
        parts[g] = (back ? own.transpose() : own).matmul(channels.flatten(2));
      }
      Variable product = Variable.concat(1, parts);
      int[] shape = Arrays.copyOf(new int[] {x.size(0), product.size(1)}, 2 + places.length);
      System.arraycopy(places, 0, shape, 2, places.length);
      Variable term = product.reshape(shape);
      term = back ? moved(layer, term, tap, kernel, true) : term;
      y = y == null ? term : y.add(term);
    }
    Variable sum = y;
    int[] channels = new int[sum.rank()];
    Arrays.fill(channels, 1);
    channels[1] = -1;
    return layer.bias().map(b -> sum.add(b.reshape(channels))).orElse(sum);
  }

  /// What a tap reads, or where it writes.
  private static Variable moved(
      Convolution<?> layer, Variable x, int[] tap, int[] kernel, boolean back) {
    Variable y = x;
    for (int axis = 0; axis < tap.length; axis++) {
      Sliding s = layer.geometry().along(axis);
      int size = x.size(axis + 2);
      int reach = s.dilation() * (kernel[axis] - 1) + 1;
      int first = tap[axis] * s.dilation() - s.padding();
      if (back) {
        int more = ((ConvTranspose) layer).outputPadding().get(axis);
        int large = (size - 1) * s.stride() - 2 * s.padding() + reach + more;
        Tensor m = reading(size, large, i -> i * s.stride() + first);
        y = along(y, axis + 2, m.transpose());
      } else {
        int out = (size + 2 * s.padding() - reach) / s.stride() + 1;
        Tensor m = reading(out, size, i -> padded(i * s.stride() + first, size, layer.padMode()));
        y = along(y, axis + 2, m);
      }
    }
    return y;
  }

  // ---- pools ------------------------------------------------------------------------------------

  private static int outputs(Pool1dGeometry g, int size) {
    int room = size + 2 * g.padding() - g.dilation() * (g.kernel() - 1) - 1;
    int whole = room / g.stride() + 1;
    boolean more = g.ceilMode() && room % g.stride() != 0;
    return more && whole * g.stride() < size + g.padding() ? whole + 1 : whole; // starts inside
  }

  /// What a tap of a pool reads; `reach` is how far beyond the end of the input there are zeros.
  private static Variable read(List<Pool1dGeometry> window, Variable x, int[] tap) {
    Variable y = x;
    for (int axis = 0; axis < tap.length; axis++) {
      Pool1dGeometry g = window.get(axis);
      int size = x.size(axis + 2);
      int first = tap[axis] * g.dilation() - g.padding();
      y = along(y, axis + 2, reading(outputs(g, size), size, i -> i * g.stride() + first));
    }
    return y;
  }

  private static List<int[]> taps(List<Pool1dGeometry> window) {
    return taps(window.stream().mapToInt(Pool1dGeometry::kernel).toArray());
  }

  static Variable largest(MaxPool layer, Variable x) {
    Variable ones = Variable.constant(Tensor.fullLike(x.value(), 1));
    Variable y = null;
    for (int[] tap : taps(layer.window())) {
      Tensor beside = read(layer.window(), ones, tap).value().eq(0);
      Variable seen = read(layer.window(), x, tap).maskedFill(beside, Double.NEGATIVE_INFINITY);
      y = y == null ? seen : y.maximum(seen);
    }
    return y;
  }

  static Variable means(AvgPool layer, Variable x) {
    List<Pool1dGeometry> window = layer.window();
    Variable counted = Variable.constant(Tensor.fullLike(x.value(), 1));
    List<Pool1dGeometry> within = window;
    if (layer.countIncludePad()) { // the padding is there, but nothing beyond it
      for (int axis = 0; axis < window.size(); axis++) {
        int p = window.get(axis).padding();
        counted = counted.pad(axis + 2, p, p, 1);
      }
      within = window.stream().map(g -> g.padding(0)).toList();
    }
    Variable sum = null;
    Variable count = null;
    for (int[] tap : taps(window)) {
      Variable seen = read(window, x, tap);
      Variable one = read(within, counted, tap);
      sum = sum == null ? seen : sum.add(seen);
      count = count == null ? one : count.add(one);
    }
    return sum.div(count);
  }

  /// The largest of the elements from `from` on and below `to` along an axis.
  static Variable largest(Variable x, int axis, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> x.narrow(axis, i, 1))
        .reduce(Variable::maximum)
        .orElseThrow();
  }

  static Variable regions(AdaptivePool layer, Variable x) {
    Variable y = x;
    for (int axis = 2; axis < x.rank(); axis++) {
      int count = layer.sizes().get(axis - 2);
      int size = x.size(axis);
      Variable[] parts = new Variable[count];
      for (int i = 0; i < count; i++) {
        int from = i * size / count;
        int to = ((i + 1) * size + count - 1) / count;
        parts[i] =
            layer.maximum()
                ? largest(y, axis, from, to)
                : y.narrow(axis, from, to - from).sum(true, axis).div(to - from);
      }
      y = Variable.concat(axis, parts);
    }
    return y;
  }

  // ---- places between places --------------------------------------------------------------------

  static Variable resampled(Upsample layer, Variable x) {
    Variable y = x;
    for (int axis = 2; axis < x.rank(); axis++) {
      int in = x.size(axis);
      int out = (int) Math.floor(in * layer.factor());
      double[] shares = new double[out * in];
      for (int i = 0; i < out; i++) {
        double at =
            switch (layer.way()) {
              case NEAREST -> Math.floor(i / layer.factor());
              case LINEAR -> Math.max(0, ((i + 0.5) / layer.factor()) - 0.5);
              case LINEAR_ALIGNED -> i * (in - 1.0) / (out - 1);
            };
        int left = (int) Math.min(at, in - 1);
        shares[i * in + left] += 1 - (at - left);
        shares[i * in + Math.min(left + 1, in - 1)] += at - left;
      }
      y = along(y, axis, Tensor.of(shares, Shape.of(out, in)));
    }
    return y;
  }
}
