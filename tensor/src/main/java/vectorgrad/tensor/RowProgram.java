package vectorgrad.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// A formula that may read sums over some axes, of formulas that may read earlier sums: a softmax's
/// gradient is `y·(dy − s)` with `s = Σ y·dy`. Evaluated by [Tensor#mapRows] while a row is in the
/// cache.
///
/// Of `n` inputs, input `i` of a formula is input `i`, and input `n + j` is sum `j`, counted over
/// all stages. A stage reads the sums of those before.
///
/// [#columns] are formulas of the same numbers that are summed over all other axes: the gradient of
/// a weight that is the same for all rows is one.
public final class RowProgram {
  private final int inputs;
  private final Program map;
  private final List<Part> stages;
  private final List<List<Part>> sums;
  private final Part columns;

  /// Formulas of some inputs and sums, which are numbered anew, without those that are not used.
  public static final class Part {
    private final List<Formula> formulas;
    private final Program program;
    private final int[] sources;

    private Part(List<Formula> formulas) {
      this.formulas = formulas;
      this.sources =
          IntStream.range(0, Program.of(formulas.toArray(Formula[]::new)).inputs())
              .filter(i -> formulas.stream().anyMatch(f -> f.uses(i)))
              .toArray();
      Formula[] numbered = new Formula[sources.length == 0 ? 0 : sources[sources.length - 1] + 1];
      Arrays.fill(numbered, Formula.ZERO);
      for (int k = 0; k < sources.length; k++) {
        numbered[sources[k]] = Formula.input(k);
      }
      this.program =
          Program.of(formulas.stream().map(f -> f.substitute(numbered)).toArray(Formula[]::new));
    }

    /// The formulas, input `k` of which is number `sources()[k]` among inputs and sums.
    public Program program() {
      return program;
    }

    /// How many formulas there are.
    public int size() {
      return formulas.size();
    }

    /// Which inputs and sums the formulas read, a fresh array.
    public int[] sources() {
      return sources.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Part that
          && program.equals(that.program)
          && Arrays.equals(sources, that.sources);
    }

    @Override
    public int hashCode() {
      return program.hashCode();
    }
  }

  private RowProgram(int inputs, Program map, List<Part> stages, List<Formula> columns) {
    this.inputs = inputs;
    this.map = map;
    this.stages = stages;
    this.columns = new Part(columns);
    List<List<Part>> each = new ArrayList<>();
    for (Part stage : stages) {
      each.add(stage.formulas.stream().map(f -> new Part(List.of(f))).toList());
    }
    each.add(columns.stream().map(f -> new Part(List.of(f))).toList());
    this.sums = List.copyOf(each);
  }

  /// The formula `map` of `inputs` inputs and of the sums of the formulas of all stages.
  public static RowProgram of(int inputs, Formula map, Program... stages) {
    List<Part> parts = Arrays.stream(stages).map(stage -> new Part(stage.outputs())).toList();
    return new RowProgram(inputs, Program.of(map), parts, List.of());
  }

  /// This program, with formulas of the inputs and of the sums of all stages that are summed over
  /// the axes over which the stages are not.
  public RowProgram columns(Formula... formulas) {
    return new RowProgram(inputs, map, stages, List.of(formulas));
  }

  /// The formulas that are summed over the other axes, none perhaps.
  public Part columns() {
    return columns;
  }

  /// How many inputs there are, sums aside.
  public int inputs() {
    return inputs;
  }

  /// What is computed of inputs and sums.
  public Program map() {
    return map;
  }

  /// The formulas of each stage together.
  public List<Part> stages() {
    return stages;
  }

  /// The formulas of each stage one by one, and in the end those of the columns.
  public List<List<Part>> sums() {
    return sums;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowProgram that
        && inputs == that.inputs
        && map.equals(that.map)
        && stages.equals(that.stages)
        && columns.equals(that.columns);
  }

  @Override
  public int hashCode() {
    return map.hashCode();
  }
}
