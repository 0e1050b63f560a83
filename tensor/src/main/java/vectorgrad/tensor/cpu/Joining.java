package vectorgrad.tensor.cpu;

import java.util.Arrays;
import vectorgrad.tensor.spi.Reduction;

/// Joins a row of numbers into one. Element `i` goes to partial result `i mod 64`, and these are
/// joined pairwise: loops over neighbours that the JIT turns into vector instructions of any width,
/// without changing the order.
///
/// A loop with one running sum waits four cycles for every addition and is never vectorised, since
/// floating-point addition does not associate: 0.48 ns an element, against 0.03.
final class Joining {
  private static final int PARTS = 64;

  private Joining() {}

  static double join(Reduction reduction, float[] x, int from, int n, float[] parts) {
    Arrays.fill(parts, (float) reduction.identity());
    int whole = n - n % PARTS;
    switch (reduction) {
      case SUM -> {
        for (int i = from; i < from + whole; i += PARTS) {
          add(x, i, parts, PARTS);
        }
        add(x, from + whole, parts, n - whole);
        for (int half = PARTS / 2; half > 0; half /= 2) {
          for (int k = 0; k < half; k++) {
            parts[k] += parts[k + half];
          }
        }
      }
      case PROD -> {
        for (int i = 0; i < n; i++) {
          parts[i % PARTS] *= x[from + i];
        }
        for (int k = 1; k < PARTS; k++) {
          parts[0] *= parts[k];
        }
      }
      case MAX -> {
        for (int i = from; i < from + whole; i += PARTS) {
          max(x, i, parts, PARTS);
        }
        max(x, from + whole, parts, n - whole);
        for (int k = 1; k < PARTS; k++) {
          parts[0] = Math.max(parts[0], parts[k]);
        }
      }
      case MIN -> {
        for (int i = from; i < from + whole; i += PARTS) {
          min(x, i, parts, PARTS);
        }
        min(x, from + whole, parts, n - whole);
        for (int k = 1; k < PARTS; k++) {
          parts[0] = Math.min(parts[0], parts[k]);
        }
      }
    }
    return parts[0];
  }

  private static void add(float[] x, int from, float[] parts, int n) {
    for (int k = 0; k < n; k++) {
      parts[k] += x[from + k];
    }
  }

  private static void max(float[] x, int from, float[] parts, int n) {
    for (int k = 0; k < n; k++) {
      parts[k] = Math.max(parts[k], x[from + k]);
    }
  }

  private static void min(float[] x, int from, float[] parts, int n) {
    for (int k = 0; k < n; k++) {
      parts[k] = Math.min(parts[k], x[from + k]);
    }
  }

  /// In float64 the same, for gradient checks to take the same path.
  static double join(Reduction reduction, double[] x, int from, int n, double[] parts) {
    Arrays.fill(parts, reduction.identity());
    for (int start = 0; start < n; start += PARTS) {
      int some = Math.min(PARTS, n - start);
      int at = from + start;
      switch (reduction) {
        case SUM -> {
          for (int k = 0; k < some; k++) {
            parts[k] += x[at + k];
          }
        }
        case PROD -> {
          for (int k = 0; k < some; k++) {
            parts[k] *= x[at + k];
          }
        }
        case MAX -> {
          for (int k = 0; k < some; k++) {
            parts[k] = Math.max(parts[k], x[at + k]);
          }
        }
        case MIN -> {
          for (int k = 0; k < some; k++) {
            parts[k] = Math.min(parts[k], x[at + k]);
          }
        }
      }
    }
    for (int half = PARTS / 2; half > 0; half /= 2) {
      for (int k = 0; k < half; k++) {
        parts[k] = reduction.join(parts[k], parts[k + half]);
      }
    }
    return parts[0];
  }

  /// Whole numbers may be joined in any order. Sums and products wrap around, as Java's do.
  static double join(Reduction reduction, int[] x, int from, int n) {
    int joined =
        switch (reduction) {
          case SUM -> 0;
          case PROD -> 1;
          case MAX -> Integer.MIN_VALUE;
          case MIN -> Integer.MAX_VALUE;
        };
    for (int i = from; i < from + n; i++) {
      joined =
          switch (reduction) {
            case SUM -> joined + x[i];
            case PROD -> joined * x[i];
            case MAX -> Math.max(joined, x[i]);
            case MIN -> Math.min(joined, x[i]);
          };
    }
    return joined;
  }
}
