package vectorgrad.optim;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.input;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import vectorgrad.autograd.Parameter;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// One parameter of an optimizer and what is remembered about it.
final class Slot {
  private static final String STEP = "step";
  private static final Program SQUARE = Program.of(input(0).square());
  private static final Program PRODUCT = Program.of(input(0).times(input(1)));

  /// Of a sum of squares and a bound: what draws the norm back to the bound, else 1.
  private static final Program SHARE = share(input(0).sqrt(), input(1));

  private final Parameter parameter;
  private final String name;
  private final Map<String, Cell> cells = new LinkedHashMap<>();

  Slot(Parameter parameter, String name) {
    this.parameter = parameter;
    this.name = name;
    cells.put(STEP, new Cell(count(0)));
  }

  Parameter parameter() {
    return parameter;
  }

  String name() {
    return name;
  }

  /// The cells of `rule`'s state and the count of steps; new ones begin as the rule says.
  Map<String, Cell> state(UpdateRule rule) {
    Map<String, Cell> state = new LinkedHashMap<>();
    for (String part : rule.state()) {
      state.put(part, cell(rule, part));
    }
    state.put(STEP, cells.get(STEP));
    return state;
  }

  private Cell cell(UpdateRule rule, String part) {
    Tensor value = parameter.value();
    Cell cell =
        cells.computeIfAbsent(
            part,
            _ ->
                new Cell(
                    Tensor.full(rule.initial(part), value.shape(), value.dtype(), value.device())));
    Tensor remembered = cell.value();
    if (remembered.dtype() != value.dtype() || remembered.device() != value.device()) {
      cell.set(remembered.to(value.dtype()).to(value.device())); // it follows its parameter
    }
    return cell;
  }

  /// One step: inputs are parameter, gradient, state, scalars and sums; outputs are parameter and
  /// state.
  void step(UpdateRule rule, Kernels kernels, double learningRate, Tensor gradient) {
    long step = (long) cells.get(STEP).value().item() + 1;
    double[] scalars = rule.scalars(learningRate, step);
    List<Cell> written = new ArrayList<>();
    written.add(parameter.cell());
    for (String part : rule.state()) {
      written.add(cell(rule, part));
    }
    List<Tensor> inputs = new ArrayList<>();
    inputs.add(parameter.value());
    inputs.add(gradient);
    for (Cell cell : written.subList(1, written.size())) {
      inputs.add(cell.value());
    }
    for (double scalar : scalars) {
      inputs.add(Tensor.full(scalar, Shape.SCALAR, gradient.dtype(), gradient.device()));
    }
    Tensor[] summed = inputs.toArray(new Tensor[0]);
    for (Program sum : kernels.sums()) {
      inputs.add(Tensor.sumOf(sum, false, new int[0], summed));
    }
    Cell.update(kernels.update(), written, inputs.toArray(new Tensor[0]));
    cells.get(STEP).set(count(step));
  }

  private static Program share(Formula norm, Formula most) {
    return Program.of(most.lessThan(norm).then(most.over(norm.plus(1e-7)), ONE));
  }

  /// Draws every unit along `axis` whose norm is above `most` back to it.
  void bound(double most, int axis) {
    Tensor weights = parameter.value();
    int rank = weights.rank();
    if (rank < 2 || axis >= rank) {
      return;
    }
    int[] others = IntStream.range(0, rank).filter(i -> i != axis).toArray();
    Tensor squares = Tensor.sumOf(SQUARE, true, others, weights);
    Tensor limit = Tensor.full(most, Shape.SCALAR, weights.dtype(), weights.device());
    Cell.update(PRODUCT, List.of(parameter.cell()), weights, Tensor.map(SHARE, squares, limit));
  }

  /// The kernels of all parameters: what they do not take as an input is a constant in them.
  ///
  /// @param sums one for each sum that the update needs
  /// @param update the fused update
  record Kernels(List<Program> sums, Program update) {
    static Kernels of(UpdateRule rule) {
      int stateCount = rule.state().size();
      List<Formula> state = inputs(2, stateCount);
      List<Formula> scalars = inputs(2 + stateCount, rule.scalars(1, 1).length);
      List<Formula> sums = rule.sums(input(0), input(1), state, scalars);
      List<Formula> all = new ArrayList<>(scalars);
      all.addAll(inputs(2 + stateCount + scalars.size(), sums.size()));
      Formula[] updated = rule.update(input(0), input(1), state, all).toArray(new Formula[0]);
      return new Kernels(sums.stream().map(Program::of).toList(), Program.of(updated));
    }

    private static List<Formula> inputs(int from, int count) {
      return IntStream.range(from, from + count).mapToObj(Formula::input).toList();
    }
  }

  private static Tensor count(long step) {
    return Tensor.of(new int[] {Math.toIntExact(step)}, Shape.SCALAR);
  }
}
