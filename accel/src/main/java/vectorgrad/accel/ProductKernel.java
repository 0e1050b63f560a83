package vectorgrad.accel;

/// What OpenCL C says of a matrix product: the ladder from the definition to what a GPU needs, the
/// slowest first. [Product] says who takes which.
///
/// A kernel computes a tile of C, or a part of its sums: those of `k` from `begin` to `end`, which
/// another kernel adds up ([#JOIN]). What it finds at `m` and `k`, or `k` and `n`, is up to
/// [Product.Operands].
enum ProductKernel {
  /// A work item for each element of C, and a loop over k.
  DIRECT {
    @Override
    String text() {
      return TILE
          + """
            const int m = top + item / SIDE;
            const int n = left + item % SIDE;
            if (m >= s.m || n >= s.n) return;
            REAL value = 0;
            for (int k = begin; k < end; k++) {
              value = fma(LOAD_A, LOAD_B, value);
            }
            STORE
          }
          """;
    }

    @Override
    int local(Product.Variant variant) {
      return 0;
    }
  },

  /// The items of a group share tiles in local memory, and each makes OWN × OWN elements of C in
  /// registers. They are SIDE apart, so that neighbouring items read neighbouring words of local
  /// memory.
  SHARED {
    @Override
    String text() {
      return FETCH
          + TILE
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
            FETCH(begin)
            for (int from = begin; from < end; from += DEPTH) {
              for (int l = 0; l < LOADS; l++) {
                const int e = item + l * ITEMS;
                as[s.a_along_k ? e % DEPTH : e / TILE][s.a_along_k ? e / DEPTH : e % TILE] = next_a[l];
                bs[s.b_along_k ? e % DEPTH : e / TILE][s.b_along_k ? e / DEPTH : e % TILE] = next_b[l];
              }
              barrier(CLK_LOCAL_MEM_FENCE);
              if (from + DEPTH < end) {
                FETCH(from + DEPTH)
              }
              const int depth = min(DEPTH, end - from);
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

    @Override
    int local(Product.Variant variant) {
      return 2 * variant.depth() * (variant.tile() + 1);
    }
  },

  /// As before, but four neighbours at a time, from memory and from local memory, of which there
  /// are two: the next tiles are written to one while slower items still read the other, so one
  /// barrier for each step is enough. An item's own elements lie in runs of four.
  VECTORS {
    @Override
    String text() {
      return FETCH_VECTORS
          + TILE
          + """
            __local REAL4 as[2][DEPTH][TILE / 4 + 1];
            __local REAL4 bs[2][DEPTH][TILE / 4 + 1];
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
            FETCH(begin)
            int buffer = 0;
            for (int from = begin; from < end; from += DEPTH) {
              __local REAL* to_a = (__local REAL*) as[buffer];
              __local REAL* to_b = (__local REAL*) bs[buffer];
              for (int l = 0; l < LOADS; l += 4) {
                const int e = item + l / 4 * ITEMS;
                PUT(to_a, next_a, s.a_along_k)
                PUT(to_b, next_b, s.b_along_k)
              }
              barrier(CLK_LOCAL_MEM_FENCE);
              if (from + DEPTH < end) {
                FETCH(from + DEPTH)
              }
              for (int k = 0; k < DEPTH; k++) {
                REAL a[OWN];
                REAL b[OWN];
                for (int i = 0; i < OWN; i += 4) {
                  const REAL4 va = as[buffer][k][row + i / 4 * SIDE];
                  a[i] = va.x; a[i + 1] = va.y; a[i + 2] = va.z; a[i + 3] = va.w;
                  const REAL4 vb = bs[buffer][k][column + i / 4 * SIDE];
                  b[i] = vb.x; b[i + 1] = vb.y; b[i + 2] = vb.z; b[i + 3] = vb.w;
                }
                for (int i = 0; i < OWN; i++) {
                  for (int j = 0; j < OWN; j++) {
                    own[i][j] = fma(a[i], b[j], own[i][j]);
                  }
                }
              }
              buffer = 1 - buffer;
            }
            for (int i = 0; i < OWN; i++) {
              for (int j = 0; j < OWN; j++) {
                const int m = top + row * 4 + i / 4 * SIDE * 4 + i % 4;
                const int n = left + column * 4 + j / 4 * SIDE * 4 + j % 4;
                const REAL value = own[i][j];
                if (m < s.m && n < s.n) {
                  STORE
                }
              }
            }
          }
          """;
    }

    @Override
    int local(Product.Variant variant) {
      return 4 * variant.depth() * (variant.tile() + 4);
    }
  },

  /// Small products by one instruction of 32 items, see [TensorCores]. Tiles hold words of PER
  /// elements that are neighbours along k, a row of DEPTH words for each row of A and each column
  /// of B; four words more keep the rows in different banks. Each warp makes 64 × 32 elements of C.
  TENSOR {
    @Override
    String text() {
      return FETCH_WORDS
          + TILE
          + """
            __local uint4 as[2][TILE][DEPTH / 4 + 1];
            __local uint4 bs[2][TILE][DEPTH / 4 + 1];
            EXCHANGE
            const int warp = item / 32;
            const int lane = item % 32;
            const int row = warp / (TILE / 32) * 64 + lane / 4;
            const int column = warp % (TILE / 32) * 32 + lane / 4;
            const int word = lane % 4;
            float own[4][4][4];
            for (int i = 0; i < 4; i++) {
              for (int j = 0; j < 4; j++) {
                for (int c = 0; c < 4; c++) {
                  own[i][j][c] = 0;
                }
              }
            }
            uint next_a[LOADS];
            uint next_b[LOADS];
            FETCH(begin)
            int buffer = 0;
            for (int from = begin; from < end; from += DEPTH * PER) {
              for (int l = 0; l < LOADS; l += 4) {
                const int e = item + l / 4 * ITEMS;
                PUT(as[buffer], next_a, s.a_along_k)
                PUT(bs[buffer], next_b, s.b_along_k)
              }
              barrier(CLK_LOCAL_MEM_FENCE);
              if (from + DEPTH * PER < end) {
                FETCH(from + DEPTH * PER)
              }
              __local uint* wa = (__local uint*) as[buffer][row] + word;
              __local uint* wb = (__local uint*) bs[buffer][column] + word;
              for (int k = 0; k < DEPTH; k += 8) {
                uint a[4][4];
                uint b[4][2];
                for (int i = 0; i < 4; i++) {
                  a[i][0] = wa[i * 16 * (DEPTH + 4) + k];
                  a[i][1] = wa[(i * 16 + 8) * (DEPTH + 4) + k];
                  a[i][2] = wa[i * 16 * (DEPTH + 4) + k + 4];
                  a[i][3] = wa[(i * 16 + 8) * (DEPTH + 4) + k + 4];
                  b[i][0] = wb[i * 8 * (DEPTH + 4) + k];
                  b[i][1] = wb[i * 8 * (DEPTH + 4) + k + 4];
                }
                for (int i = 0; i < 4; i++) {
                  for (int j = 0; j < 4; j++) {
                    MULTIPLY(own[i][j], a[i], b[j])
                  }
                }
              }
              buffer = 1 - buffer;
            }
            for (int i = 0; i < 4; i++) {
              for (int j = 0; j < 4; j++) {
                for (int c = 0; c < 4; c++) {
                  const int m = top + row + i * 16 + c / 2 * 8;
                  const int n = left + column - lane / 4 + j * 8 + word * 2 + c % 2;
                  const float value = own[i][j][c];
                  if (m < s.m && n < s.n) {
                    STORE
                  }
                }
              }
            }
          }
          """;
    }

    @Override
    int local(Product.Variant variant) {
      return 4 * variant.tile() * (variant.depth() + 4);
    }
  };

  /// The kernel, with words in capitals that [#source] replaces or defines.
  abstract String text();

  /// Numbers of local memory that a group needs.
  abstract int local(Product.Variant variant);

  /// The whole source.
  ///
  /// @param split whether it computes a part of each sum
  static String source(
      Card card,
      Product.Variant variant,
      Numbers numbers,
      Product.Operands operands,
      boolean split) {
    int items = variant.items();
    String store = split ? PARTIAL : operands.store();
    return begin(card, operands)
        + operands.instruction().map(TensorCores::source).orElse("")
        + "#define TILE %d\n#define DEPTH %d\n#define OWN %d\n#define SIDE %d\n#define ITEMS %d\n"
            .formatted(
                variant.tile(),
                variant.depth(),
                variant.own(),
                variant.tile() / variant.own(),
                items)
        + "#define LOADS %d\n".formatted(variant.tile() * variant.depth() / items)
        + finished(variant.kernel().text(), numbers, operands, store)
            .replace("EXTRA", split ? ", __global " + numbers.type() + "* partial" : "");
  }

  /// Adds up the parts of each sum, from the first to the last, whoever was done first.
  static String join(Card card, Numbers numbers, Product.Operands operands) {
    return begin(card, operands) + finished(JOIN, numbers, operands, operands.store());
  }

  private static String begin(Card card, Product.Operands operands) {
    return Source.prelude(card.hasDoubles())
        + operands.declarations()
        + "typedef struct { int batches; int parts; int length; } Share;\n";
  }

  private static String finished(
      String text, Numbers numbers, Product.Operands operands, String store) {
    return text.replace("FROM_A", operands.a().address())
        .replace("FROM_B", operands.b().address())
        .replace("LOAD_A", operands.a().element())
        .replace("LOAD_B", operands.b().element())
        .replace("A_WORDS", operands.a().address().equals("0") ? "0" : "s.a_words")
        .replace("B_WORDS", operands.b().address().equals("0") ? "0" : "s.b_words")
        .replace("REAL", numbers.type())
        .replace("PARAMETERS", operands.parameters())
        .replace("BEGIN", operands.begin())
        .replace("STORE", store);
  }

  /// Where the group's tile is, and which part of the sums.
  private static final String TILE =
      """
      __kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1)))
      void run(const Sizes s, PARAMETERS, const Share share EXTRA) {
        const int across = (s.n + TILE - 1) / TILE;
        const int tiles = (s.m + TILE - 1) / TILE * across;
        const int group = get_group_id(0) % (tiles * share.batches);
        const int part = get_group_id(0) / (tiles * share.batches);
        const int begin = part * share.length;
        const int end = min(s.k, begin + share.length);
        const int item = get_local_id(0);
        const int batch = group / tiles;
        const int top = group % tiles / across * TILE;
        const int left = group % tiles % across * TILE;
      BEGIN
      """;

  private static final String PARTIAL =
      "partial[((part * share.batches + batch) * s.m + m) * s.n + n] = value;";

  private static final String JOIN =
      """
      __kernel
      void run(const Sizes s, PARAMETERS, const Share share, __global const REAL* partial) {
        const int id = get_global_id(0);
        const int n = id % s.n;
        const int m = id / s.n % s.m;
        const int batch = id / s.n / s.m;
        if (batch >= share.batches) return;
      BEGIN
        REAL value = partial[id];
        for (int part = 1; part < share.parts; part++) {
          value += partial[part * share.batches * s.m * s.n + id];
        }
        STORE
      }
      """;

  /// Fetches an item's share of the next tiles from memory into registers, where they wait while
  /// the present ones are used (*double buffering*). Neighbouring items read neighbours in memory.
  private static final String FETCH =
      macro(
          "FETCH(FROM)",
          """
          for (int l = 0; l < LOADS; l++) {
            const int e = item + l * ITEMS;
            { const int m = top + (s.a_along_k ? e / DEPTH : e % TILE);
              const int k = (FROM) + (s.a_along_k ? e % DEPTH : e / TILE);
              next_a[l] = m < s.m && k < end ? LOAD_A : 0; }
            { const int n = left + (s.b_along_k ? e / DEPTH : e % TILE);
              const int k = (FROM) + (s.b_along_k ? e % DEPTH : e / TILE);
              next_b[l] = n < s.n && k < end ? LOAD_B : 0; }
          }
          """);

  /// Four elements at a time, in one piece where they lie so and begin at a multiple of their size.
  private static final String FETCH_VECTORS =
      macro(
              "FOUR(NEXT, AXIS, FIRST, COUNT, ALONG, WORDS, AT, LOAD)",
              """
              { const int AXIS##0 = FIRST + (ALONG ? e / (DEPTH / 4) : e % (TILE / 4) * 4);
                const int k0 = start + (ALONG ? e % (DEPTH / 4) * 4 : e / (TILE / 4));
                if (WORDS && AXIS##0 + (ALONG ? 0 : 3) < COUNT && k0 + (ALONG ? 3 : 0) < end) {
                  const int AXIS = AXIS##0;
                  const int k = k0;
                  const REAL4 v = *(const __global REAL4*) (AT);
                  NEXT[l] = v.x; NEXT[l + 1] = v.y; NEXT[l + 2] = v.z; NEXT[l + 3] = v.w;
                } else {
                  for (int i = 0; i < 4; i++) {
                    const int AXIS = AXIS##0 + (ALONG ? 0 : i);
                    const int k = k0 + (ALONG ? i : 0);
                    NEXT[l + i] = AXIS < COUNT && k < end ? LOAD : 0;
                  }
                }
              }
              """)
          + macro(
              "FETCH(FROM)",
              """
              for (int l = 0; l < LOADS; l += 4) {
                const int e = item + l / 4 * ITEMS;
                const int start = FROM;
                FOUR(next_a, m, top, s.m, s.a_along_k, A_WORDS, FROM_A, LOAD_A)
                FOUR(next_b, n, left, s.n, s.b_along_k, B_WORDS, FROM_B, LOAD_B)
              }
              """)
          + macro(
              "PUT(TO, NEXT, ALONG)",
              """
              if (ALONG) {
                for (int i = 0; i < 4; i++) {
                  TO[(e % (DEPTH / 4) * 4 + i) * (TILE + 4) + e / (DEPTH / 4)] = NEXT[l + i];
                }
              } else {
                ((__local REAL4*) TO)[e / (TILE / 4) * (TILE / 4 + 1) + e % (TILE / 4)] =
                    (REAL4) (NEXT[l], NEXT[l + 1], NEXT[l + 2], NEXT[l + 3]);
              }
              """);

  /// Four words at a time; where neighbours in memory do not lie along k, a word of two elements is
  /// put together from two rows.
  private static final String FETCH_WORDS =
      macro(
              "FOUR(NEXT, AXIS, FIRST, COUNT, ALONG, WORDS, AT, LOAD)",
              """
              { const int AXIS##0 = FIRST + (ALONG ? e / (DEPTH / 4) : e % (TILE / 4) * 4);
                const int k0 = start + (ALONG ? e % (DEPTH / 4) * 4 : e / (TILE / 4)) * PER;
                if (WORDS && AXIS##0 + (ALONG ? 0 : 3) < COUNT
                    && k0 + (ALONG ? 4 * PER : PER) <= end) {
                  const int AXIS = AXIS##0;
                  int k = k0;
                  if (ALONG || PER == 1) {
                    const uint4 v = *(const __global uint4*) (AT);
                    NEXT[l] = WORD(v.x); NEXT[l + 1] = WORD(v.y);
                    NEXT[l + 2] = WORD(v.z); NEXT[l + 3] = WORD(v.w);
                  } else {
                    const uint2 low = *(const __global uint2*) (AT);
                    k++;
                    const uint2 high = *(const __global uint2*) (AT);
                    NEXT[l] = (low.x & 0xffff) | high.x << 16;
                    NEXT[l + 1] = low.x >> 16 | (high.x & 0xffff0000);
                    NEXT[l + 2] = (low.y & 0xffff) | high.y << 16;
                    NEXT[l + 3] = low.y >> 16 | (high.y & 0xffff0000);
                  }
                } else {
                  for (int i = 0; i < 4; i++) {
                    const int AXIS = AXIS##0 + (ALONG ? 0 : i);
                    uint word = 0;
                    for (int h = 0; h < PER; h++) {
                      const int k = k0 + (ALONG ? i * PER : 0) + h;
                      word |= (AXIS < COUNT && k < end ? (uint) LOAD : 0) << 16 * h;
                    }
                    NEXT[l + i] = WORD(word);
                  }
                }
              }
              """)
          + macro(
              "FETCH(FROM)",
              """
              for (int l = 0; l < LOADS; l += 4) {
                const int e = item + l / 4 * ITEMS;
                const int start = FROM;
                FOUR(next_a, m, top, s.m, s.a_along_k, A_WORDS, FROM_A, LOAD_A)
                FOUR(next_b, n, left, s.n, s.b_along_k, B_WORDS, FROM_B, LOAD_B)
              }
              """)
          + macro(
              "PUT(TO, NEXT, ALONG)",
              """
              if (ALONG) {
                TO[e / (DEPTH / 4)][e % (DEPTH / 4)] =
                    (uint4) (NEXT[l], NEXT[l + 1], NEXT[l + 2], NEXT[l + 3]);
              } else {
                for (int i = 0; i < 4; i++) {
                  ((__local uint*) TO[e % (TILE / 4) * 4 + i])[e / (TILE / 4)] = NEXT[l + i];
                }
              }
              """);

  /// A definition of several lines.
  private static String macro(String head, String body) {
    return "#define " + head + " \\\n" + body.strip().replace("\n", " \\\n") + "\n";
  }
}
