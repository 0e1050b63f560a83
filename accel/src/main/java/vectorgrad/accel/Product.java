package vectorgrad.accel;

import java.util.List;

/// `C = A·B` as a kernel, for operands that are found by expressions: matrices with any strides, or
/// a picture that is unfolded as it is read, which makes a convolution of it.
///
/// The ladder, from the definition to what a GPU needs:
///
/// | variant | idea | reads each element of A and B from memory |
/// |---|---|---|
/// | naive | a work item for each element of C | N, and M times |
/// | tiled | the items of a group share tiles in local memory | N/16, and M/16 times |
/// | registers | each item makes 4×4 elements: 16 products for 8 reads of local memory | N/64, and M/64 times |
/// | wide | 8×8 elements of a tile of 128×128: 64 products for 16 reads | N/128, and M/128 times |
///
/// A processor has no local memory and pays for every barrier, so it takes `naive`, whose
/// neighbouring items its compiler makes vectors of.
///
/// Every variant sums along K from the first product to the last, by fused multiply-add, so all of
/// them give the same bits.
final class Product {
  private Product() {}

  /// How C is shared out.
  ///
  /// @param name of the variant
  /// @param tile the side of a group's tile of C
  /// @param depth how much of K is in local memory at a time; 0 if nothing is
  /// @param own the side of a work item's part of the tile
  record Variant(String name, int tile, int depth, int own) {
    /// Work items of a group.
    int items() {
      return tile / own * (tile / own);
    }
  }

  static final Variant NAIVE = new Variant("naive", 8, 0, 1);

  /// The slowest first.
  static final List<Variant> VARIANTS =
      List.of(
          NAIVE,
          new Variant("tiled", 16, 16, 1),
          new Variant("registers", 64, 16, 4),
          new Variant("wide", 128, 8, 8));

  /// The largest tile that leaves no multiprocessor without one.
  static Variant choose(Card card, int batch, int m, int n) {
    Variant chosen = NAIVE;
    if (!card.isGpu()) {
      return chosen;
    }
    for (Variant variant : VARIANTS) {
      long tiles = (long) batch * Math.ceilDiv(m, variant.tile) * Math.ceilDiv(n, variant.tile);
      boolean fits = variant.items() <= card.group();
      if (fits && (tiles >= 2L * card.units() || variant.tile <= 16)) {
        chosen = variant;
      }
    }
    return chosen;
  }

  /// Where operands are found. Expressions speak of `s`, the struct, and of `m`, `n` and `k`.
  ///
  /// @param title for errors and profiles
  /// @param key what the source follows from
  /// @param declarations types and functions, before the kernel
  /// @param parameters of the kernel, after the struct `s`
  /// @param begin statements that make use of `batch`
  /// @param a the element of A at `m` and `k`, as a number
  /// @param b the element of B at `k` and `n`, as a number
  /// @param store the statement that stores `value` at `m` and `n`
  record Operands(
      String title,
      Object key,
      String declarations,
      String parameters,
      String begin,
      String a,
      String b,
      String store) {}

  private record Key(Object operands, Variant variant) {}

  /// Queues the product.
  ///
  /// @param sizes the struct `s`: M, N, K, whether neighbours in A and in B lie along K, and what
  ///   the operands need
  static void run(
      Queue queue,
      Variant variant,
      Numbers numbers,
      Operands operands,
      int batch,
      int[] sizes,
      Queue.Argument... arguments) {
    Queue.Argument[] all = new Queue.Argument[arguments.length + 1];
    all[0] = Queue.Argument.of(sizes);
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    long tiles =
        (long) Math.ceilDiv(sizes[0], variant.tile) * Math.ceilDiv(sizes[1], variant.tile) * batch;
    queue.run(
        new Key(operands.key(), variant),
        () -> source(queue.card(), variant, numbers, operands),
        () -> operands.title() + ", " + variant.name(),
        tiles * variant.items(),
        variant.items(),
        all);
  }

  static String source(Card card, Variant variant, Numbers numbers, Operands operands) {
    String kernel = variant.depth == 0 ? DIRECT : SHARED;
    return Source.prelude(card.hasDoubles())
        + operands.declarations()
        + "#define TILE %d\n#define DEPTH %d\n#define OWN %d\n#define SIDE %d\n#define ITEMS %d\n"
            .formatted(
                variant.tile,
                variant.depth,
                variant.own,
                variant.tile / variant.own,
                variant.items())
        + kernel
            .replace("REAL", numbers.type())
            .replace("PARAMETERS", operands.parameters())
            .replace("BEGIN", operands.begin())
            .replace("LOAD_A", operands.a())
            .replace("LOAD_B", operands.b())
            .replace("STORE", operands.store());
  }

  /// Where the group's tile is.
  private static final String TILE =
      """
      __kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1)))
      void run(const Sizes s, PARAMETERS) {
        const int across = (s.n + TILE - 1) / TILE;
        const int tiles = (s.m + TILE - 1) / TILE * across;
        const int group = get_group_id(0);
        const int item = get_local_id(0);
        const int batch = group / tiles;
        const int top = group % tiles / across * TILE;
        const int left = group % tiles % across * TILE;
      BEGIN
      """;

  private static final String DIRECT =
      TILE
          + """
            const int m = top + item / SIDE;
            const int n = left + item % SIDE;
            if (m >= s.m || n >= s.n) return;
            REAL value = 0;
            for (int k = 0; k < s.k; k++) {
              value = fma(LOAD_A, LOAD_B, value);
            }
            STORE
          }
          """;

  /// Items load a tile of A and one of B in the order in which these lie in memory; an item's own
  /// elements are SIDE apart, so that neighbouring items read neighbouring words of local memory.
  private static final String SHARED =
      TILE
          + """
            __local REAL as[DEPTH][TILE + 1];
            __local REAL bs[DEPTH][TILE + 1];
            const int row = item / SIDE;
            const int column = item % SIDE;
            REAL own[OWN][OWN];
            for (int i = 0; i < OWN; i++) {
              for (int j = 0; j < OWN; j++) {
                own[i][j] = 0;
              }
            }
            for (int from = 0; from < s.k; from += DEPTH) {
              for (int e = item; e < TILE * DEPTH; e += ITEMS) {
                const int at = s.a_along_k ? e / DEPTH : e % TILE;
                const int deep = s.a_along_k ? e % DEPTH : e / TILE;
                const int m = top + at;
                const int k = from + deep;
                as[deep][at] = m < s.m && k < s.k ? LOAD_A : 0;
              }
              for (int e = item; e < TILE * DEPTH; e += ITEMS) {
                const int at = s.b_along_k ? e / DEPTH : e % TILE;
                const int deep = s.b_along_k ? e % DEPTH : e / TILE;
                const int n = left + at;
                const int k = from + deep;
                bs[deep][at] = n < s.n && k < s.k ? LOAD_B : 0;
              }
              barrier(CLK_LOCAL_MEM_FENCE);
              const int depth = min(DEPTH, s.k - from);
              for (int k = 0; k < depth; k++) {
                REAL a[OWN];
                REAL b[OWN];
                for (int i = 0; i < OWN; i++) {
                  a[i] = as[k][row + i * SIDE];
                  b[i] = bs[k][column + i * SIDE];
                }
                for (int i = 0; i < OWN; i++) {
                  for (int j = 0; j < OWN; j++) {
                    own[i][j] = fma(a[i], b[j], own[i][j]);
                  }
                }
              }
              barrier(CLK_LOCAL_MEM_FENCE);
            }
            for (int i = 0; i < OWN; i++) {
              for (int j = 0; j < OWN; j++) {
                const int m = top + row + i * SIDE;
                const int n = left + column + j * SIDE;
                const REAL value = own[i][j];
                if (m < s.m && n < s.n) {
                  STORE
                }
              }
            }
          }
          """;
}
