package vectorgrad.tensor;

import java.util.List;
import java.util.Locale;

/// How [Tensor#einsum] computes an equation: which operands it joins in which order, and what that
/// costs. Printed, it is a table:
///
/// ```
/// einsum ij,jk,kl->il of (10, 200), (200, 30), (30, 5)
///   jk,kl->jl  matmul  (200, 5)  60,000 flops
///   ij,jl->il  matmul  (10, 5)   20,000 flops
///   in all 80,000 flops; one loop over ijkl would take 900,000
///   at most 1,000 elements in between
/// ```
///
/// Axes under an ellipsis are printed as Greek letters, ω for the last.
///
/// @param equation the equation, with the output written out
/// @param shapes the shapes of the operands
/// @param steps what is done, in this order
/// @param loopFlops what one loop over all the indices would cost, as a product of sizes is written
public record EinsumPath(String equation, List<Shape> shapes, List<Step> steps, double loopFlops) {

  /// One step: a sum over axes that only one operand has, or the product of two operands.
  ///
  /// @param inputs what it takes: operands by their number, results of earlier steps numbered after
  ///   them, in order
  /// @param equation what is computed: `jk,kl->jl`
  /// @param verb the operation of [Tensor] that does it: `sum`, `mul`, `vecdot` or `matmul`
  /// @param shape the shape of the result
  /// @param flops multiplications and additions
  public record Step(
      List<Integer> inputs, String equation, String verb, Shape shape, double flops) {

    /// Copies the list.
    public Step {
      inputs = List.copyOf(inputs);
    }
  }

  /// Copies the lists.
  public EinsumPath {
    shapes = List.copyOf(shapes);
    steps = List.copyOf(steps);
  }

  /// The multiplications and additions of all steps.
  public double flops() {
    return steps.stream().mapToDouble(Step::flops).sum();
  }

  /// The elements of the largest tensor between the operands and the result; 0 if there is none.
  public int largestBetween() {
    return steps.stream()
        .limit(Math.max(0, steps.size() - 1))
        .mapToInt(step -> step.shape().size())
        .max()
        .orElse(0);
  }

  @Override
  public String toString() {
    var text = new StringBuilder("einsum ").append(equation).append(" of ");
    text.append(String.join(", ", shapes.stream().map(Shape::toString).toList()));
    int[] widths = new int[4];
    for (Step step : steps) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], cell(step, i).length());
      }
    }
    for (Step step : steps) {
      String row = "";
      for (int i = 0; i < widths.length; i++) {
        String space = " ".repeat(widths[i] - cell(step, i).length());
        row += "  " + (i == 3 ? space + cell(step, i) : cell(step, i) + space);
      }
      text.append('\n').append(row).append(" flops");
    }
    String loop = equation.substring(0, equation.indexOf('-'));
    String indices =
        loop.chars()
            .filter(c -> c != ',')
            .distinct()
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    text.append("\n  in all ").append(count(flops())).append(" flops");
    if (steps.size() > 1) {
      text.append("; one loop over ").append(indices).append(" would take ");
      text.append(count(loopFlops));
      text.append("\n  at most ").append(count(largestBetween())).append(" elements in between");
    }
    return text.toString();
  }

  private static String cell(Step step, int column) {
    return switch (column) {
      case 0 -> step.equation();
      case 1 -> step.verb();
      case 2 -> step.shape().toString();
      default -> count(step.flops());
    };
  }

  private static String count(double number) {
    return String.format(Locale.ROOT, number < 1e15 ? "%,.0f" : "%.3e", number);
  }
}
