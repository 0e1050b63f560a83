package vectorgrad.accel;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// Which [Product.Variant] is the fastest on a device, for shapes of about one size. Nobody can
/// tell beforehand, so the first product of a size is made by each of them (they give the same
/// bits) and by a clock; what was found is kept beside the binaries.
///
/// It costs two runs of each variant, and half a second at most for each size: then the rest is not
/// tried.
final class Tuning {
  /// Products of fewer multiplications take as long as they are asked for.
  static final long FEW = 1L << 24;

  private static final String NAME = "tuning of products";
  private static final long MOST_NANOS = 500_000_000;

  private final Binaries kept;
  private final Map<String, String> known = new TreeMap<>();

  Tuning(Binaries kept) {
    this.kept = kept;
    kept.find(NAME)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .ifPresent(text -> text.lines().forEach(this::read));
  }

  private void read(String line) {
    int colon = line.lastIndexOf(": ");
    if (colon > 0) {
      known.put(line.substring(0, colon), line.substring(colon + 2));
    }
  }

  /// Sizes whose products take about as long: each to the nearest power of two.
  static String about(String title, int batch, int m, int n, int k) {
    return "%s %d of %d x %d x %d".formatted(title, log(batch), log(m), log(n), log(k));
  }

  private static int log(int size) {
    return (int) Math.round(Math.log(Math.max(1, size)) / Math.log(2));
  }

  /// The fastest.
  ///
  /// @param sizes see [#about]
  /// @param usual what to take first, and if nothing is faster
  /// @param time what a run of a variant takes, in nanoseconds; the first one compiles
  synchronized Product.Variant choose(
      String sizes,
      List<Product.Variant> variants,
      Product.Variant usual,
      ToLongFunction<Product.Variant> time) {
    String name = known.get(sizes);
    for (Product.Variant variant : variants) {
      if (variant.name().equals(name)) {
        return variant;
      }
    }
    Product.Variant best = usual;
    long least = best(time, usual);
    long spent = least;
    for (Product.Variant variant : variants.reversed()) {
      if (variant.equals(usual) || spent > MOST_NANOS) {
        continue;
      }
      long nanos = best(time, variant);
      spent += nanos;
      if (nanos < least) {
        least = nanos;
        best = variant;
      }
    }
    known.put(sizes, best.name());
    String text =
        known.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
            .collect(Collectors.joining());
    kept.keep(NAME, text.getBytes(StandardCharsets.UTF_8));
    return best;
  }

  /// Of two runs, the first of which compiles.
  private static long best(ToLongFunction<Product.Variant> time, Product.Variant variant) {
    return Math.min(time.applyAsLong(variant), time.applyAsLong(variant));
  }
}
