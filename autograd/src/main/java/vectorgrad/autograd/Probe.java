package vectorgrad.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Tensor;

/// A function and every number that it can be differentiated by: its floating inputs, and the
/// parameters it reads, which its graph tells. It is called at other numbers again and again, and
/// gives the same each time: buffers, such as the state of dropout, are set back before each call.
///
/// Parameters are moved in place, in the dtype of the check; when the probe is closed, they and the
/// buffers hold to the bit what they held before.
final class Probe implements AutoCloseable {
  /// Held by the one probe at a time that moves parameters and buffers, which others may share.
  private static final ReentrantLock CELLS = new ReentrantLock();

  private final Function<List<Variable>, Variable> function;
  private final DType dtype;
  private final int inputs;
  private final List<Tensor> place; // the inputs, then the parameters, where they are looked at
  private final List<Parameter> parameters;
  private final List<Tensor> before = new ArrayList<>(); // what the parameters held
  private final Journal journal = new Journal();
  private final boolean locked;

  private Probe(
      Function<List<Variable>, Variable> function,
      DType dtype,
      UnaryOperator<Tensor> placed,
      Tensor[] given) {
    this.function = function;
    this.dtype = dtype;
    this.inputs = given.length;
    this.place = new ArrayList<>(Arrays.stream(given).map(this::in).map(placed).toList());
    try {
      // where they are, and always in f64: the order of the graph depends on neither then
      List<Tensor> present =
          Arrays.stream(given).map(x -> x.dtype().isFloating() ? x.to(DType.F64) : x).toList();
      this.parameters = parametersOf(call(variables(present, true)));
    } catch (RuntimeException | Error e) {
      journal.rewind();
      throw e;
    }
    this.locked = !parameters.isEmpty() || !journal.isEmpty();
    if (locked) {
      CELLS.lock();
    }
    for (Parameter parameter : parameters) {
      Tensor value = Scope.outside(() -> parameter.value().copy());
      before.add(value);
      place.add(placed.apply(in(value)));
    }
  }

  /// A probe of `function` in float64.
  ///
  /// @throws GradientException if the function is not the same from call to call, or does not give
  ///   what it is asked for
  static Probe inDoubles(Function<List<Variable>, Variable> function, Tensor... given) {
    Probe probe = new Probe(function, DType.F64, x -> x, given);
    try {
      probe.expectSame();
      return probe;
    } catch (RuntimeException | Error e) {
      probe.close();
      throw e;
    }
  }

  /// A probe in any dtype, with the inputs and parameters on `device`, all rounded to f32 before.
  static Probe of(
      Function<List<Variable>, Variable> function, DType dtype, Device device, Tensor... given) {
    return new Probe(function, dtype, x -> rounded(x).to(device), given);
  }

  private static Tensor rounded(Tensor x) {
    return x.dtype().isFloating() ? x.to(DType.F32).to(x.dtype()) : x;
  }

  private Tensor in(Tensor x) {
    return x.dtype().isFloating() ? x.to(dtype) : x;
  }

  private static List<Parameter> parametersOf(Variable y) {
    List<Parameter> parameters = new ArrayList<>();
    for (Variable leaf : Backward.leaves(y)) {
      if (leaf instanceof Parameter parameter) {
        parameters.add(parameter);
      }
    }
    return parameters;
  }

  // ---- calling it -----------------------------------------------------------------------------

  /// The numbers it is looked at: the inputs, then the parameters.
  List<Tensor> place() {
    return place;
  }

  /// Whether number `i` of them can be differentiated by.
  boolean moves(int i) {
    return place.get(i).dtype().isFloating();
  }

  /// How reports call the numbers at `i`.
  String name(int i) {
    String name =
        i < inputs
            ? "input " + i
            : parameters
                .get(i - inputs)
                .label()
                .map(label -> "\"" + label + "\"")
                .orElse("parameter " + (i - inputs));
    return name + " " + place.get(i).shape();
  }

  /// Variables with these numbers: leaves, or constants where no gradient is needed. Parameters
  /// stand for themselves, and take their numbers over.
  List<Variable> variables(List<Tensor> at, boolean leaves) {
    List<Variable> variables = new ArrayList<>();
    for (int i = 0; i < at.size(); i++) {
      Tensor x = at.get(i);
      if (i >= inputs) {
        Parameter parameter = parameters.get(i - inputs);
        parameter.set(x);
        variables.add(parameter);
      } else {
        boolean leaf = leaves && x.dtype().isFloating();
        variables.add(leaf ? Variable.leaf(x) : Variable.constant(x));
      }
    }
    return variables;
  }

  /// The function's value for the inputs among `variables`.
  Variable call(List<Variable> variables) {
    journal.rewind();
    return journal.record(() -> function.apply(variables.subList(0, inputs)));
  }

  // ---- what is expected of it -----------------------------------------------------------------

  private void expectSame() {
    Variable first = call(variables(place, true));
    Set<Parameter> known = new HashSet<>(parameters); // a conversion may change their order
    Variable second = call(variables(place, true));
    if (first.dtype() != dtype) {
      throw new GradientException(
          Message.of("GradCheck", "the output is " + first.dtype() + ", the inputs " + dtype)
              .row("why", "the function converts, and rounding hides its slope from differences")
              .row(
                  "help",
                  "leave dtypes as they are: x.dtype(), not DType." + first.dtype().name()));
    }
    if (!known.equals(new HashSet<>(parametersOf(first)))
        || !known.equals(new HashSet<>(parametersOf(second)))) {
      throw new GradientException(
          Message.of("GradCheck", "the function reads other parameters from call to call")
              .row("why", "a layer is made anew each time, or which one is used is drawn")
              .row("help", "make the layer once, outside: in a field"));
    }
    expectEqual(first.value(), second.value());
  }

  private static void expectEqual(Tensor first, Tensor second) {
    double[] a = first.toDoubles();
    double[] b = second.toDoubles();
    if (!first.shape().equals(second.shape())) {
      throw changing(first.shape() + " and " + second.shape(), "");
    }
    for (int i = 0; i < a.length; i++) {
      if (Double.compare(a[i], b[i]) != 0) {
        throw changing(a[i] + " and " + b[i], " at " + Projection.indices(i, first.shape()));
      }
    }
  }

  private static GradientException changing(String values, String at) {
    return new GradientException(
        Message.of("GradCheck", "the function changes from call to call, " + values + at)
            .row("why", "it draws random numbers, or keeps state outside of a Buffer")
            .row("help", "draw from a Seed, or check without training: Mode.training(false)"));
  }

  /// Puts parameters and buffers back.
  @Override
  public void close() {
    try {
      for (int i = 0; i < before.size(); i++) {
        parameters.get(i).set(before.get(i));
      }
    } finally {
      journal.rewind();
      if (locked) {
        CELLS.unlock();
      }
    }
  }
}
