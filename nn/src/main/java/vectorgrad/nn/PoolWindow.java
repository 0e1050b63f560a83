package vectorgrad.nn;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntFunction;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Pool1dGeometry;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;

/// The sizes and names of a [Pool].
final class PoolWindow {
  private PoolWindow() {}

  /// The same window along each of `axes`, that moves by its own size.
  static List<Pool1dGeometry> cube(int axes, int kernel) {
    return Collections.nCopies(axes, Pool1dGeometry.of(kernel));
  }

  /// The window of pictures.
  static PoolGeometry picture(List<Pool1dGeometry> window) {
    return PoolGeometry.both(window.get(0), window.get(1));
  }

  /// A copy of the list, which must have one to three axes.
  static List<Pool1dGeometry> checked(String name, List<Pool1dGeometry> window) {
    if (window.isEmpty() || window.size() > 3) {
      throw new IllegalArgumentException(
          Message.of(name, "one to three spatial axes are expected, found " + window.size())
              .toString());
    }
    return List.copyOf(window);
  }

  /// Refuses an input that has not batch, channels and `axes` spatial axes.
  static void check(Layer layer, String name, int axes, Shape shape) {
    if (shape.rank() != axes + 2) {
      String rule = axes == 1 ? "signals are N C L" : axes == 2 ? "pictures are N C H W" : "";
      throw new ShapeException(
          Location.message(
                  layer, name, "the input has " + shape.rank() + " axes instead of " + (axes + 2))
              .row("input", shape)
              .row("rule", rule.isEmpty() ? "volumes are N C D H W" : rule),
          shape);
    }
  }

  /// `MaxPool2d(2×2, stride 1)`
  static String label(String name, List<Pool1dGeometry> window) {
    StringBuilder text = new StringBuilder(name).append('(');
    int[] kernel = numbers(window, Pool1dGeometry::kernel);
    text.append(Filters.sizes(kernel));
    setting(text, "stride", window, Pool1dGeometry::stride, kernel);
    setting(text, "padding", window, Pool1dGeometry::padding, new int[kernel.length]);
    int[] dense = kernel.clone();
    Arrays.fill(dense, 1);
    setting(text, "dilation", window, Pool1dGeometry::dilation, dense);
    return text.append(window.getFirst().ceilMode() ? ", ceil)" : ")").toString();
  }

  private static void setting(
      StringBuilder text,
      String name,
      List<Pool1dGeometry> window,
      ToIntFunction<Pool1dGeometry> part,
      int[] usual) {
    int[] found = numbers(window, part);
    if (!Arrays.equals(found, usual)) {
      text.append(", ").append(name).append(' ').append(Filters.sizes(found));
    }
  }

  private static int[] numbers(List<Pool1dGeometry> window, ToIntFunction<Pool1dGeometry> part) {
    return window.stream().mapToInt(part).toArray();
  }
}
