package vectorgrad.train;

import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Tensor;

/// Functions of two numbers whose minima are known, to see how optimizers go down. Each is written
/// once, on variables: a descent takes its gradient, a map of its levels asks it for a whole grid.
@SuppressWarnings("ImmutableEnumChecker") // functions and lists that never change
public enum Valley {
  /// `(1 − x)² + 100·(y − x²)²`: a bent valley with a flat floor. Rosenbrock 1960.
  ROSENBROCK(
      "Rosenbrock's valley",
      (x, y) -> x.neg().add(1).square().add(y.sub(x.square()).square().mul(100)),
      new Place(-1.2, 1),
      List.of(new Place(1, 1)),
      new Window(-2.2, 2, -1, 3),
      1000),

  /// `(1.5 − x + x·y)² + (2.25 − x + x·y²)² + (2.625 − x + x·y³)²`: steep walls around a plain.
  /// Beale 1958.
  BEALE(
      "Beale's valley",
      (x, y) -> {
        Variable product = x.mul(y);
        return product
            .sub(x)
            .add(1.5)
            .square()
            .add(product.mul(y).sub(x).add(2.25).square())
            .add(product.mul(y).mul(y).sub(x).add(2.625).square());
      },
      new Place(1, 1.4),
      List.of(new Place(3, 0.5)),
      new Window(-0.4, 4.4, -1.4, 1.9),
      300),

  /// `(x² + y − 11)² + (x + y² − 7)²`: four minima; which of them is found? Himmelblau 1972.
  HIMMELBLAU(
      "Himmelblau's valleys",
      (x, y) -> x.square().add(y).sub(11).square().add(x.add(y.square()).sub(7).square()),
      new Place(0.1, -0.5),
      List.of(
          new Place(3, 2),
          new Place(-2.805118, 3.131313),
          new Place(-3.779310, -3.283186),
          new Place(3.584428, -1.848127)),
      new Window(-5.4, 5.4, -5, 5),
      200),

  /// `(x² − 1)² / 4 + 2·y²`: the way down leads over a saddle at (0, 0), beside which it begins.
  SADDLE(
      "a saddle",
      (x, y) -> x.square().sub(1).square().mul(0.25).add(y.square().mul(2)),
      new Place(0.01, 1.2),
      List.of(new Place(1, 0), new Place(-1, 0)),
      new Window(-1.6, 1.6, -1, 1.4),
      100),

  /// `½·(x² + 50·y²)`: a bowl fifty times as steep across as along.
  RAVINE(
      "a ravine",
      (x, y) -> x.square().add(y.square().mul(50)).mul(0.5),
      new Place(-4, 1),
      List.of(new Place(0, 0)),
      new Window(-4.6, 1.6, -1.5, 1.5),
      300);

  /// A point of the plane.
  public record Place(double x, double y) {}

  /// The part of the plane that is drawn.
  public record Window(double left, double right, double bottom, double top) {

    /// Whether a place is inside.
    public boolean contains(Place place) {
      return place.x() >= left && place.x() <= right && place.y() >= bottom && place.y() <= top;
    }
  }

  private final String title;
  private final BinaryOperator<Variable> function;
  private final Place start;
  private final List<Place> minima;
  private final Window window;
  private final int steps;

  Valley(
      String title,
      BinaryOperator<Variable> function,
      Place start,
      List<Place> minima,
      Window window,
      int steps) {
    this.title = title;
    this.function = function;
    this.start = start;
    this.minima = minima;
    this.window = window;
    this.steps = steps;
  }

  /// Its name on a command line.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Its name in a sentence.
  public String title() {
    return title;
  }

  /// The values at the places (`x`, `y`), element by element.
  public Variable at(Variable x, Variable y) {
    return function.apply(x, y);
  }

  /// The value at `place`, a parameter of two numbers.
  public Variable at(Parameter place) {
    return at(place.slice(0, 0, 1, 1), place.slice(0, 1, 2, 1)).sum();
  }

  /// The value at a place.
  public double at(Place place) {
    return at(Variable.constant(Tensor.of(place.x())), Variable.constant(Tensor.of(place.y())))
        .item();
  }

  /// Where descents begin.
  public Place start() {
    return start;
  }

  /// Where the function is smallest; it is 0 there, in all of them.
  public List<Place> minima() {
    return minima;
  }

  /// What is worth seeing of it.
  public Window window() {
    return window;
  }

  /// How many steps are worth seeing; most arrive within them.
  public int steps() {
    return steps;
  }
}
