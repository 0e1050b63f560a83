package vectorgrad.tensor.linalg;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// `A = V·diag(w)·Vᵀ` of a symmetric matrix.
///
/// First reflections make A tridiagonal, `A = Q·T·Qᵀ`; then rotations make T diagonal. Each sweep
/// of rotations is one step of the QR algorithm with Wilkinson's shift, which converges cubically:
/// about two sweeps an eigenvalue. Of the many ways this one is chosen because its cost is
/// foreseeable, about 9·n³ flops with vectors, where Jacobi's rotations of the full matrix take
/// five times as many; eigenvalues have an absolute error of a few ulp of the largest either way.
///
/// Source: Golub & Van Loan §8.3.
///
/// @param values the n eigenvalues, ascending
/// @param vectors (n, n): row `i` is the eigenvector of value `i`, of length 1; the first of its
///   largest components is positive
@SuppressWarnings("ArrayRecordComponent") // nobody compares it
public record SymmetricEigen(double[] values, Matrix vectors) {
  /// Two or three are usual.
  private static final int SWEEPS_PER_VALUE = 30;

  private static final double EPSILON = 0x1p-53;

  /// Decomposes `a`, of which the lower triangle is read.
  ///
  /// @throws ArithmeticException if the sweeps do not converge
  public static SymmetricEigen of(Matrix a) {
    return of(a, SWEEPS_PER_VALUE);
  }

  static SymmetricEigen of(Matrix a, int sweepsPerValue) {
    int n = a.rows();
    Matrix full = Matrix.zeros(n, n);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        full.row(i)[j] = a.get(i, j);
        full.row(j)[i] = a.get(i, j);
      }
    }
    int exponent = full.exponent();
    double[] diagonal = new double[n];
    double[] beside = new double[n]; // beside[i] joins i and i + 1; the last is not used
    Matrix vectors = tridiagonalize(full.scaled(-exponent).values(), diagonal, beside);
    diagonalize(diagonal, beside, vectors, sweepsPerValue);
    return sorted(diagonal, vectors, exponent);
  }

  /// Reflects column after column of `a` from both sides, `A ← H·A·H`, so that only the diagonals
  /// are left; returns Qᵀ.
  ///
  /// With `p = β·A·v` and `w = p − (β/2)(p·v)·v` both sides at once are `A − v·wᵀ − w·vᵀ`.
  private static Matrix tridiagonalize(double[][] a, double[] diagonal, double[] beside) {
    int n = a.length;
    Reflection[] reflections = new Reflection[Math.max(0, n - 2)];
    double[] w = new double[n];
    for (int k = 0; k < n - 2; k++) {
      Reflection h = Reflection.of(a[k], k + 1); // row k is column k
      reflections[k] = h;
      beside[k] = h.image();
      if (h.beta() == 0) {
        continue;
      }
      double[] v = h.v();
      for (int i = k + 1; i < n; i++) {
        w[i] = h.beta() * Vectors.dot(a[i], v, k + 1, n);
      }
      double half = h.beta() / 2 * Vectors.dot(w, v, k + 1, n);
      Vectors.addScaled(-half, v, w, k + 1, n);
      for (int i = k + 1; i < n; i++) {
        Vectors.addScaled(-v[i], w, a[i], k + 1, n);
        Vectors.addScaled(-w[i], v, a[i], k + 1, n);
      }
    }
    if (n > 1) {
      beside[n - 2] = a[n - 1][n - 2];
    }
    for (int i = 0; i < n; i++) {
      diagonal[i] = a[i][i];
    }
    Matrix columns = Matrix.identity(n); // row j is column j of Q = H₀·H₁·…
    for (int k = n - 3; k >= 0; k--) {
      for (int j = k + 1; j < n; j++) {
        reflections[k].applyTo(columns.row(j));
      }
    }
    return columns;
  }

  /// Splits off one eigenvalue after the other at the lower end.
  private static void diagonalize(
      double[] diagonal, double[] beside, Matrix vectors, int sweepsPerValue) {
    int sweeps = 0;
    int end = diagonal.length - 1;
    while (end > 0) {
      for (int i = 0; i < end; i++) {
        double neighbours = Math.abs(diagonal[i]) + Math.abs(diagonal[i + 1]);
        if (Math.abs(beside[i]) <= EPSILON * neighbours || Math.abs(beside[i]) < 1e-150) {
          beside[i] = 0;
        }
      }
      if (beside[end - 1] == 0) {
        end--;
        continue;
      }
      int start = end - 1; // the last block that does not fall apart
      while (start > 0 && beside[start - 1] != 0) {
        start--;
      }
      if (sweeps++ >= (long) sweepsPerValue * diagonal.length) {
        throw new ArithmeticException(
            "value " + end + " did not settle in " + (sweeps - 1) + " sweeps");
      }
      sweep(diagonal, beside, vectors, start, end);
    }
  }

  /// One implicit QR step on the block from `start` to `end`: the first rotation is that of the
  /// shifted matrix, and makes a bulge beside the diagonals that the others chase out at the end.
  private static void sweep(
      double[] diagonal, double[] beside, Matrix vectors, int start, int end) {
    double x = diagonal[start] - shift(diagonal[end - 1], diagonal[end], beside[end - 1]);
    double bulge = beside[start];
    for (int k = start; k < end; k++) {
      double length = Math.sqrt(x * x + bulge * bulge);
      double c = length == 0 ? 1 : x / length;
      double s = length == 0 ? 0 : bulge / length;
      if (k > start) {
        beside[k - 1] = length;
      }
      double upper = diagonal[k];
      double lower = diagonal[k + 1];
      double joint = beside[k];
      double turned = 2 * c * s * joint;
      diagonal[k] = c * c * upper + turned + s * s * lower;
      diagonal[k + 1] = s * s * upper - turned + c * c * lower;
      beside[k] = c * s * (lower - upper) + (c * c - s * s) * joint;
      x = beside[k];
      if (k + 1 < end) {
        bulge = s * beside[k + 1];
        beside[k + 1] *= c;
      }
      Vectors.rotate(vectors.row(k), vectors.row(k + 1), c, s);
    }
  }

  /// Wilkinson's shift: the eigenvalue of the last 2×2 block that is nearer to its last element.
  private static double shift(double above, double last, double beside) {
    double half = (above - last) / 2;
    double root = Math.sqrt(half * half + beside * beside);
    return last - beside / (half + (half < 0 ? -root : root)) * beside;
  }

  private static SymmetricEigen sorted(double[] diagonal, Matrix vectors, int exponent) {
    int n = diagonal.length;
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> diagonal[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] values = Arrays.stream(order).mapToDouble(i -> diagonal[i]).toArray();
    Matrix sorted = Matrix.zeros(n, n);
    for (int i = 0; i < n; i++) {
      values[i] = Math.scalb(values[i], exponent);
      double[] vector = vectors.row(order[i]);
      Vectors.scale(Vectors.pointsBackwards(vector) ? -1 : 1, vector);
      sorted.values()[i] = vector;
    }
    return new SymmetricEigen(values, sorted);
  }
}
