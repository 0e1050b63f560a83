package vectorgrad.bench.ladder;

import vectorgrad.tensor.Tensor;

/// What every rung has to compute before it is measured.
final class Ladders {
  private Ladders() {}

  /// Refuses other numbers than the library's.
  static void expect(Tensor right, float[] found, double tolerance) {
    float[] numbers = right.toFloats();
    for (int i = 0; i < numbers.length; i++) {
      if (found.length != numbers.length || !(Math.abs(found[i] - numbers[i]) <= tolerance)) {
        throw new IllegalStateException(
            "element %d is %s and should be %s".formatted(i, found[i], numbers[i]));
      }
    }
  }
}
