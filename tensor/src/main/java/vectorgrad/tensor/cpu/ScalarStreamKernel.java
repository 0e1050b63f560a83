package vectorgrad.tensor.cpu;

import java.util.Arrays;
import vectorgrad.tensor.cpu.StreamKernels.Form;

/// The [StreamKernel] for a JVM without the Vector API, and in place of one that is not yet
/// compiled ([Warmup]).
final class ScalarStreamKernel extends StreamKernel {
  private final Form form;
  private final int streams;
  private final int vectors;

  ScalarStreamKernel(Form form, int streams, int vectors) {
    this.form = form;
    this.streams = streams;
    this.vectors = vectors;
  }

  @Override
  void run(
      float[] a,
      int ao,
      int lda,
      float[] x,
      int xo,
      int ldx,
      int length,
      float[] sums,
      int so,
      int lds,
      boolean add) {
    int width = MatrixVector.width(vectors);
    for (int r = 0; r < streams; r++) {
      int at = ao + r * lda;
      for (int v = 0; v < vectors; v++) {
        if (form == Form.AXPY) {
          axpy(x[xo + v * ldx + r], a, at, length, sums, so + v * lds);
        } else {
          int to = so + (r * vectors + v) * lds;
          if (!add) {
            Arrays.fill(sums, to, to + width, 0f);
          }
          for (int k = 0; k < length; k += MatrixVector.sums(vectors)) {
            products(a, at + k, x, xo + v * ldx + k, Math.min(width, length - k), sums, to);
          }
        }
      }
    }
  }

  /// `sums += factor·a`
  static void axpy(float factor, float[] a, int ao, int length, float[] sums, int so) {
    for (int i = 0; i < length; i++) {
      sums[so + i] = Math.fma(factor, a[ao + i], sums[so + i]);
    }
  }

  private static void products(
      float[] a, int ao, float[] x, int xo, int count, float[] sums, int so) {
    for (int s = 0; s < count; s++) {
      sums[so + s] = Math.fma(a[ao + s], x[xo + s], sums[so + s]);
    }
  }

  @Override
  void rest(float[] a, int ao, float[] x, int xo, int depth, float[] sums, int so, int size) {
    // nothing: no elements of a dot product are left out
  }

  @Override
  void join(float[] sums, int count, int size) {
    for (int from = 0; from < count * size; from += size) {
      for (int half = size / 2; half > 0; half /= 2) {
        for (int s = from; s < from + half; s++) {
          sums[s] += sums[s + half];
        }
      }
    }
  }
}
