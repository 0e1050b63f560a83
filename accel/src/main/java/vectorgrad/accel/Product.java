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

  /// Whichever is the fastest, see [Tuning].
  static final Variant AUTOMATIC = new Variant("automatic", 0, 0, 0);

  /// What a device takes.
  static Variant usual(Card card) {
    return card.isGpu() ? AUTOMATIC : NAIVE;
  }

  /// Those that a device has room for.
  private static List<Variant> fitting(Card card, Numbers numbers) {
    return VARIANTS.stream()
        .filter(v -> v.items() <= card.group())
        .filter(v -> 2L * v.depth * (v.tile + 1) * numbers.dtype().bytes() <= card.local())
        .toList();
  }

  private static Variant chosen(
      Queue queue,
      Numbers numbers,
      Operands operands,
      int batch,
      int[] sizes,
      Queue.Argument... arguments) {
    int m = sizes[0];
    int n = sizes[1];
    int k = sizes[2];
    List<Variant> fitting = fitting(queue.card(), numbers);
    Variant usual = choose(queue.card(), fitting, batch, m, n);
    if ((double) batch * m * n * k < Tuning.FEW) {
      return usual;
    }
    return queue
        .tuning()
        .choose(
            Tuning.about(operands.title() + " " + numbers, batch, m, n, k),
            fitting,
            usual,
            variant ->
                queue.timed(() -> run(queue, variant, numbers, operands, batch, sizes, arguments)));
  }

  /// The largest tile that leaves no multiprocessor without one.
  static Variant choose(Card card, List<Variant> fitting, int batch, int m, int n) {
    Variant chosen = NAIVE;
    for (Variant variant : fitting) {
      long tiles = (long) batch * Math.ceilDiv(m, variant.tile) * Math.ceilDiv(n, variant.tile);
      if (tiles >= 2L * card.units() || variant.tile <= 16) {
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
    if (variant.equals(AUTOMATIC)) {
      Variant chosen = chosen(queue, numbers, operands, batch, sizes, arguments);
      run(queue, chosen, numbers, operands, batch, sizes, arguments);
      return;
    }
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
        + "#define LOADS %d\n".formatted(variant.tile * variant.depth / variant.items())
        + (kernel.equals(SHARED) ? FETCH + SHARED : DIRECT)
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

  /// Fetches an item's share of the next tiles from memory into registers, where they wait while
  /// the present ones are used (*double buffering*). Neighbouring items read neighbours in memory.
  private static final String FETCH =
      """
      #define FETCH(FROM) \\
        for (int l = 0; l < LOADS; l++) { \\
          const int e = item + l * ITEMS; \\
          { const int m = top + (s.a_along_k ? e / DEPTH : e % TILE); \\
            const int k = (FROM) + (s.a_along_k ? e % DEPTH : e / TILE); \\
            next_a[l] = m < s.m && k < s.k ? LOAD_A : 0; } \\
          { const int n = left + (s.b_along_k ? e / DEPTH : e % TILE); \\
            const int k = (FROM) + (s.b_along_k ? e % DEPTH : e / TILE); \\
            next_b[l] = n < s.n && k < s.k ? LOAD_B : 0; } \\
        }
      """;

  /// An item's own elements are SIDE apart, so that neighbouring items read neighbouring words of
  /// local memory.
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
            REAL next_a[LOADS];
            REAL next_b[LOADS];
            FETCH(0)
            for (int from = 0; from < s.k; from += DEPTH) {
              for (int l = 0; l < LOADS; l++) {
                const int e = item + l * ITEMS;
                as[s.a_along_k ? e % DEPTH : e / TILE][s.a_along_k ? e / DEPTH : e % TILE] = next_a[l];
                bs[s.b_along_k ? e % DEPTH : e / TILE][s.b_along_k ? e / DEPTH : e % TILE] = next_b[l];
              }
              barrier(CLK_LOCAL_MEM_FENCE);
              if (from + DEPTH < s.k) {
                FETCH(from + DEPTH)
              }
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
