package vectorgrad.accel;

import java.util.List;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Distribution;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// Random numbers, made where they are needed: a work item for each block of Philox, which gives
/// four elements or two, of the very bits that the processor draws (see [Distribution]).
///
/// Uniform numbers, truth values and whole numbers are made of multiplications, shifts and
/// comparisons, normal numbers of the [StrictFunctions]. Where a distribution is a function of the
/// caller's, in Java, the processor draws.
final class Randoms {
  private static final String TYPES =
      """
      typedef struct {
        int n; int begin; int key_low; int key_high; int counter_low; int counter_high;
        int a_low; int a_high; int b_low; int b_high; int c_low; int c_high;
      } Draw;
      ulong joined(int low, int high) { return (ulong) (uint) high << 32 | (uint) low; }
      """;

  /// Ten rounds; see [vectorgrad.numerics.Philox]. The attempt stands in the counter's upper half.
  private static final String PHILOX =
      """
      uint4 philox(const Draw d, ulong block, uint attempt) {
        const ulong counter = joined(d.counter_low, d.counter_high) + block;
        uint4 c = (uint4) ((uint) counter, (uint) (counter >> 32), attempt, 0);
        uint2 k = (uint2) ((uint) d.key_low, (uint) d.key_high);
        for (int round = 0; round < 10; round++) {
          const uint high0 = mul_hi(0xD2511F53u, c.x);
          const uint low0 = 0xD2511F53u * c.x;
          const uint high1 = mul_hi(0xCD9E8D57u, c.z);
          const uint low1 = 0xCD9E8D57u * c.z;
          c = (uint4) (high1 ^ c.y ^ k.x, low1, high0 ^ c.w ^ k.y, low0);
          k += (uint2) (0x9E3779B9u, 0xBB67AE85u);
        }
        return c;
      }
      ulong bits(uint4 words, int k) {
        return k == 0 ? (ulong) words.x << 32 | words.y : (ulong) words.z << 32 | words.w;
      }
      """;

  private Randoms() {}

  /// How elements are made.
  ///
  /// @param name of the kernel
  /// @param each elements of a block
  /// @param statement that makes `element` number `k` of the block, of `words` and the numbers `a`,
  ///   `b` and `c`, which are doubles or whole
  /// @param a the first number, by its bits
  private record Recipe(
      String name, int each, boolean doubles, String statement, long a, long b, long c) {}

  /// Draws, if it can be done here.
  ///
  /// @return whether it could
  static boolean run(
      Queue queue, Distribution distribution, Seed seed, long counter, Tensor output) {
    DType dtype = output.dtype();
    Recipe recipe =
        switch (distribution) {
          case Distribution.Uniform(double low, double high) when dtype == DType.F32 ->
              low == 0 && high == 1
                  ? new Recipe(
                      "uniform", 4, false, "element = (float) (word >> 8) * 0x1p-24f;", 0, 0, 0)
                  : new Recipe(
                      "uniform between", 4, true, FLOAT, raw(low), raw(high), raw(below(high)));
          case Distribution.Uniform(double low, double high) when dtype == DType.F64 ->
              new Recipe("uniform", 2, true, DOUBLE, raw(low), raw(high), raw(Math.nextDown(high)));
          case Distribution.Bernoulli(double p) ->
              // u < p, with u a multiple of 2⁻⁵³
              new Recipe(
                  "bernoulli",
                  2,
                  false,
                  "element = (pair >> 11) < a;",
                  (long) Math.ceil(p * 0x1p53),
                  0,
                  0);
          case Distribution.Normal(double mean, double std) ->
              new Recipe(
                  mean == 0 && std == 1 ? "normal" : "normal around",
                  4,
                  true,
                  NORMAL.replace(
                      "NUMBER", mean == 0 && std == 1 ? "z" : "a + b * z"), // the sign of zeros
                  raw(mean),
                  raw(std),
                  0);
          case Distribution.Integers(long low, long high) ->
              new Recipe(
                  "integers",
                  2,
                  false,
                  INTEGER,
                  low,
                  high - low,
                  Long.remainderUnsigned(low - high, high - low));
          default -> null;
        };
    if (recipe == null || (recipe.doubles && !queue.card().hasDoubles())) {
      return false;
    }
    int[] draw = {
      output.size(),
      output.layout().offset(),
      low(seed.key()),
      high(seed.key()),
      low(counter),
      high(counter),
      low(recipe.a),
      high(recipe.a),
      low(recipe.b),
      high(recipe.b),
      low(recipe.c),
      high(recipe.c)
    };
    queue.run(
        List.of("random", recipe.name, dtype),
        () -> source(queue.card(), recipe, dtype),
        () -> "random, " + recipe.name,
        Math.ceilDiv(output.size(), recipe.each),
        OpenClBackend.arguments(List.of(draw), output));
    return true;
  }

  private static final String FLOAT =
      """
      const double exact = a + (b - a) * ((word >> 8) * 0x1p-24);
      const float rounded = (float) exact;
      element = rounded < b ? rounded : (float) c;
      """;

  private static final String DOUBLE =
      """
      const double exact = a + (b - a) * ((double) (pair >> 11) * 0x1p-53);
      element = exact < b ? exact : c;
      """;

  /// Box and Muller: the radius from the first word of a pair, the angle from the second.
  private static final String NORMAL =
      """
      const double radius = sqrt(-2 * vg_log((four[k & 2] + 1.0) * 0x1p-32));
      const double angle = 2 * M_PI * four[(k & 2) | 1] * 0x1p-32;
      const double z = radius * (k & 1 ? vg_sin(angle) : vg_cos(angle));
      element = NUMBER;
      """;

  /// Lemire's method: the upper half of a product, drawn again where the lower half is unfair.
  private static final String INTEGER =
      """
      ulong x = pair;
      for (uint attempt = 1; x * b < c; attempt++) {
        x = bits(philox(d, block, attempt), k);
      }
      element = a + mul_hi(x, b);
      """;

  private static String source(Card card, Recipe recipe, DType dtype) {
    String numbers =
        recipe.doubles
            ? "as_double(joined(d.%1$s_low, d.%1$s_high))"
            : "joined(d.%1$s_low, d.%1$s_high)";
    StringBuilder text = new StringBuilder(Source.prelude(card.hasDoubles()));
    text.append(TYPES).append(PHILOX);
    text.append(recipe.name.startsWith("normal") ? StrictFunctions.SOURCE : "");
    text.append(
        "__kernel void run(const Draw d%s) {\n".formatted(Source.parameters(List.of(dtype), 1)));
    text.append(
        "  const long block = get_global_id(0);\n  if (block * %d >= d.n) return;\n"
            .formatted(recipe.each));
    for (String number : List.of("a", "b", "c")) {
      text.append(
          "  const %s %s = %s;\n"
              .formatted(recipe.doubles ? "double" : "ulong", number, numbers.formatted(number)));
    }
    text.append("  const uint4 words = philox(d, block, 0);\n");
    text.append("  const uint four[4] = {words.x, words.y, words.z, words.w};\n");
    text.append(
        "  for (int k = 0; k < %d && block * %d + k < d.n; k++) {\n"
            .formatted(recipe.each, recipe.each));
    text.append(
        recipe.each == 4 ? "const uint word = four[k];\n" : "const ulong pair = bits(words, k);\n");
    text.append(Source.stored(dtype)).append(" element;\n").append(recipe.statement);
    return text.append(
            "\n    a0[d.begin + block * %d + k] = element;\n  }\n}\n".formatted(recipe.each))
        .toString();
  }

  private static long raw(double value) {
    return Double.doubleToRawLongBits(value);
  }

  /// The greatest `float` below `x`.
  private static double below(double x) {
    float nearest = (float) x;
    return nearest < x ? nearest : Math.nextDown(nearest);
  }

  private static int low(long bits) {
    return (int) bits;
  }

  private static int high(long bits) {
    return (int) (bits >>> 32);
  }
}
