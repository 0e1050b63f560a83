package vectorgrad.tensor.cpu;

import java.util.concurrent.atomic.AtomicBoolean;

/// A linear map from a small square of numbers to another: one of the five of [Winograd], for many
/// tiles and channels at once.
///
/// Both squares are mapped by a matrix of zeros, ones and halves from the left and from the right,
/// so a map of one line of numbers says it all. Lines stand upright first, then they lie. The
/// numbers of a square may be anywhere, but the same ones of the next channel follow at once, so
/// vectors hold channels; [VectorTileTransform] has the same sums in the same order.
final class TileTransform {
  private static final boolean VECTOR = Lanes.bits() > 0;

  /// `Bᵀ d B`, 4×4 to 4×4: pixels that a tile sees.
  static final TileTransform INPUT =
      new TileTransform(
          4, 4, TileTransform::input, VECTOR ? VectorTileTransform::input : TileTransform::absent);

  /// `G g Gᵀ`, 3×3 to 4×4: a filter.
  static final TileTransform FILTER =
      new TileTransform(
          3,
          4,
          TileTransform::filter,
          VECTOR ? VectorTileTransform::filter : TileTransform::absent);

  /// `Aᵀ m A`, 4×4 to 2×2: the pixels of a tile.
  static final TileTransform OUTPUT =
      new TileTransform(
          4,
          2,
          TileTransform::output,
          VECTOR ? VectorTileTransform::output : TileTransform::absent);

  /// The adjoint of [#OUTPUT], 2×2 to 4×4, whose last line has the other sign, as has [#WEIGHT]'s.
  static final TileTransform SLOPE =
      new TileTransform(
          2, 4, TileTransform::slope, VECTOR ? VectorTileTransform::slope : TileTransform::absent);

  /// The adjoint of [#FILTER], 4×4 to 3×3, but for that sign.
  static final TileTransform WEIGHT =
      new TileTransform(
          4,
          3,
          TileTransform::weight,
          VECTOR ? VectorTileTransform::weight : TileTransform::absent);

  /// Tiles of a call that warms; channels are eight times as many. Before it is compiled it takes
  /// 0.4 ms, for which products wait in the same queue.
  private static final int WARMING = 4;

  /// More than such a call takes when it is compiled.
  private static final int WARM_NANOS = 800;

  /// From `in` numbers, `step` apart, to `out` numbers, `distance` apart.
  private interface Line {
    void run(float[] from, int at, int step, float[] to, int begin, int distance);
  }

  /// The numbers of a square are found at `places`, tiles are `step` apart, channels follow one
  /// another; the same holds for where they go.
  interface Tiles {
    void run(
        float[] from,
        int at,
        int[] places,
        int step,
        float[] to,
        int begin,
        int[] targets,
        int pitch,
        int tiles,
        int channels);
  }

  private final int in;
  private final int out;
  private final Line line;
  private final Tiles vectors;
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile boolean compiled;

  private TileTransform(int in, int out, Line line, Tiles vectors) {
    this.in = in;
    this.out = out;
    this.line = line;
    this.vectors = vectors;
  }

  /// Transforms some tiles; see [Tiles]. Vectors read and write whole vectors of channels. Tiles of
  /// [#INPUT] overlap: two columns of pixels are the next one's too. Those of [#OUTPUT] are written
  /// from the last to the first.
  void run(
      float[] from,
      int at,
      int[] places,
      int step,
      float[] to,
      int begin,
      int[] targets,
      int pitch,
      int tiles,
      int channels) {
    if (VECTOR && (compiled || Warmup.impatient)) {
      vectors.run(from, at, places, step, to, begin, targets, pitch, tiles, channels);
      return;
    }
    if (VECTOR && asked.compareAndSet(false, true)) {
      warm();
    }
    float[] square = new float[16];
    float[] half = new float[16];
    for (int t = tiles - 1; t >= 0; t--) {
      for (int c = 0; c < channels; c++) {
        for (int i = 0; i < in * in; i++) {
          square[i] = from[at + t * step + places[i] + c];
        }
        for (int j = 0; j < in; j++) {
          line.run(square, j, in, half, j, in);
        }
        for (int i = 0; i < out; i++) {
          line.run(half, i * in, 1, square, i * out, 1);
        }
        for (int i = 0; i < out * out; i++) {
          to[begin + t * pitch + targets[i] + c] = square[i];
        }
      }
    }
  }

  private static void absent(
      float[] from,
      int at,
      int[] places,
      int step,
      float[] to,
      int begin,
      int[] targets,
      int pitch,
      int tiles,
      int channels) {
    throw new IllegalStateException("there are no vectors");
  }

  private void warm() {
    int channels = 8 * WARMING;
    float[] from = new float[2 * channels];
    float[] to = new float[2 * channels];
    int[] places = new int[16];
    Warmup.start(
        Warmup.Kind.PRODUCT,
        () -> vectors,
        v -> v.run(from, 0, places, 0, to, 0, places, 0, WARMING, channels),
        WARM_NANOS,
        _ -> compiled = true);
  }

  private static void input(float[] d, int at, int step, float[] v, int to, int distance) {
    float d1 = d[at + step];
    float d2 = d[at + 2 * step];
    v[to] = d[at] - d2;
    v[to + distance] = d1 + d2;
    v[to + 2 * distance] = d2 - d1;
    v[to + 3 * distance] = d1 - d[at + 3 * step];
  }

  private static void filter(float[] g, int at, int step, float[] u, int to, int distance) {
    float even = 0.5f * g[at] + 0.5f * g[at + 2 * step];
    float odd = 0.5f * g[at + step];
    u[to] = g[at];
    u[to + distance] = even + odd;
    u[to + 2 * distance] = even - odd;
    u[to + 3 * distance] = g[at + 2 * step];
  }

  private static void output(float[] m, int at, int step, float[] y, int to, int distance) {
    float m1 = m[at + step];
    float m2 = m[at + 2 * step];
    y[to] = m[at] + m1 + m2;
    y[to + distance] = m1 - m2 - m[at + 3 * step];
  }

  private static void slope(float[] dy, int at, int step, float[] dm, int to, int distance) {
    float d0 = dy[at];
    float d1 = dy[at + step];
    dm[to] = d0;
    dm[to + distance] = d0 + d1;
    dm[to + 2 * distance] = d0 - d1;
    dm[to + 3 * distance] = d1;
  }

  private static void weight(float[] du, int at, int step, float[] dw, int to, int distance) {
    float u1 = 0.5f * du[at + step];
    float u2 = 0.5f * du[at + 2 * step];
    dw[to] = du[at] + (u1 + u2);
    dw[to + distance] = u1 - u2;
    dw[to + 2 * distance] = u1 + u2 - du[at + 3 * step];
  }
}
