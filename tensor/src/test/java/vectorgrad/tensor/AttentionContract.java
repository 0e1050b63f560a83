package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Attention and its gradient over nasty layouts, against loops in float64.
abstract class AttentionContract {
  /// Sums of up to 300 products of numbers of about the size of 1, in f32.
  private static final double ACCUMULATED = 1e-4;

  private static final double EXACT = 1e-12;

  abstract Device device();

  /// Operands, and results in rows that have gaps.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  private record Drawn(
      Tensor[] inputs, Tensor dy, boolean causal, Tensor y, Tensor numbers, Tensor[] gradients) {}

  private Drawn drawn(long seed, DType dtype) {
    var nasty = new Nasty(seed, device());
    Random r = nasty.random();
    int[] lengths = {1, 2, 5, 17, 33, 66};
    int batch = 1 + r.nextInt(2);
    int shared = 1 + r.nextInt(2);
    int heads = shared * (1 + r.nextInt(3));
    int queries = lengths[r.nextInt(lengths.length)];
    int keys = r.nextInt(8) == 0 ? 270 : lengths[r.nextInt(lengths.length)];
    int features = 1 + r.nextInt(9);
    int width = 1 + r.nextInt(9);
    Tensor query = nasty.tensor(Shape.of(batch, heads, queries, features), dtype);
    Tensor key = nasty.tensor(Shape.of(batch, shared, keys, features), dtype);
    Tensor value = nasty.tensor(Shape.of(batch, shared, keys, width), dtype);
    Tensor dy = nasty.tensor(Shape.of(batch, heads, queries, width), dtype);
    Tensor[] gradients = {room(query), room(key), room(value)};
    return new Drawn(
        new Tensor[] {query, key, value},
        dy,
        r.nextBoolean(),
        room(dy),
        Tensor.full(7, Shape.of(batch, heads, queries, 2), dtype, device()),
        gradients);
  }

  /// (N, L, H, d) as (N, H, L, d), as layers want it, filled with what must be written over.
  private static Tensor room(Tensor x) {
    Shape shape = Shape.of(x.size(0), x.size(2), x.size(1), x.size(3));
    return Tensor.full(7, shape, x.dtype(), x.device()).swapaxes(1, 2);
  }

  private void run(Drawn d) {
    var backend = device().backend();
    Tensor[] in = d.inputs();
    backend.attention(in[0], in[1], in[2], d.causal(), d.y(), d.numbers());
    backend.attentionGradient(
        d.dy(), in[0], in[1], in[2], d.causal(), d.y(), d.numbers(), d.gradients());
  }

  @Property(tries = 40)
  void attentionIsAMeanOfValuesAndItsGradientTheChainRule(@ForAll long seed) {
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Drawn d = drawn(seed, dtype);
      run(d);
      double tolerance = dtype == DType.F32 ? ACCUMULATED : EXACT;
      Tensor query = d.inputs()[0];
      Tensor key = d.inputs()[1];
      int sharing = query.size(1) / key.size(1);
      double[][] gradients = new double[3][];
      for (int i = 0; i < 3; i++) {
        gradients[i] = new double[d.inputs()[i].size()];
      }
      double[] y = new double[d.y().size()];
      for (int n = 0; n < query.size(0); n++) {
        for (int h = 0; h < query.size(1); h++) {
          head(d, n, h, h / sharing, y, gradients);
        }
      }
      assertArrayEquals(y, d.y().to(DType.F64).toDoubles(), tolerance);
      for (int i = 0; i < 3; i++) {
        assertArrayEquals(gradients[i], d.gradients()[i].to(DType.F64).toDoubles(), 10 * tolerance);
      }
    }
  }

  /// One head, one query after the other.
  private static void head(Drawn d, int n, int h, int g, double[] y, double[][] gradients) {
    Model q = Model.of(d.inputs()[0]);
    Model k = Model.of(d.inputs()[1]);
    Model v = Model.of(d.inputs()[2]);
    Model dy = Model.of(d.dy());
    int queries = q.shape().get(2);
    int keys = k.shape().get(2);
    int features = q.shape().get(3);
    int width = v.shape().get(3);
    double root = Math.sqrt(features);
    for (int i = 0; i < queries; i++) {
      int seen = d.causal() ? Math.clamp(i + 1 + keys - queries, 0, keys) : keys;
      double[] weights = new double[seen];
      double total = 0;
      for (int j = 0; j < seen; j++) {
        double s = 0;
        for (int c = 0; c < features; c++) {
          s += q.get(n, h, i, c) * k.get(n, g, j, c);
        }
        weights[j] = Math.exp(s / root);
        total += weights[j];
      }
      double[] slopes = new double[seen];
      double mean = 0;
      for (int j = 0; j < seen; j++) {
        weights[j] /= total;
        for (int c = 0; c < width; c++) {
          y[place(d.y(), n, h, i, c)] += weights[j] * v.get(n, g, j, c);
          slopes[j] += dy.get(n, h, i, c) * v.get(n, g, j, c);
          gradients[2][place(d.inputs()[2], n, g, j, c)] += weights[j] * dy.get(n, h, i, c);
        }
        mean += weights[j] * slopes[j];
      }
      for (int j = 0; j < seen; j++) {
        double ds = weights[j] * (slopes[j] - mean) / root;
        for (int c = 0; c < features; c++) {
          gradients[0][place(d.inputs()[0], n, h, i, c)] += ds * k.get(n, g, j, c);
          gradients[1][place(d.inputs()[1], n, g, j, c)] += ds * q.get(n, h, i, c);
        }
      }
    }
  }

  /// In row-major order.
  private static int place(Tensor x, int n, int h, int i, int c) {
    return ((n * x.size(1) + h) * x.size(2) + i) * x.size(3) + c;
  }

  @Test
  void largeScoresOverflowNothingAndBlocksOfKeysAgreeOnTheLargest() {
    // keys of rising length: every block has a larger score than those before
    int keys = 600;
    Tensor ramp = Tensor.arange(keys, DType.F32).reshape(1, 1, keys, 1).to(device());
    Tensor query = Tensor.full(3, Shape.of(1, 1, 2, 1), DType.F32, device());
    Tensor y = Tensor.zeros(Shape.of(1, 1, 2, 1), DType.F32, device());
    Tensor numbers = Tensor.zeros(Shape.of(1, 1, 2, 2), DType.F32, device());
    device().backend().attention(query, ramp, ramp, false, y, numbers);
    // the last values e⁰·599, e⁻³·598, …
    double expected = 599 - 1 / (Math.exp(3) - 1);
    assertArrayEquals(new double[] {expected, expected}, y.to(DType.F64).toDoubles(), 1e-3);
    assertArrayEquals(
        new double[] {1797, 1 / (1 - Math.exp(-3))},
        numbers.to(DType.F64).narrow(2, 0, 1).toDoubles(),
        1e-4);
  }

  @Test
  void theBitsDoNotDependOnThreads() {
    int threads = device().backend().threads();
    try {
      for (long seed = 0; seed < 20; seed++) {
        byte[][] first = null;
        for (int count : new int[] {1, 2, 7}) {
          device().backend().threads(count);
          Drawn d = drawn(seed, DType.F32);
          run(d);
          byte[][] found = {bytes(d.y()), bytes(d.gradients()[0]), bytes(d.gradients()[1])};
          first = first == null ? found : first;
          assertArrayEquals(first, found);
        }
      }
    } finally {
      device().backend().threads(threads);
    }
  }

  private static byte[] bytes(Tensor x) {
    float[] values = x.toFloats();
    var bytes = java.nio.ByteBuffer.allocate(4 * values.length);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }
}
