package vectorgrad.tensor.linalg;

/// A Householder reflection `H = I − β·v·vᵀ`, which leaves everything across `v` as it is and turns
/// `v` around. It is orthogonal and its own inverse.
///
/// Source: G. Golub, C. Van Loan, "Matrix Computations", 4th edition, §5.1.
///
/// @param v the direction; zero before `from`
/// @param beta `2 / (v·v)`, or 0 for no reflection at all
/// @param from the first component that is not zero
/// @param image what the reflected vector has at `from`; the rest of it is zero
@SuppressWarnings("ArrayRecordComponent") // nobody compares it
record Reflection(double[] v, double beta, int from, double image) {

  /// The reflection that makes all components of `x` behind `from` zero and keeps those before it.
  ///
  /// `v = x ± ‖x‖·e`, with the sign that adds and so cancels nothing.
  static Reflection of(double[] x, int from) {
    double[] v = new double[x.length];
    System.arraycopy(x, from, v, from, x.length - from);
    double tail = Vectors.dot(v, v, from + 1, v.length);
    double first = v[from];
    if (tail == 0) {
      return new Reflection(v, 0, from, first);
    }
    double norm = Math.sqrt(first * first + tail);
    double image = first > 0 ? -norm : norm;
    v[from] = first - image;
    return new Reflection(v, 1 / (norm * (norm + Math.abs(first))), from, image);
  }

  /// `x ← H·x`.
  void applyTo(double[] x) {
    if (beta != 0) {
      Vectors.addScaled(-beta * Vectors.dot(v, x, from, v.length), v, x, from, v.length);
    }
  }
}
