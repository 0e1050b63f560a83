package vectorgrad.numerics;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import vectorgrad.numerics.Formula.Constant;
import vectorgrad.numerics.Formula.Input;

/// The X-ray of a program: every operation computed in a format of few bits and, beside it, in
/// float64 of unrounded numbers, to see where bits are lost.
///
/// ```java
/// Formula x = Formula.input(0);
/// PrecisionTrace.of(Program.of(x.square().plus(1).sqrt()), FloatFormat.FP16, new double[] {300});
/// ```
///
/// ```
/// f16                      results overflow underflow subnormal  nan  lost worst
/// x·x                            1        1         .         .    .  11.0  11.0
/// x·x + 1                        1        .         .         .    .  11.0  11.0
/// √(x·x + 1)                     1        .         .         .    .  11.0  11.0
/// ```
///
/// The last two columns are the bits lost on average and at worst; see [Fidelity].
public final class PrecisionTrace {
  private static final int NAME = 24;

  /// An operation of the program and what became of its results.
  ///
  /// @param formula the operation, with its arguments
  /// @param fidelity what became of its results
  public record Operation(Formula formula, Fidelity fidelity) {}

  private final Program program;
  private final FloatFormat format;
  private final Fidelity.Counter[] counters;
  private final double[] rounded;
  private final double[] exact;

  /// Of a program in a format. Nothing is evaluated yet.
  public PrecisionTrace(Program program, FloatFormat format) {
    this.program = program;
    this.format = format;
    int size = program.nodes().size();
    this.rounded = new double[size];
    this.exact = new double[size];
    this.counters = new Fidelity.Counter[size];
    for (int i = 0; i < size; i++) {
      counters[i] = new Fidelity.Counter(format);
    }
  }

  /// The trace of a program of the given inputs, one array of them after the other.
  public static PrecisionTrace of(Program program, FloatFormat format, double[]... inputs) {
    PrecisionTrace trace = new PrecisionTrace(program, format);
    double[] out = new double[program.outputs().size()];
    for (double[] in : inputs) {
      trace.evaluate(in, in, out, out.clone());
    }
    return trace;
  }

  /// Evaluates the program in both worlds.
  ///
  /// @param in the inputs in the format
  /// @param exactIn the inputs had nothing ever been rounded
  /// @param out takes the outputs in the format
  /// @param exactOut takes the outputs in float64
  public void evaluate(double[] in, double[] exactIn, double[] out, double[] exactOut) {
    List<Formula> nodes = program.nodes();
    for (int i = 0; i < rounded.length; i++) {
      Formula node = nodes.get(i);
      int[] a = program.arguments(i);
      double computed = Emulation.apply(node, rounded, a, in);
      rounded[i] = Emulation.round(format, node, computed, rounded, a);
      exact[i] = Emulation.apply(node, exact, a, exactIn);
      boolean finite = true;
      boolean numbers = true;
      for (int argument : a) {
        finite &= Double.isFinite(rounded[argument]);
        numbers &= !Double.isNaN(rounded[argument]);
      }
      counters[i].count(exact[i], computed, rounded[i], finite, numbers);
    }
    int[] outputs = program.outputNodes();
    for (int i = 0; i < outputs.length; i++) {
      out[i] = rounded[outputs[i]];
      exactOut[i] = exact[outputs[i]];
    }
  }

  /// What the program computes.
  public Program program() {
    return program;
  }

  /// What it is computed in.
  public FloatFormat format() {
    return format;
  }

  /// The operations in the order of evaluation, without inputs, constants and truth values.
  public List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < counters.length; i++) {
      Formula node = program.nodes().get(i);
      if (!(node instanceof Input || node instanceof Constant || node.isTruth())) {
        operations.add(new Operation(node, counters[i].total()));
      }
    }
    return operations;
  }

  /// A table with a row for each operation.
  @Override
  public String toString() {
    StringBuilder table = new StringBuilder(header(format.toString()));
    for (Operation operation : operations()) {
      table.append('\n').append(row(operation.formula().toString(), operation.fidelity()));
    }
    return table.toString();
  }

  /// The first line of a table of operations.
  public static String header(String title) {
    return line(title, "results", "overflow", "underflow", "subnormal", "nan", "lost", "worst");
  }

  /// A line of a table: zeros are left out, so that what happened is seen.
  public static String row(String name, Fidelity f) {
    return line(
        name,
        Long.toString(f.results()),
        count(f.overflows()),
        count(f.underflows()),
        count(f.subnormals()),
        count(f.nans()),
        String.format(Locale.ROOT, "%.1f", f.mean()),
        String.format(Locale.ROOT, "%.1f", f.worst()));
  }

  private static String count(long n) {
    return n == 0 ? "." : Long.toString(n);
  }

  private static String line(String name, String... cells) {
    int[] widths = {9, 9, 10, 10, 5, 6, 6};
    String shown = name.length() > NAME ? name.substring(0, NAME - 1) + "…" : name;
    StringBuilder line = new StringBuilder(String.format("%-" + NAME + "s", shown));
    for (int i = 0; i < cells.length; i++) {
      line.append(String.format("%" + widths[i] + "s", cells[i]));
    }
    return line.toString();
  }
}
