package vectorgrad.tensor;

import java.util.Arrays;
import java.util.Locale;

/// How a tensor looks as text: nested brackets as NumPy's, columns aligned, long rows wrapped, the
/// middle of long axes left out. Only the elements that are shown are read, and they alone decide
/// the notation.
final class Printing {
  private static final int EDGE = 3; // elements shown at each end of a long axis
  private static final int LONGEST_WHOLE = 1000; // elements up to which nothing is left out
  private static final int LINE = 80; // characters
  private static final int DECIMALS = 4;
  private static final double TOO_LARGE = 1e8; // for fixed notation
  private static final double TOO_SMALL = 1e-4;
  private static final double TOO_DIFFERENT = 1e6;

  private final Shape shape; // of the tensor
  private final Shape shownShape;
  private final boolean whole;
  private final String[] cells; // of the elements that are shown, in row-major order, aligned
  private final StringBuilder text = new StringBuilder();

  private Printing(Tensor tensor) {
    shape = tensor.shape();
    whole = tensor.size() <= LONGEST_WHOLE;
    int[] sizes = shape.toArray();
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = skips(axis) ? 2 * EDGE : sizes[axis];
    }
    shownShape = Shape.of(sizes);
    cells = cells(whole ? tensor : edges(tensor, shownShape));
    int width = Arrays.stream(cells).mapToInt(String::length).max().orElse(0);
    for (int i = 0; i < cells.length; i++) {
      cells[i] = " ".repeat(width - cells[i].length()) + cells[i];
    }
  }

  static String print(Tensor tensor) {
    var printing = new Printing(tensor);
    if (tensor.size() == 0) {
      printing.text.append("[]");
    } else if (tensor.rank() == 0) {
      printing.text.append(printing.cells[0]);
    } else {
      printing.axis(0, 0);
    }
    return "%s %s %s on %s"
        .formatted(printing.text, tensor.shape(), tensor.dtype(), tensor.device());
  }

  private boolean skips(int axis) {
    return !whole && shape.get(axis) > 2 * EDGE;
  }

  // ---- brackets -------------------------------------------------------------------------------

  /// The part along `axis` whose first cell has the given number; returns the number behind it.
  private int axis(int axis, int cell) {
    text.append('[');
    boolean row = axis == shape.rank() - 1;
    int next = cell;
    for (int i = 0; i < shownShape.get(axis); i++) {
      if (i > 0) {
        text.append(row ? "," : ",\n" + "\n".repeat(shape.rank() - axis - 2));
        text.append(row ? "" : " ".repeat(axis + 1));
      }
      if (i == EDGE && skips(axis)) {
        text.append(row ? fits(" …,", axis) : "…,\n" + "\n".repeat(shape.rank() - axis - 2));
        text.append(row ? "" : " ".repeat(axis + 1));
      }
      if (row) {
        text.append(fits(i == 0 ? cells[next] : " " + cells[next], axis));
        next++;
      } else {
        next = axis(axis + 1, next);
      }
    }
    text.append(']');
    return next;
  }

  /// A cell, on a new line if this one has no room for it and what may close it.
  private String fits(String cell, int axis) {
    int length = text.length() - (text.lastIndexOf("\n") + 1);
    boolean room = length + cell.length() + 1 <= LINE || !cell.startsWith(" ");
    return room ? cell : "\n" + " ".repeat(axis + 1) + cell.substring(1);
  }

  // ---- elements -------------------------------------------------------------------------------

  /// The first and the last elements of every long axis, in a small tensor.
  private static Tensor edges(Tensor tensor, Shape shown) {
    Tensor result = Tensor.uninitialized(shown, tensor.dtype(), tensor.device());
    copyEdges(tensor, result, 0);
    return result;
  }

  private static void copyEdges(Tensor from, Tensor to, int axis) {
    if (axis == from.rank()) {
      from.device().backend().copy(from, to);
    } else if (from.size(axis) == to.size(axis)) {
      copyEdges(from, to, axis + 1);
    } else {
      int size = from.size(axis);
      copyEdges(from.slice(axis, 0, EDGE), to.slice(axis, 0, EDGE), axis + 1);
      copyEdges(from.slice(axis, size - EDGE, size), to.slice(axis, EDGE, 2 * EDGE), axis + 1);
    }
  }

  private static String[] cells(Tensor shown) {
    String[] cells = new String[shown.size()];
    if (shown.dtype().isFloating()) {
      double[] values = shown.toDoubles();
      String format = format(values, shown.dtype());
      Arrays.setAll(cells, i -> cell(values[i], format));
    } else {
      long[] values = shown.to(DType.I64).toLongs();
      boolean truth = shown.dtype() == DType.BOOL;
      Arrays.setAll(cells, i -> truth ? "" + (values[i] != 0) : Long.toString(values[i]));
    }
    return cells;
  }

  private static String cell(double value, String format) {
    if (Double.isNaN(value)) {
      return "NaN";
    } else if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "-∞";
    }
    return String.format(Locale.ROOT, format, value);
  }

  /// Fixed notation, or scientific where sizes differ too much for it; with as many decimals, up to
  /// four, as it takes to tell every number's exact bits, or all four.
  private static String format(double[] values, DType dtype) {
    double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
    double largest = Arrays.stream(finite).map(Math::abs).max().orElse(0);
    double smallest = Arrays.stream(finite).map(Math::abs).filter(v -> v > 0).min().orElse(largest);
    boolean fractions = Arrays.stream(finite).anyMatch(v -> v != Math.rint(v));
    boolean scientific =
        largest >= TOO_LARGE
            || (fractions && (smallest < TOO_SMALL || largest / smallest > TOO_DIFFERENT));
    for (int decimals = 0; decimals < DECIMALS; decimals++) {
      String format = format(scientific, decimals);
      double[] read = new double[finite.length];
      for (int i = 0; i < read.length; i++) {
        read[i] = Double.parseDouble(String.format(Locale.ROOT, format, finite[i]));
      }
      if (Arrays.equals(Tensor.of(read).to(dtype).toDoubles(), finite)) {
        return format;
      }
    }
    return format(scientific, DECIMALS);
  }

  private static String format(boolean scientific, int decimals) {
    return "%." + decimals + (scientific ? "e" : decimals == 0 ? "f." : "f");
  }
}
