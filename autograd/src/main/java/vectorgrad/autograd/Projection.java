package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import vectorgrad.autograd.GradCheck.Element;
import vectorgrad.autograd.GradCheck.Measurement;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A number that depends on all that a function depends on: `⟨u, f(x)⟩` for order 1, the product of
/// its gradient with a random direction for order 2, and so on. Its gradient is known by the
/// backward pass, and can be found again from values alone.
final class Projection {
  /// A gradient smaller than the values times this is not resolved by differences.
  private static final double RESOLVED = 1e-4;

  /// Nor is one smaller than this: inputs and results in between are taken to be of size 1 or so.
  private static final double SMALLEST = 1e-6;

  private final Probe probe;
  private final int order;
  private final Seed seed;
  private final List<Tensor> gradient = new ArrayList<>();
  private final List<Boolean> reached = new ArrayList<>();
  private final double norm;

  /// The largest number of this and lower orders: what rounding in a gradient is relative to.
  private double size;

  /// Projected on directions drawn from `seed`.
  Projection(Probe probe, int order, Seed seed) {
    this.probe = probe;
    this.order = order;
    this.seed = seed;
    List<Variable> variables = probe.variables(probe.place(), true);
    Variable number = number(variables);
    Gradients gradients = number.requiresGrad() ? number.backward() : new Gradients(false);
    for (Variable variable : variables) {
      reached.add(gradients.has(variable));
      gradient.add(
          gradients.has(variable)
              ? gradients.get(variable)
              : zeros(variable.shape(), variable.device()));
    }
    this.norm = Math.sqrt(inner(gradient));
  }

  private Variable number(List<Variable> at) {
    Variable y = probe.call(at);
    Tensor u = Tensor.normal(seed.fold(1), 0, y.shape(), DType.F64);
    Variable number = y.mul(Variable.constant(u.to(y.device()))).sum();
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
    return number(probe.variables(at, order > 1)).item();
  }

  // ---- both ways ------------------------------------------------------------------------------

  /// The slope along a random direction, by the gradient and by differences.
  Measurement measure() {
    List<Tensor> direction = directions(seed.fold(0));
    Slope slope = Slope.of(t -> value(moved(direction, t)));
    double analytic = inner(direction);
    double error = error(analytic, slope, norm, size);
    return new Measurement(order, analytic, slope.value(), error, slope.step());
  }

  /// At most `most` elements of the gradients, evenly spread, by the gradient and by differences.
  List<Element> elements(int most) {
    int all = 0;
    for (int i = 0; i < gradient.size(); i++) {
      all += probe.moves(i) ? gradient.get(i).size() : 0;
    }
    int stride = Math.max(1, Math.ceilDiv(all, most));
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < gradient.size(); i++) {
      if (probe.moves(i)) {
        double[] values = gradient.get(i).toDoubles();
        for (int place = 0; place < values.length; place += stride) {
          elements.add(element(i, place, values[place]));
        }
      }
    }
    return elements;
  }

  private Element element(int i, int place, double analytic) {
    Tensor x = probe.place().get(i);
    Slope slope = Slope.of(t -> value(moved(probe.place(), i, unit(place, x, t))));
    return new Element(
        probe.name(i),
        indices(place, x.shape()),
        analytic,
        slope.value(),
        slope.change(),
        error(analytic, slope, norm, size));
  }

  /// Whether the backward pass reached what is called `name`.
  boolean reaches(String name) {
    for (int i = 0; i < reached.size(); i++) {
      if (probe.name(i).equals(name)) {
        return reached.get(i);
      }
    }
    return false;
  }

  /// How far a derivative is from its difference, relative to the `norm` of the gradient it belongs
  /// to, or to what differences of numbers of this `size` resolve.
  static double error(double analytic, Slope slope, double norm, double size) {
    double difference = Math.abs(analytic - slope.value());
    double largest = Math.max(Math.abs(analytic), Math.abs(slope.value()));
    return difference / Math.max(largest, Math.max(norm, Math.max(RESOLVED * size, SMALLEST)));
  }

  // ---- places and directions ------------------------------------------------------------------

  private List<Tensor> directions(Seed from) {
    List<Tensor> directions = new ArrayList<>();
    for (int i = 0; i < probe.place().size(); i++) {
      Tensor x = probe.place().get(i);
      directions.add(Tensor.normal(from.fold(i), 0, x.shape(), DType.F64).to(x.device()));
    }
    return directions;
  }

  private List<Tensor> moved(List<Tensor> direction, double t) {
    List<Tensor> moved = new ArrayList<>();
    for (int i = 0; i < direction.size(); i++) {
      Tensor x = probe.place().get(i);
      moved.add(probe.moves(i) ? x.add(direction.get(i).mul(t)) : x);
    }
    return moved;
  }

  /// The tensors `at`, where the one at `i` is moved by `step`.
  static List<Tensor> moved(List<Tensor> at, int i, Tensor step) {
    List<Tensor> moved = new ArrayList<>(at);
    moved.set(i, at.get(i).add(step));
    return moved;
  }

  private double inner(List<Tensor> direction) {
    double sum = 0;
    for (int i = 0; i < direction.size(); i++) {
      if (probe.moves(i)) {
        sum += gradient.get(i).mul(direction.get(i)).sum().item();
      }
    }
    return sum;
  }

  static Tensor zeros(Shape shape, Device device) {
    return Tensor.zeros(shape, DType.F64, device);
  }

  /// As large as `x`: `t` in one place, 0 elsewhere.
  static Tensor unit(int place, Tensor x, double t) {
    double[] values = new double[x.size()];
    values[place] = t;
    return Tensor.of(values, x.shape()).to(x.device());
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
