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
public final class RowProgram {
  private final int inputs;
  private final Program map;
  private final List<Part> stages;
  private final List<List<Part>> sums;

  /// Formulas of some inputs and sums, which are numbered anew, without those that are not used.
  public static final class Part {
    private final Program program;
    private final int[] sources;

    private Part(List<Formula> formulas) {
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

    /// Which inputs and sums the formulas read, a fresh array.
    public int[] sources() {
      return sources.clone();
    }
  }

  private RowProgram(int inputs, Program map, List<Program> stages) {
    this.inputs = inputs;
    this.map = map;
    this.stages = stages.stream().map(stage -> new Part(stage.outputs())).toList();
    List<List<Part>> each = new ArrayList<>();
    for (Program stage : stages) {
      each.add(stage.outputs().stream().map(f -> new Part(List.of(f))).toList());
    }
    this.sums = List.copyOf(each);
  }

  /// The formula `map` of `inputs` inputs and of the sums of the formulas of all stages.
  public static RowProgram of(int inputs, Formula map, Program... stages) {
    return new RowProgram(inputs, Program.of(map), List.of(stages));
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

  /// The formulas of each stage one by one.
  public List<List<Part>> sums() {
    return sums;
  }
}
