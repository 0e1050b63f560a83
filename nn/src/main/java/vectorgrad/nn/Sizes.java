package vectorgrad.nn;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Message;

/// What layers expect of the sizes they are made of, and of the numbers they are given.
final class Sizes {
  private Sizes() {}

  /// Sees to it that all sizes are positive.
  ///
  /// @param rule what they mean: `(in, out)`
  static void expect(String layer, String rule, int... sizes) {
    boolean positive = sizes.length > 0;
    for (int size : sizes) {
      positive &= size > 0;
    }
    if (!positive) {
      String found =
          IntStream.of(sizes).mapToObj(Integer::toString).collect(Collectors.joining(" and "));
      throw new IllegalArgumentException(
          Message.of(layer, "sizes must be positive, found " + (found.isEmpty() ? "none" : found))
              .row("rule", "the sizes are " + rule)
              .toString());
    }
  }

  /// Sees to it that the numbers are of a type that multiplies with those of parameters: of whole
  /// numbers those that f32 or f64 can hold. I64 would make either of them lose something.
  static void expectNumbers(Layer layer, String name, Variable x) {
    if (x.dtype() == DType.I64) {
      throw notFloating(layer, name, x);
    }
  }

  /// Sees to it that the numbers have a mean of their own type.
  static void expectFloating(Layer layer, String name, Variable x) {
    if (!x.dtype().isFloating()) {
      throw notFloating(layer, name, x);
    }
  }

  private static DTypeException notFloating(Layer layer, String name, Variable x) {
    return new DTypeException(
        Location.message(layer, name, "the input is " + x.dtype() + ", not floating-point")
            .row("input", x.shape())
            .row(
                "help",
                x.dtype() == DType.BOOL
                    ? "x.to(DType.F32)"
                    : "x.to(DType.F32); numbers that stand for words go through embedding(…)"),
        x.shape());
  }
}
