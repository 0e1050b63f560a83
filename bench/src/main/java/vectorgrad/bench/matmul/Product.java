package vectorgrad.bench.matmul;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A product to compute, `C = A·B` of m × k by k × n elements.
///
/// @param leftTransposed whether A lies in memory column after column
/// @param rightTransposed whether B does, as the weights of a linear layer do
public record Product(int m, int n, int k, boolean leftTransposed, boolean rightTransposed) {
  private static final Pattern TEXT = Pattern.compile("(\\d+)x(\\d+)x(\\d+) ([nt])([nt])");

  /// Prime, so that a row never repeats the one above.
  private static final int PERIOD = 251;

  /// Reads `64x256x784 nt`: m × n × k, then for each operand whether it is transposed.
  public static Product of(String text) {
    Matcher found = TEXT.matcher(text);
    if (!found.matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is no product");
    }
    return new Product(
        Integer.parseInt(found.group(1)),
        Integer.parseInt(found.group(2)),
        Integer.parseInt(found.group(3)),
        found.group(4).equals("t"),
        found.group(5).equals("t"));
  }

  /// A in the order of memory.
  public float[] left() {
    float[] a = new float[m * k];
    for (int i = 0; i < m; i++) {
      for (int p = 0; p < k; p++) {
        a[leftTransposed ? (p * m) + i : (i * k) + p] = left(i, p);
      }
    }
    return a;
  }

  /// B in the order of memory.
  public float[] right() {
    float[] b = new float[k * n];
    for (int p = 0; p < k; p++) {
      for (int j = 0; j < n; j++) {
        b[rightTransposed ? (j * k) + p : (p * n) + j] = right(p, j);
      }
    }
    return b;
  }

  private float left(int i, int p) {
    return number((i * k) + p);
  }

  private float right(int p, int j) {
    return number((7 * p * n) + (3 * j));
  }

  /// From −1 to 1.
  private static float number(int place) {
    return (2f * Math.floorMod(place, PERIOD) / (PERIOD - 1)) - 1;
  }

  /// Refuses a result that is not the product: who computes something else is not measured.
  public void expect(float[] c) {
    if (c.length != m * n) {
      throw new IllegalStateException("%s: %d elements".formatted(this, c.length));
    }
    int step = Math.max(1, c.length / 1000); // some elements stand for all
    for (int place = 0; place < c.length; place += step) {
      double sum = 0;
      for (int p = 0; p < k; p++) {
        sum += (double) left(place / n, p) * right(p, place % n);
      }
      // k sums, each rounded, of products of at most 1
      if (!(Math.abs(c[place] - sum) <= k * (k + 1) * 0x1p-24)) {
        throw new IllegalStateException(
            "%s: element %d is %s and should be %s".formatted(this, place, c[place], sum));
      }
    }
  }

  /// As [#of] reads it.
  @Override
  public String toString() {
    return "%dx%dx%d %s%s"
        .formatted(m, n, k, leftTransposed ? "t" : "n", rightTransposed ? "t" : "n");
  }
}
