package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.EinsumPath;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Sums of products by an equation, joined two at a time in the order that [Tensor#einsumPath]
/// finds. Each step is recorded by itself, so a backward pass has two steps for each one forward,
/// of the same sizes, and takes about twice the time of the forward pass.
final class EinsumOps {
  private EinsumOps() {}

  /// An equation of one or two operands, with its output written out and a letter for every axis.
  ///
  /// The gradient of an operand sums `dy` times the other operand over what the operand lacks: it
  /// is the same equation with output and operand exchanged. Three kinds of axes need more:
  ///
  /// | axis of the operand | |
  /// |---|---|
  /// | summed alone, in `i->` | the gradient is the same everywhere along it |
  /// | of size 1, and broadcast | the gradient is summed along it |
  /// | labelled twice, in `ii->i` | the gradient lies on the diagonal |
  record Einsum(String equation) implements Op.Nary {
    @Override
    public Saved saved() {
      return Saved.OTHER_INPUTS;
    }

    @Override
    public Tensor forward(List<Tensor> xs) {
      return Tensor.einsum(equation, xs.toArray(Tensor[]::new));
    }

    @Override
    public List<Supplier<Variable>> backward(Variable dy, List<Variable> xs, Variable y) {
      return IntStream.range(0, xs.size())
          .<Supplier<Variable>>mapToObj(i -> () -> gradient(i, dy, xs))
          .toList();
    }

    private Variable gradient(int i, Variable dy, List<Variable> xs) {
      String[] sides = equation.split("->", -1);
      String[] terms = sides[0].split(",", -1);
      String own = terms[i];
      Shape shape = xs.get(i).shape();
      String known = sides[1] + (xs.size() == 1 ? "" : terms[1 - i]);
      int[] sizes = new int[own.length()];
      Arrays.fill(sizes, 1);
      var result = new StringBuilder();
      for (int axis = 0; axis < sizes.length; axis++) {
        char label = own.charAt(axis);
        boolean first = own.indexOf(label) == axis;
        if (first && shape.get(axis) != 1 && known.indexOf(label) >= 0) {
          result.append(label);
          int where = sides[1].indexOf(label);
          sizes[axis] =
              where >= 0 ? dy.size(where) : xs.get(1 - i).size(terms[1 - i].indexOf(label));
        }
      }
      Variable product =
          xs.size() == 1
              ? apply(sides[1] + "->" + result, dy)
              : apply(sides[1] + "," + terms[1 - i] + "->" + result, dy, xs.get(1 - i));
      Variable gradient = product.reshape(Shape.of(sizes)).expand(shape);
      for (int axis = 1; axis < sizes.length; axis++) {
        int first = own.indexOf(own.charAt(axis));
        gradient = first < axis ? onDiagonal(gradient, first, axis) : gradient;
      }
      return gradient;
    }

    private static Variable apply(String equation, Variable... xs) {
      return Variable.apply(new Einsum(equation), xs);
    }

    /// `x` where the index of both axes is the same, 0 elsewhere.
    private static Variable onDiagonal(Variable x, int axis1, int axis2) {
      int[] sizes = new int[x.rank()];
      Arrays.fill(sizes, 1);
      sizes[axis1] = x.size(axis1);
      sizes[axis2] = x.size(axis2);
      Tensor diagonal = Tensor.eye(x.size(axis1), DType.BOOL).reshape(Shape.of(sizes));
      return Variable.where(diagonal.to(x.device()), x, x.number(0));
    }
  }

  static Variable einsum(String equation, Variable... operands) {
    Shape[] shapes = Arrays.stream(operands).map(Variable::shape).toArray(Shape[]::new);
    EinsumPath path = Tensor.einsumPath(equation, shapes);
    Variable[] read =
        operands.length > 1 ? Autocast.arranged(Autocast.Policy.LOW, operands) : operands;
    Variable[] promoted = Variable.promoted("einsum", read);
    DType dtype = promoted[0].dtype();
    List<Variable> values = new ArrayList<>();
    for (Variable operand : promoted) {
      // halves are rounded once, at the end
      boolean half = dtype.isFloating() && operands.length > 1;
      values.add(half ? operand.to(dtype.widened()) : operand);
    }
    // steps write their inputs without the axes that broadcast or repeat: here, as they were given
    int arrow = path.equation().indexOf("->");
    List<String> terms =
        new ArrayList<>(List.of(path.equation().substring(0, arrow).split(",", -1)));
    String output = path.equation().substring(arrow);
    if (path.steps().isEmpty()) {
      return Einsum.apply(path.equation(), values.getFirst());
    }
    for (EinsumPath.Step step : path.steps()) {
      boolean last = terms.size() == operands.length + path.steps().size() - 1;
      String result = last ? output : step.equation().substring(step.equation().indexOf("->"));
      List<Integer> from = step.inputs();
      String inputs = String.join(",", from.stream().map(terms::get).toList());
      Variable[] parts = from.stream().map(values::get).toArray(Variable[]::new);
      values.add(Einsum.apply(inputs + result, parts));
      terms.add(result.substring(2));
    }
    return dtype.isFloating() ? values.getLast().to(dtype) : values.getLast();
  }

  /// As [Tensor#tensordot(Tensor, int[], int[])]: the equation of pairs of axes.
  static Variable tensordot(Variable a, Variable b, int[] axes, int[] axesOfB) {
    boolean fits = axes.length == axesOfB.length;
    char[] left = labels('a', a.rank());
    char[] right = labels('A', b.rank());
    boolean[] summed = new boolean[a.rank()];
    for (int i = 0; i < axes.length && fits; i++) {
      int axis = a.shape().axis(axes[i]);
      int other = b.shape().axis(axesOfB[i]);
      fits = !summed[axis] && right[other] == 'A' + other && a.size(axis) == b.size(other);
      summed[axis] = true;
      right[other] = left[axis];
    }
    if (!fits) {
      a.value().tensordot(b.value(), axes, axesOfB); // throws
    }
    var output = new StringBuilder("->");
    for (int axis = 0; axis < left.length; axis++) {
      output.append(summed[axis] ? "" : String.valueOf(left[axis]));
    }
    for (int axis = 0; axis < right.length; axis++) {
      output.append(right[axis] == 'A' + axis ? String.valueOf(right[axis]) : "");
    }
    String terms = new String(left) + "," + new String(right);
    return einsum(terms + output, a, b);
  }

  private static char[] labels(char first, int count) {
    char[] labels = new char[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (char) (first + i);
    }
    return labels;
  }
}
