package vectorgrad.accel;

import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Distribution;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// Random numbers, made where they are needed: a work item for each block of Philox, which gives
/// four elements or two, of the very bits that the processor draws (see [Distribution]).
///
/// Uniform numbers, truth values and whole numbers are made of multiplications, shifts and
/// comparisons, the others of the [StrictFunctions]. A distribution that is a function of the
/// caller's, in Java, cannot be drawn here.
final class Randoms {
  private static final String TYPES =
      """
      typedef struct {
        int n; int begin; int key_low; int key_high; int counter_low; int counter_high;
        int numbers[12];
      } Draw;
      ulong joined(int low, int high) { return (ulong) (uint) high << 32 | (uint) low; }
      """;

  /// Ten rounds; see [vectorgrad.numerics.Philox]. The attempt stands in the counter's upper half.
  private static final String PHILOX =
      """
      uint4 philox(const Draw draw, ulong block, uint attempt) {
        const ulong counter = joined(draw.counter_low, draw.counter_high) + block;
        uint4 c = (uint4) ((uint) counter, (uint) (counter >> 32), attempt, 0);
        uint2 k = (uint2) ((uint) draw.key_low, (uint) draw.key_high);
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
  ///   `b`, `c`, …, which are doubles or whole
  /// @param numbers these, doubles by their bits; six at most
  private record Recipe(
      String name, int each, boolean doubles, String statement, List<Long> numbers) {
    static Recipe ofDoubles(String name, int each, String statement, double... numbers) {
      List<Long> bits = DoubleStream.of(numbers).mapToObj(Double::doubleToRawLongBits).toList();
      return new Recipe(name, each, true, statement, bits);
    }

    static Recipe ofLongs(String name, int each, String statement, long... numbers) {
      return new Recipe(name, each, false, statement, LongStream.of(numbers).boxed().toList());
    }

    static Recipe ofQuantile(String name, String quantile, double... numbers) {
      return ofDoubles(name, 2, QUANTILE.replace("OF_U", quantile), numbers);
    }
  }

  /// Draws, if it can be done here.
  ///
  /// @return whether it could
  static boolean run(
      Queue queue, Distribution distribution, Seed seed, long counter, Tensor output) {
    DType dtype = output.dtype();
    Optional<Recipe> found = recipe(distribution, dtype);
    if (found.isEmpty() || (found.get().doubles && !queue.card().hasDoubles())) {
      return false;
    }
    Recipe recipe = found.get();
    int[] draw = new int[6 + 2 * NAMES.length()];
    draw[0] = output.size();
    draw[1] = output.layout().offset();
    draw[2] = low(seed.key());
    draw[3] = high(seed.key());
    draw[4] = low(counter);
    draw[5] = high(counter);
    for (int i = 0; i < recipe.numbers.size(); i++) {
      draw[6 + 2 * i] = low(recipe.numbers.get(i));
      draw[7 + 2 * i] = high(recipe.numbers.get(i));
    }
    queue.run(
        List.of("random", recipe.name, dtype),
        () -> source(queue.card(), recipe, dtype),
        () -> "random, " + recipe.name,
        Math.ceilDiv(output.size(), recipe.each),
        OpenClBackend.arguments(List.of(draw), output));
    return true;
  }

  private static Optional<Recipe> recipe(Distribution distribution, DType dtype) {
    return Optional.ofNullable(
        switch (distribution) {
          case Distribution.Uniform(double low, double high) when dtype == DType.F32 ->
              low == 0 && high == 1
                  ? Recipe.ofLongs("uniform", 4, "element = (float) (word >> 8) * 0x1p-24f;")
                  : Recipe.ofDoubles("uniform between", 4, FLOAT, low, high, below(high));
          case Distribution.Uniform(double low, double high) when dtype == DType.F64 ->
              Recipe.ofDoubles("uniform", 2, DOUBLE, low, high, Math.nextDown(high));
          case Distribution.Bernoulli(double p) ->
              // u < p, with u a multiple of 2⁻⁵³
              Recipe.ofLongs(
                  "bernoulli", 2, "element = (pair >> 11) < a;", (long) Math.ceil(p * 0x1p53));
          case Distribution.Normal(double mean, double std) ->
              mean == 0 && std == 1 // the sign of zeros
                  ? Recipe.ofDoubles("normal", 4, NORMAL.replace("NUMBER", "z"))
                  : Recipe.ofDoubles(
                      "normal around", 4, NORMAL.replace("NUMBER", "a + b * z"), mean, std);
          case Distribution.Integers(long low, long high) ->
              Recipe.ofLongs(
                  "integers",
                  2,
                  INTEGER,
                  low,
                  high - low,
                  Long.remainderUnsigned(low - high, high - low));
          case Distribution.Exponential(double rate) ->
              Recipe.ofQuantile("exponential", "-vg_log(u) / a", rate);
          case Distribution.Gumbel() -> Recipe.ofQuantile("gumbel", "-vg_log(-vg_log(u))");
          case Distribution.TruncatedNormal cut when cut.range() > 0 ->
              Recipe.ofQuantile(
                  "truncated normal",
                  TRUNCATED,
                  cut.mean(),
                  cut.sign() * cut.std(),
                  cut.start(),
                  cut.range(),
                  cut.low(),
                  cut.high());
          case Distribution.TruncatedNormal cut ->
              Recipe.ofQuantile("one number", "a", cut.nearer());
          case Distribution.Inverse _, Distribution.Uniform _ -> null;
        });
  }

  private static final String NAMES = "abcdef";

  private static final String QUANTILE =
      """
      const double u = ((double) (pair >> 12) + 0.5) * 0x1p-52;
      element = OF_U;
      """;

  private static final String TRUNCATED =
      "vg_min_double(f, vg_max_double(a + b * vg_quantile(c + d * u), e))";

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
        x = bits(philox(draw, block, attempt), k);
      }
      element = a + mul_hi(x, b);
      """;

  private static String source(Card card, Recipe recipe, DType dtype) {
    String numbers =
        recipe.doubles
            ? "as_double(joined(draw.numbers[%d], draw.numbers[%d]))"
            : "joined(draw.numbers[%d], draw.numbers[%d])";
    StringBuilder text = new StringBuilder(Source.prelude(card.hasDoubles()));
    text.append(TYPES).append(PHILOX);
    text.append(recipe.statement.contains("vg_") ? StrictFunctions.SOURCE : "");
    text.append(
        "__kernel void run(const Draw draw%s) {\n".formatted(Source.parameters(List.of(dtype), 1)));
    text.append(
        "  const long block = get_global_id(0);\n  if (block * %d >= draw.n) return;\n"
            .formatted(recipe.each));
    for (int i = 0; i < recipe.numbers.size(); i++) {
      text.append(
          "  const %s %s = %s;\n"
              .formatted(
                  recipe.doubles ? "double" : "ulong",
                  NAMES.charAt(i),
                  numbers.formatted(2 * i, 2 * i + 1)));
    }
    text.append("  const uint4 words = philox(draw, block, 0);\n");
    text.append("  const uint four[4] = {words.x, words.y, words.z, words.w};\n");
    text.append(
        "  for (int k = 0; k < %d && block * %d + k < draw.n; k++) {\n"
            .formatted(recipe.each, recipe.each));
    text.append(
        recipe.each == 4 ? "const uint word = four[k];\n" : "const ulong pair = bits(words, k);\n");
    text.append(Source.stored(dtype)).append(" element;\n").append(recipe.statement);
    return text.append(
            "\n    a0[draw.begin + block * %d + k] = element;\n  }\n}\n".formatted(recipe.each))
        .toString();
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
