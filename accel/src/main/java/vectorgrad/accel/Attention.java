package vectorgrad.accel;

import static vectorgrad.numerics.Formula.input;

import java.util.List;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;

/// Attention without a matrix of scores: a work item keeps a query and what it has gathered for it,
/// and keys and values come by in tiles that the items of a group share (*online softmax*). When a
/// larger score appears, what was gathered is scaled down, so that no exponential overflows.
///
/// The gradient makes the weights again from the two numbers of each query. The queries' is another
/// walk over the keys, with an item for each query; the keys' and values' a walk over the queries,
/// with an item for each key, which adds up all heads that share it, in their order.
///
/// Source: Dao et al., *FlashAttention*, 2022; Milakov and Gimelshein, *Online normalizer
/// calculation for softmax*, 2018.
final class Attention {
  /// Work items of a group on a GPU, and how many keys or queries are in a tile.
  static final int ITEMS = 64;

  private static final int TILE = 16;

  /// Queries and values are as wide as the next power of two, filled with zeros, so that a kernel
  /// serves many sizes, and an item's numbers are registers.
  private static final int LEAST = 8;

  private static final String TYPES =
      """
      typedef struct {
        int heads; int groups; int queries; int keys; int causal; int width; int own;
        int q; int k; int v; int y; int numbers; int dy; int dq; int dk; int dv;
      } Sizes;
      """;

  /// How many keys query `i` sees: the first ones.
  private static final String FUNCTIONS =
      """
      int seen(const Sizes s, int i) {
        return s.causal ? clamp(i + s.keys - s.queries + 1, 0, s.keys) : s.keys;
      }
      REAL dot_of(const REAL* a, __local const REAL* b) {
        REAL sum = 0;
        for (int c = 0; c < W; c++) sum = fma(a[c], b[c], sum);
        return sum;
      }
      """;

  /// Where the item's query is; and the tile of keys and values that begins at `from`.
  private static final String QUERY =
      """
        const int item = get_local_id(0);
        const int blocks = (s.queries + ITEMS - 1) / ITEMS;
        const int head = get_group_id(0) / blocks;
        const int block = get_group_id(0) % blocks * ITEMS;
        const int i = min(block + item, s.queries - 1); /* the last ones do it twice */
        const int at = head * s.queries + i;
        const int shared =
            head / s.heads * s.groups + head % s.heads / (s.heads / s.groups);
        const int own = seen(s, i);
        const int end = seen(s, min(block + ITEMS, s.queries) - 1);
        __local REAL keys[TILE][W];
        __local REAL values[TILE][W];
        REAL query[W];
        for (int c = 0; c < W; c++) query[c] = c < s.width ? q[s.q + at * s.width + c] : 0;
        const REAL scale = 1 / sqrt((REAL) s.width);
      """;

  private static final String LOAD_KEYS =
      """
          barrier(CLK_LOCAL_MEM_FENCE);
          for (int e = item; e < TILE * W; e += ITEMS) {
            const int c = e % W;
            const int row = shared * s.keys + min(from + e / W, s.keys - 1);
            keys[e / W][c] = c < s.width ? k[s.k + row * s.width + c] : 0;
            values[e / W][c] = c < s.own ? v[s.v + row * s.own + c] : 0;
          }
          barrier(CLK_LOCAL_MEM_FENCE);
      """;

  private static final String FORWARD =
      """
      KERNEL
      void run(const Sizes s, IN q, IN k, IN v, OUT y, OUT numbers) {
      """
          + QUERY
          + """
            REAL gathered[W];
            for (int c = 0; c < W; c++) gathered[c] = 0;
            REAL most = -INFINITY;
            REAL total = 0;
            for (int from = 0; from < end; from += TILE) {
          """
          + LOAD_KEYS
          + """
              for (int j = 0; j < TILE && from + j < own; j++) {
                const REAL score = dot_of(query, keys[j]);
                if (score > most) {
                  const REAL less = exp_of((most - score) * scale);
                  total *= less;
                  for (int c = 0; c < W; c++) gathered[c] *= less;
                  most = score;
                }
                const REAL weight = exp_of((score - most) * scale);
                total += weight;
                for (int c = 0; c < W; c++) gathered[c] = fma(weight, values[j][c], gathered[c]);
              }
            }
            for (int c = 0; c < s.own; c++) {
              y[s.y + at * s.own + c] = own == 0 ? 0 : gathered[c] / total;
            }
            numbers[s.numbers + 2 * at] = own == 0 ? 0 : most;
            numbers[s.numbers + 2 * at + 1] = own == 0 ? 1 : total;
          }
          """;

  private static final String QUERY_GRADIENT =
      """
      KERNEL
      void run(const Sizes s, IN dy, IN q, IN k, IN v, IN y, IN numbers, OUT dq) {
      """
          + QUERY
          + """
            REAL up[W];
            REAL middle = 0;
            for (int c = 0; c < W; c++) {
              up[c] = c < s.own ? dy[s.dy + at * s.own + c] : 0;
              middle = c < s.own ? fma(up[c], y[s.y + at * s.own + c], middle) : middle;
            }
            const REAL most = numbers[s.numbers + 2 * at];
            const REAL total = numbers[s.numbers + 2 * at + 1];
            REAL gathered[W];
            for (int c = 0; c < W; c++) gathered[c] = 0;
            for (int from = 0; from < end; from += TILE) {
          """
          + LOAD_KEYS
          + """
              for (int j = 0; j < TILE && from + j < own; j++) {
                const REAL weight = exp_of((dot_of(query, keys[j]) - most) * scale) / total;
                const REAL slope = weight * (dot_of(up, values[j]) - middle) * scale;
                for (int c = 0; c < W; c++) gathered[c] = fma(slope, keys[j][c], gathered[c]);
              }
            }
            for (int c = 0; c < s.width; c++) dq[s.dq + at * s.width + c] = gathered[c];
          }
          """;

  private static final String KEY_GRADIENT =
      """
      KERNEL
      void run(const Sizes s, IN dy, IN q, IN k, IN v, IN y, IN numbers, OUT dk, OUT dv) {
        const int item = get_local_id(0);
        const int blocks = (s.keys + ITEMS - 1) / ITEMS;
        const int shared = get_group_id(0) / blocks;
        const int j = min((int) (get_group_id(0) % blocks) * ITEMS + item, s.keys - 1);
        const int at = shared * s.keys + j;
        const int each = s.heads / s.groups;
        __local REAL queries[TILE][W];
        __local REAL ups[TILE][W];
        __local REAL middles[TILE];
        __local REAL mosts[TILE];
        __local REAL totals[TILE];
        REAL key[W];
        REAL value[W];
        REAL gathered[W];
        REAL weighted[W];
        const REAL scale = 1 / sqrt((REAL) s.width);
        for (int c = 0; c < W; c++) {
          key[c] = c < s.width ? k[s.k + at * s.width + c] : 0;
          value[c] = c < s.own ? v[s.v + at * s.own + c] : 0;
          gathered[c] = 0;
          weighted[c] = 0;
        }
        for (int h = 0; h < each; h++) {
          const int head = shared / s.groups * s.heads + shared % s.groups * each + h;
          for (int from = 0; from < s.queries; from += TILE) {
            barrier(CLK_LOCAL_MEM_FENCE);
            for (int e = item; e < TILE * W; e += ITEMS) {
              const int c = e % W;
              const int row = head * s.queries + min(from + e / W, s.queries - 1);
              queries[e / W][c] = c < s.width ? q[s.q + row * s.width + c] : 0;
              ups[e / W][c] = c < s.own ? dy[s.dy + row * s.own + c] : 0;
            }
            for (int e = item; e < TILE && from + e < s.queries; e += ITEMS) {
              const int i = head * s.queries + from + e;
              mosts[e] = numbers[s.numbers + 2 * i];
              totals[e] = numbers[s.numbers + 2 * i + 1];
              REAL middle = 0;
              for (int c = 0; c < s.own; c++) {
                middle = fma(dy[s.dy + i * s.own + c], y[s.y + i * s.own + c], middle);
              }
              middles[e] = middle;
            }
            barrier(CLK_LOCAL_MEM_FENCE);
            for (int e = 0; e < TILE && from + e < s.queries; e++) {
              if (j >= seen(s, from + e)) continue;
              const REAL weight = exp_of((dot_of(key, queries[e]) - mosts[e]) * scale) / totals[e];
              const REAL slope = weight * (dot_of(value, ups[e]) - middles[e]) * scale;
              for (int c = 0; c < W; c++) {
                weighted[c] = fma(weight, ups[e][c], weighted[c]);
                gathered[c] = fma(slope, queries[e][c], gathered[c]);
              }
            }
          }
        }
        for (int c = 0; c < s.width; c++) dk[s.dk + at * s.width + c] = gathered[c];
        for (int c = 0; c < s.own; c++) dv[s.dv + at * s.own + c] = weighted[c];
      }
      """;

  private Attention() {}

  /// All without gaps.
  ///
  /// @param items of a group
  static void forward(
      Queue queue, int items, Tensor q, Tensor k, Tensor v, boolean causal, Tensor y, Tensor n) {
    int[] sizes = sizes(q, k, v, causal);
    at(sizes, 7, q, k, v, y, n);
    run(queue, items, "attention", FORWARD, q, v, q.size(2), q.size(1), sizes, q, k, v, y, n);
  }

  /// All without gaps.
  ///
  /// @param items of a group
  static void gradient(
      Queue queue,
      int items,
      Tensor dy,
      Tensor q,
      Tensor k,
      Tensor v,
      boolean causal,
      Tensor y,
      Tensor n,
      Tensor dq,
      Tensor dk,
      Tensor dv) {
    int[] sizes = sizes(q, k, v, causal);
    at(sizes, 7, q, k, v, y, n, dy, dq, dk, dv);
    run(
        queue,
        items,
        "attention, gradient of queries",
        QUERY_GRADIENT,
        q,
        v,
        q.size(2),
        q.size(1),
        sizes,
        dy,
        q,
        k,
        v,
        y,
        n,
        dq);
    run(
        queue,
        items,
        "attention, gradient of keys and values",
        KEY_GRADIENT,
        q,
        v,
        k.size(2),
        k.size(1),
        sizes,
        dy,
        q,
        k,
        v,
        y,
        n,
        dk,
        dv);
  }

  private static int[] sizes(Tensor q, Tensor k, Tensor v, boolean causal) {
    int[] sizes = new int[16];
    sizes[0] = q.size(1);
    sizes[1] = k.size(1);
    sizes[2] = q.size(2);
    sizes[3] = k.size(2);
    sizes[4] = causal ? 1 : 0;
    sizes[5] = q.size(3);
    sizes[6] = v.size(3);
    return sizes;
  }

  private static void at(int[] sizes, int first, Tensor... tensors) {
    for (int i = 0; i < tensors.length; i++) {
      sizes[first + i] = tensors[i].layout().offset();
    }
  }

  /// @param length how many queries, or keys, have an item each
  /// @param heads of them
  private static void run(
      Queue queue,
      int items,
      String name,
      String kernel,
      Tensor q,
      Tensor v,
      int length,
      int heads,
      int[] sizes,
      Tensor... tensors) {
    DType dtype = q.dtype();
    int width = LEAST;
    while (width < Math.max(q.size(3), v.size(3))) {
      width *= 2;
    }
    int known = width;
    long groups = (long) q.size(0) * heads * Math.ceilDiv(length, items);
    queue.run(
        List.of(name, dtype, width, items),
        () -> source(queue.card(), kernel, Numbers.of(dtype), known, items),
        () -> name,
        groups * items,
        items,
        OpenClBackend.arguments(List.of(sizes), tensors));
  }

  private static String source(Card card, String kernel, Numbers numbers, int width, int items) {
    return Source.prelude(card.hasDoubles())
        + "#define W %d\n#define ITEMS %d\n#define TILE %d\n".formatted(width, items, TILE)
        + Softmax.function("exp_of", input(0).exp(), numbers)
        + (TYPES + FUNCTIONS + kernel)
            .replace("KERNEL", "__kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1)))")
            .replace("IN ", "__global const REAL* ")
            .replace("OUT ", "__global REAL* ")
            .replace("REAL", numbers.type());
  }
}
