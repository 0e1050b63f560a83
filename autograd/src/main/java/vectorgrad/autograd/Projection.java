package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import vectorgrad.autograd.GradCheck.Element;
import vectorgrad.autograd.GradCheck.Measurement;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A number that depends on a function's inputs: `⟨u, f(x)⟩` for order 1, the product of its
/// gradient with a random direction for order 2, and so on. Its gradient is known by the backward
/// pass, and can be found again from values alone.
final class Projection {
  /// A gradient smaller than the values times this is not resolved by differences.
  private static final double RESOLVED = 1e-4;

  /// Nor is one smaller than this: inputs and results in between are taken to be of size 1 or so.
  private static final double SMALLEST = 1e-6;

  private final Function<List<Variable>, Variable> function;
  private final List<Tensor> inputs; // f64, or not floating and constant
  private final int order;
  private final Optional<Tensor> u;
  private final Seed seed;
  private final List<Tensor> gradient = new ArrayList<>();
  private final double norm;

  /// The largest number of this and lower orders: what rounding in a gradient is relative to.
  private double size;

  private Projection(
      Function<List<Variable>, Variable> function,
      List<Tensor> inputs,
      int order,
      Optional<Tensor> u,
      Seed seed) {
    this.function = function;
    this.inputs = inputs;
    this.order = order;
    this.u = u;
    this.seed = seed;
    List<Variable> leaves = leaves(inputs);
    Variable number = number(leaves);
    Gradients gradients = number.requiresGrad() ? number.backward() : new Gradients(false);
    for (Variable leaf : leaves) {
      gradient.add(gradients.has(leaf) ? gradients.get(leaf) : zeros(leaf.shape(), leaf.device()));
    }
    this.norm = Math.sqrt(inner(gradient));
  }

  /// Projected on directions drawn from `seed`.
  static Projection random(
      Function<List<Variable>, Variable> function, List<Tensor> inputs, int order, Seed seed) {
    return new Projection(function, inputs, order, Optional.empty(), seed);
  }

  /// One element of the output.
  static Projection element(
      Function<List<Variable>, Variable> function, List<Tensor> inputs, int place, Shape output) {
    Optional<Tensor> u = Optional.of(unit(place, output, Device.CPU));
    return new Projection(function, inputs, 1, u, Seed.of(0));
  }

  private Variable number(List<Variable> at) {
    Variable y = function.apply(at);
    Tensor first = u.orElseGet(() -> Tensor.normal(seed.fold(1), 0, y.shape(), DType.F64));
    Variable number = y.mul(Variable.constant(first.to(y.device()))).sum();
    for (int k = 2; k <= order; k++) {
      size = Math.max(size, Math.abs(number.item()));
      number = alongGradient(number, at, directions(seed.fold(k)));
    }
    size = Math.max(size, Math.abs(number.item()));
    return number;
  }

  /// `⟨direction, gradient of number⟩`; zero if the number depends on nothing.
  private static Variable alongGradient(
      Variable number, List<Variable> at, List<Tensor> direction) {
    Variable along = Variable.constant(Tensor.scalar(0.0));
    if (number.requiresGrad()) {
      Gradients gradients = number.backwardWithGraph();
      for (int i = 0; i < at.size(); i++) {
        if (gradients.has(at.get(i))) {
          Variable w = Variable.constant(direction.get(i));
          along = along.add(gradients.variable(at.get(i)).mul(w).sum().to(along.device()));
        }
      }
    }
    return along;
  }

  private double value(List<Tensor> at) {
    return number(order == 1 ? at.stream().map(Variable::constant).toList() : leaves(at)).item();
  }

  // ---- both ways ------------------------------------------------------------------------------

  /// The slope along a random direction, by the gradient and by differences.
  Measurement measure() {
    List<Tensor> direction = directions(seed.fold(0));
    Slope slope = Slope.of(t -> value(moved(direction, t)));
    double analytic = inner(direction);
    return new Measurement(order, analytic, slope.value(), error(analytic, slope), slope.step());
  }

  /// At most `most` elements of the gradients, evenly spread, by the gradient and by differences.
  List<Element> elements(int most) {
    int all = 0;
    for (Tensor x : inputs) {
      all += x.dtype().isFloating() ? x.size() : 0;
    }
    int stride = Math.max(1, Math.ceilDiv(all, most));
    List<Element> elements = new ArrayList<>();
    for (int input = 0; input < inputs.size(); input++) {
      if (inputs.get(input).dtype().isFloating()) {
        double[] values = gradient.get(input).toDoubles();
        for (int i = 0; i < values.length; i += stride) {
          elements.add(element(input, i, values[i]));
        }
      }
    }
    return elements;
  }

  private Element element(int input, int place, double analytic) {
    List<Tensor> direction = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor x = inputs.get(i);
      direction.add(i == input ? unit(place, x.shape(), x.device()) : zeros(x.shape(), x.device()));
    }
    Slope slope = Slope.of(t -> value(moved(direction, t)));
    List<Integer> at = indices(place, inputs.get(input).shape());
    return new Element(input, at, analytic, slope.value(), error(analytic, slope));
  }

  /// The element that is most wrong, among at most `most`.
  Optional<Element> worst(int most) {
    return elements(most).stream().max(Comparator.comparingDouble(Element::error));
  }

  private double error(double analytic, Slope slope) {
    double difference = Math.abs(analytic - slope.value());
    double largest = Math.max(Math.abs(analytic), Math.abs(slope.value()));
    largest = Math.max(largest, Math.max(norm, Math.max(RESOLVED * size, SMALLEST)));
    return difference / largest;
  }

  // ---- inputs and directions ------------------------------------------------------------------

  private static List<Variable> leaves(List<Tensor> at) {
    return at.stream()
        .map(x -> x.dtype().isFloating() ? Variable.leaf(x) : Variable.constant(x))
        .toList();
  }

  private List<Tensor> directions(Seed from) {
    List<Tensor> directions = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor x = inputs.get(i);
      directions.add(Tensor.normal(from.fold(i), 0, x.shape(), DType.F64).to(x.device()));
    }
    return directions;
  }

  private List<Tensor> moved(List<Tensor> direction, double t) {
    List<Tensor> moved = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      Tensor x = inputs.get(i);
      moved.add(x.dtype().isFloating() ? x.add(direction.get(i).mul(t)) : x);
    }
    return moved;
  }

  private double inner(List<Tensor> direction) {
    double sum = 0;
    for (int i = 0; i < direction.size(); i++) {
      if (inputs.get(i).dtype().isFloating()) {
        sum += gradient.get(i).mul(direction.get(i)).sum().item();
      }
    }
    return sum;
  }

  private static Tensor zeros(Shape shape, Device device) {
    return Tensor.zeros(shape, DType.F64, device);
  }

  private static Tensor unit(int place, Shape shape, Device device) {
    double[] values = new double[shape.size()];
    values[place] = 1;
    return Tensor.of(values, shape).to(device);
  }

  static List<Integer> indices(int place, Shape shape) {
    Integer[] indices = new Integer[shape.rank()];
    int rest = place;
    for (int axis = indices.length - 1; axis >= 0; axis--) {
      indices[axis] = rest % shape.get(axis);
      rest /= shape.get(axis);
    }
    return Arrays.asList(indices);
  }
}
