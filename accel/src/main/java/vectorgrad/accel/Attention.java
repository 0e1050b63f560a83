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

  private static final String TYPES =
      """
      typedef struct {
        int heads; int groups; int queries; int keys; int causal;
        int q; int k; int v; int y; int numbers; int dy; int dq; int dk; int dv;
      } Sizes;
      """;

  /// How many keys query `i` sees: the first ones.
  private static final String FUNCTIONS =
      """
      int seen(const Sizes s, int i) {
        return s.causal ? clamp(i + s.keys - s.queries + 1, 0, s.keys) : s.keys;
      }
      REAL dot_D(const REAL* a, __local const REAL* b) {
        REAL sum = 0;
        for (int c = 0; c < D; c++) sum = fma(a[c], b[c], sum);
        return sum;
      }
      REAL dot_V(const REAL* a, __local const REAL* b) {
        REAL sum = 0;
        for (int c = 0; c < V; c++) sum = fma(a[c], b[c], sum);
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
        __local REAL keys[TILE][D];
        __local REAL values[TILE][V];
        REAL query[D];
        for (int c = 0; c < D; c++) query[c] = q[s.q + at * D + c];
      """;

  private static final String LOAD_KEYS =
      """
          barrier(CLK_LOCAL_MEM_FENCE);
          for (int e = item; e < TILE * D; e += ITEMS) {
            const int j = from + e / D;
            keys[e / D][e % D] = j < s.keys ? k[s.k + (shared * s.keys + j) * D + e % D] : 0;
          }
          for (int e = item; e < TILE * V; e += ITEMS) {
            const int j = from + e / V;
            values[e / V][e % V] = j < s.keys ? v[s.v + (shared * s.keys + j) * V + e % V] : 0;
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
              REAL gathered[V];
              for (int c = 0; c < V; c++) gathered[c] = 0;
              REAL most = -INFINITY;
              REAL total = 0;
              for (int from = 0; from < end; from += TILE) {
            """
          + LOAD_KEYS
          + """
                for (int j = 0; j < TILE && from + j < own; j++) {
                  const REAL score = dot_D(query, keys[j]);
                  if (score > most) {
                    const REAL less = exp_of((most - score) * SCALE);
                    total *= less;
                    for (int c = 0; c < V; c++) gathered[c] *= less;
                    most = score;
                  }
                  const REAL weight = exp_of((score - most) * SCALE);
                  total += weight;
                  for (int c = 0; c < V; c++) gathered[c] = fma(weight, values[j][c], gathered[c]);
                }
              }
              for (int c = 0; c < V; c++) {
                y[s.y + at * V + c] = own == 0 ? 0 : gathered[c] / total;
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
              REAL up[V];
              REAL middle = 0;
              for (int c = 0; c < V; c++) {
                up[c] = dy[s.dy + at * V + c];
                middle = fma(up[c], y[s.y + at * V + c], middle);
              }
              const REAL most = numbers[s.numbers + 2 * at];
              const REAL total = numbers[s.numbers + 2 * at + 1];
              REAL gathered[D];
              for (int c = 0; c < D; c++) gathered[c] = 0;
              for (int from = 0; from < end; from += TILE) {
            """
          + LOAD_KEYS
          + """
                for (int j = 0; j < TILE && from + j < own; j++) {
                  const REAL weight = exp_of((dot_D(query, keys[j]) - most) * SCALE) / total;
                  const REAL slope = weight * (dot_V(up, values[j]) - middle) * SCALE;
                  for (int c = 0; c < D; c++) gathered[c] = fma(slope, keys[j][c], gathered[c]);
                }
              }
              for (int c = 0; c < D; c++) dq[s.dq + at * D + c] = gathered[c];
            }
            """;

  private static final String KEY_GRADIENT =
      """
      KERNEL
      void run(const Sizes s, IN dy, IN q, IN k, IN v, IN y, IN numbers, OUT dk, OUT dv) {
        const int item = get_local_id(0);
        const int blocks = (s.keys + ITEMS - 1) / ITEMS;
        const int shared = get_group_id(0) / blocks;
        const int j = min(get_group_id(0) % blocks * ITEMS + item, s.keys - 1);
        const int at = shared * s.keys + j;
        const int each = s.heads / s.groups;
        __local REAL queries[TILE][D];
        __local REAL ups[TILE][V];
        __local REAL middles[TILE];
        __local REAL mosts[TILE];
        __local REAL totals[TILE];
        REAL key[D];
        REAL value[V];
        REAL gathered[D];
        REAL weighted[V];
        for (int c = 0; c < D; c++) { key[c] = k[s.k + at * D + c]; gathered[c] = 0; }
        for (int c = 0; c < V; c++) { value[c] = v[s.v + at * V + c]; weighted[c] = 0; }
        for (int h = 0; h < each; h++) {
          const int head = shared / s.groups * s.heads + shared % s.groups * each + h;
          for (int from = 0; from < s.queries; from += TILE) {
            barrier(CLK_LOCAL_MEM_FENCE);
            for (int e = item; e < TILE * D; e += ITEMS) {
              const int i = from + e / D;
              queries[e / D][e % D] =
                  i < s.queries ? q[s.q + (head * s.queries + i) * D + e % D] : 0;
            }
            for (int e = item; e < TILE * V; e += ITEMS) {
              const int i = from + e / V;
              ups[e / V][e % V] = i < s.queries ? dy[s.dy + (head * s.queries + i) * V + e % V] : 0;
            }
            for (int e = item; e < TILE && from + e < s.queries; e += ITEMS) {
              const int i = head * s.queries + from + e;
              mosts[e] = numbers[s.numbers + 2 * i];
              totals[e] = numbers[s.numbers + 2 * i + 1];
              REAL middle = 0;
              for (int c = 0; c < V; c++) {
                middle = fma(dy[s.dy + i * V + c], y[s.y + i * V + c], middle);
              }
              middles[e] = middle;
            }
            barrier(CLK_LOCAL_MEM_FENCE);
            for (int e = 0; e < TILE && from + e < s.queries; e++) {
              if (j >= seen(s, from + e)) continue;
              const REAL weight = exp_of((dot_D(key, queries[e]) - mosts[e]) * SCALE) / totals[e];
              const REAL slope = weight * (dot_V(value, ups[e]) - middles[e]) * SCALE;
              for (int c = 0; c < V; c++) weighted[c] = fma(weight, ups[e][c], weighted[c]);
              for (int c = 0; c < D; c++) gathered[c] = fma(slope, queries[e][c], gathered[c]);
            }
          }
        }
        for (int c = 0; c < D; c++) dk[s.dk + at * D + c] = gathered[c];
        for (int c = 0; c < V; c++) dv[s.dv + at * V + c] = weighted[c];
      }
      """;

  private Attention() {}

  /// All without gaps.
  ///
  /// @param items of a group
  static void forward(
      Queue queue, int items, Tensor q, Tensor k, Tensor v, boolean causal, Tensor y, Tensor n) {
    int[] sizes = sizes(q, k, causal);
    at(sizes, 5, q, k, v, y, n);
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
    int[] sizes = sizes(q, k, causal);
    at(sizes, 5, q, k, v, y, n, dy, dq, dk, dv);
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

  private static int[] sizes(Tensor q, Tensor k, boolean causal) {
    int[] sizes = new int[14];
    sizes[0] = q.size(1);
    sizes[1] = k.size(1);
    sizes[2] = q.size(2);
    sizes[3] = k.size(2);
    sizes[4] = causal ? 1 : 0;
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
    int d = q.size(3);
    int width = v.size(3);
    long groups = (long) q.size(0) * heads * Math.ceilDiv(length, items);
    queue.run(
        List.of(name, dtype, d, width, items),
        () -> source(queue.card(), kernel, Numbers.of(dtype), d, width, items),
        () -> name,
        groups * items,
        items,
        OpenClBackend.arguments(List.of(sizes), tensors));
  }

  private static String source(
      Card card, String kernel, Numbers numbers, int d, int width, int items) {
    return Source.prelude(card.hasDoubles())
        + "#define D %d\n#define V %d\n#define ITEMS %d\n#define TILE %d\n"
            .formatted(d, width, items, TILE)
        + "#define SCALE %s\n".formatted(numbers.literal(1 / Math.sqrt(d)))
        + Softmax.function("exp_of", input(0).exp(), numbers)
        + (TYPES + FUNCTIONS + kernel)
            .replace("KERNEL", "__kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1)))")
            .replace("IN ", "__global const REAL* ")
            .replace("OUT ", "__global REAL* ")
            .replace("REAL", numbers.type());
  }
}
