package vectorgrad.tensor;

import java.util.Locale;

/// How a tensor looks as text: nested brackets, aligned columns, the middle of long axes left out.
final class Printing {
  private static final int EDGE = 3; // elements shown at each end of a long axis
  private static final int LONGEST_WHOLE = 1000; // elements up to which nothing is left out

  private final boolean whole;
  private final StringBuilder text = new StringBuilder();
  private final String format;
  private final int width;

  private Printing(Tensor tensor) {
    this.whole = tensor.size() <= LONGEST_WHOLE;
    this.format = format(tensor);
    int[] widest = {0};
    visit(tensor, element -> widest[0] = Math.max(widest[0], element.length()));
    this.width = widest[0];
  }

  static String print(Tensor tensor) {
    var printing = new Printing(tensor);
    if (tensor.rank() > 0) {
      printing.axis(tensor, 0);
    } else {
      printing.text.append(printing.element(tensor));
    }
    return "%s %s %s on %s"
        .formatted(printing.text, tensor.shape(), tensor.dtype(), tensor.device());
  }

  private void axis(Tensor part, int depth) {
    int size = part.size(0);
    text.append('[');
    for (int i = 0; i < size; i++) {
      if (i > 0) {
        text.append(part.rank() == 1 ? ", " : ",\n" + " ".repeat(depth + 1));
      }
      if (skips(size) && i == EDGE) {
        text.append("…");
        i = size - EDGE - 1;
      } else if (part.rank() == 1) {
        text.append(("%" + width + "s").formatted(element(part.select(0, i))));
      } else {
        axis(part.select(0, i), depth + 1);
      }
    }
    text.append(']');
  }

  private void visit(Tensor part, java.util.function.Consumer<String> visitor) {
    if (part.rank() == 0) {
      visitor.accept(element(part));
      return;
    }
    int size = part.size(0);
    for (int i = 0; i < size; i++) {
      if (skips(size) && i == EDGE) {
        i = size - EDGE;
      }
      visit(part.select(0, i), visitor);
    }
  }

  private boolean skips(int size) {
    return !whole && size > 2 * EDGE;
  }

  private String element(Tensor scalar) {
    if (!scalar.dtype().isFloating()) {
      long whole = scalar.itemLong();
      return scalar.dtype() == DType.BOOL ? Boolean.toString(whole != 0) : Long.toString(whole);
    }
    double value = scalar.item();
    return Double.isNaN(value)
        ? "NaN"
        : Double.isInfinite(value)
            ? (value > 0 ? "∞" : "−∞").replace('−', '-')
            : String.format(Locale.ROOT, format, value);
  }

  /// Fixed notation with four decimals, or scientific where sizes differ too much for it.
  private static String format(Tensor tensor) {
    if (!tensor.dtype().isFloating() || tensor.size() == 0) {
      return "%s";
    }
    double largest = 0;
    double smallest = Double.POSITIVE_INFINITY;
    boolean fractions = false;
    for (double value : tensor.toDoubles()) {
      double size = Math.abs(value);
      if (size > 0 && Double.isFinite(size)) {
        largest = Math.max(largest, size);
        smallest = Math.min(smallest, size);
        fractions |= size != Math.rint(size);
      }
    }
    if (largest >= 1e8 || (largest > 0 && (smallest < 1e-4 || largest / smallest > 1e6))) {
      return "%.4e";
    }
    return fractions ? "%.4f" : "%.0f.";
  }
}
