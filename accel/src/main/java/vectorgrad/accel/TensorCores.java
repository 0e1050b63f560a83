package vectorgrad.accel;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DeviceException;

/// Units that multiply small matrices in one instruction, `D = A·B + D` with sums in f32. OpenCL C
/// has no word for them, so NVIDIA's assembly language is written into the kernel: `mma.sync`, an
/// instruction of all 32 items of a warp, of which each holds a few words of each matrix.
///
/// With `g = lane / 4` and `t = lane % 4`, where a word holds two elements of 16 bits that are
/// neighbours along k, or one of 32:
///
/// | | rows | columns | item holds |
/// |---|---|---|---|
/// | A | 16 | 8 words | (g, t), (g + 8, t), (g, t + 4), (g + 8, t + 4) |
/// | B | 8 words | 8 | (t, g), (t + 4, g) |
/// | D | 16 | 8 | (g, 2t), (g, 2t + 1), (g + 8, 2t), (g + 8, 2t + 1) |
///
/// No driver says whether it has them. So a small product of whole numbers is tried, on NVIDIA's
/// cards alone, and what compiles and gives the right numbers is there ([#probe]). Elsewhere the
/// same instruction can be imitated through local memory, which is slow and which tests do.
///
/// Elements of bf16 and f16 take them as they are: a product of two is exact in f32. Those of f32
/// would lose 13 bits (*tf32*), and so only do with `-Dvectorgrad.opencl.tf32=true`.
///
/// Source: *PTX ISA*, warp-level matrix instructions, `mma.m16n8k16` and `mma.m16n8k8`.
final class TensorCores {
  /// What a word holds.
  enum Words {
    BF16(DType.BF16, "m16n8k16", 2),
    F16(DType.F16, "m16n8k16", 2),
    TF32(DType.F32, "m16n8k8", 1);

    private final DType dtype;
    private final String shape;
    private final int elements;

    Words(DType dtype, String shape, int elements) {
      this.dtype = dtype;
      this.shape = shape;
      this.elements = elements;
    }

    DType dtype() {
      return dtype;
    }

    /// What two factors of a product need, if they are of one dtype that has words.
    static Optional<Words> of(DType a, DType b) {
      return Arrays.stream(values()).filter(w -> w.dtype == a && a == b).findAny();
    }

    /// An element of `array` as it is in memory.
    String load(String array, String place) {
      return elements == 1
          ? "as_uint(%s[%s])".formatted(array, place)
          : "((const __global ushort*) %s)[%s]".formatted(array, place);
    }

    /// Rows of small whole numbers, as words.
    private int[] of(double[][] rows) {
      return Arrays.stream(rows)
          .flatMapToInt(row ->
              IntStream.range(0, row.length / elements)
                  .map(w ->
                      elements == 1 ? bits(row[w]) : bits(row[2 * w]) | bits(row[2 * w + 1]) << 16))
          .toArray();
    }

    private int bits(double number) {
      int bits = Float.floatToIntBits((float) number);
      return switch (this) {
        case BF16 -> bits >>> 16;
        case F16 -> Float.floatToFloat16((float) number) & 0xffff;
        case TF32 -> bits;
      };
    }

    private String lower() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// How a kernel says it.
  ///
  /// @param words that are multiplied
  /// @param imitated whether local memory stands for the instruction
  record Instruction(Words words, boolean imitated) {}

  private TensorCores() {}

  /// Whether f32 may lose digits.
  static boolean allowsTf32() {
    return Boolean.getBoolean("vectorgrad.opencl.tf32");
  }

  /// What a kernel needs before it says `MULTIPLY`: the instruction, how many elements a word has
  /// (`PER`), what becomes of a word from memory (`WORD`), and memory to imitate it in
  /// (`EXCHANGE`).
  static String source(Instruction instruction) {
    Words words = instruction.words;
    String word = words == Words.TF32 ? TO_TF32 : "#define WORD(W) (W)\n";
    String first = words == Words.TF32 ? "as_float(a)" : value(words, "a & 0xffff");
    String second = words == Words.TF32 ? "0" : value(words, "a >> 16");
    String multiply =
        instruction.imitated
            ? HALF
                + "float vg_first(uint a) { return %s; }\n".formatted(first)
                + "float vg_second(uint a) { return %s; }\n".formatted(second)
                + IMITATED
            : assembly(words);
    return "#define PER %d\n".formatted(words.elements) + word + multiply;
  }

  private static String assembly(Words words) {
    return """
    #define EXCHANGE
    #define MULTIPLY(D, A, B) \\
      asm volatile("mma.sync.aligned.%s.row.col.f32.%s.%s.f32 " \\
          "{%%0, %%1, %%2, %%3}, {%%4, %%5, %%6, %%7}, {%%8, %%9}, {%%0, %%1, %%2, %%3};" \\
          : "+f"(D[0]), "+f"(D[1]), "+f"(D[2]), "+f"(D[3]) \\
          : "r"(A[0]), "r"(A[1]), "r"(A[2]), "r"(A[3]), "r"(B[0]), "r"(B[1]));
    """
        .formatted(words.shape, words.lower(), words.lower());
  }

  /// One of the two elements of a word, as a float.
  private static String value(Words words, String bits) {
    return words == Words.BF16
        ? "as_float((%s) << 16)".formatted(bits)
        : "vg_half(%s)".formatted(bits);
  }

  /// To the nearest of those with ten digits, half a step away from zero; infinity and NaN stay.
  private static final String TO_TF32 =
      """
      uint vg_tf32(uint w) {
        return (w & 0x7f800000) == 0x7f800000 ? w : (w + 0x1000) & 0xffffe000;
      }
      #define WORD(W) vg_tf32(W)
      """;

  /// Every item shows its words to the others of its warp, and computes its own part of D.
  private static final String IMITATED =
      """
      void vg_multiply(float* d, uint* a, uint* b, __local uint* shown, int lane) {
        for (int i = 0; i < 4; i++) {
          shown[lane * 6 + i] = a[i];
        }
        for (int i = 0; i < 2; i++) {
          shown[lane * 6 + 4 + i] = b[i];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        for (int c = 0; c < 4; c++) {
          const int row = lane / 4 + c / 2 * 8;
          const int column = lane % 4 * 2 + c % 2;
          for (int word = 0; word < 8; word++) {
            const uint x = shown[(row % 8 * 4 + word % 4) * 6 + word / 4 * 2 + row / 8];
            const uint y = shown[(column * 4 + word % 4) * 6 + 4 + word / 4];
            d[c] = fma(vg_second(x), vg_second(y), fma(vg_first(x), vg_first(y), d[c]));
          }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
      }
      #define EXCHANGE __local uint shown[ITEMS * 6];
      #define MULTIPLY(D, A, B) vg_multiply(D, A, B, shown + item / 32 * 192, item % 32);
      """;

  private static final String HALF =
      """
      float vg_half(uint bits) {
        const int exponent = bits >> 10 & 31;
        const float value =
            exponent == 31 ? ((bits & 1023) != 0 ? NAN : INFINITY)
            : exponent == 0 ? ldexp((float) (bits & 1023), -24)
            : ldexp((float) (bits & 1023 | 1024), exponent - 25);
        return (bits & 0x8000) != 0 ? -value : value;
      }
      """;

  /// What a device has, found by trying each.
  static Set<Words> probe(Queue queue) {
    Set<Words> found = EnumSet.noneOf(Words.class);
    if (queue.card().extensions().stream().noneMatch(e -> e.startsWith("cl_nv_"))) {
      return found; // PTX means nothing to it
    }
    for (Words words : Words.values()) {
      try {
        if (isRight(queue, new Instruction(words, false))) {
          found.add(words);
        }
      } catch (DeviceException e) {
        // an older card: the instruction does not compile
      }
    }
    return found;
  }

  /// Whether a small product of whole numbers, made twice, comes out right. It is exact whatever
  /// the order of its sums.
  static boolean isRight(Queue queue, Instruction instruction) {
    Words words = instruction.words;
    int depth = 8 * words.elements;
    double[][] a = new double[16][depth];
    double[][] b = new double[8][depth];
    float[] expected = new float[16 * 8];
    for (int k = 0; k < depth; k++) {
      for (int i = 0; i < 16; i++) {
        a[i][k] = (i + 2 * k + i * k % 3) % 7 - 3;
      }
      for (int j = 0; j < 8; j++) {
        b[j][k] = (3 * k + j + j * k % 2) % 5 - 2;
      }
    }
    for (int i = 0; i < 16; i++) {
      for (int j = 0; j < 8; j++) {
        for (int k = 0; k < depth; k++) {
          expected[i * 8 + j] += (float) (2 * a[i][k] * b[j][k]);
        }
      }
    }
    float[] found = new float[expected.length];
    Memory left = send(queue, words.of(a));
    Memory right = send(queue, words.of(b));
    Memory product = queue.allocate(4L * found.length);
    queue.run(
        List.of("probe", instruction),
        () -> "#define ITEMS 32\n" + source(instruction) + PROBE,
        () -> "tensor cores, " + words.lower(),
        32,
        32,
        Queue.Argument.of(left),
        Queue.Argument.of(right),
        Queue.Argument.of(product));
    queue.read(product, 0, found);
    List.of(left, right, product).forEach(Memory::release);
    return Arrays.equals(expected, found);
  }

  private static Memory send(Queue queue, int[] words) {
    Memory memory = queue.allocate(4L * words.length);
    queue.write(words, memory, 0, 4L * words.length);
    return memory;
  }

  private static final String PROBE =
      """
      __kernel __attribute__((reqd_work_group_size(ITEMS, 1, 1)))
      void run(__global const uint* a, __global const uint* b, __global float* d) {
        EXCHANGE
        const int item = get_local_id(0);
        const int g = item / 4;
        const int t = item % 4;
        uint x[4] = {a[g * 8 + t], a[(g + 8) * 8 + t], a[g * 8 + t + 4], a[(g + 8) * 8 + t + 4]};
        uint y[2] = {b[g * 8 + t], b[g * 8 + t + 4]};
        float own[4] = {0, 0, 0, 0};
        MULTIPLY(own, x, y)
        MULTIPLY(own, x, y)
        for (int c = 0; c < 4; c++) {
          d[(g + c / 2 * 8) * 8 + t * 2 + c % 2] = own[c];
        }
      }
      """;
}
