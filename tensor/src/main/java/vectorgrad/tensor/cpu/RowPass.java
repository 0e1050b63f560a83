package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.spi.Elements;
import vectorgrad.tensor.spi.Reduction;

/// One pass over a row that computes some formulas of the inputs: the values of the first ones are
/// stored, those of the others, of which there is one at least, joined to one number each.
///
/// The idea: what is joined is a formula, too. `lane ← lane ⊕ f(x…)`, where element `i` meets lane
/// `i mod 64` ([Signature.Stride#LANES]), is one kernel without an array of values in between; the
/// lanes are joined to one number by [Fold]. So the bits are those of the values and a fold of
/// them, which is what this does where there are no vectors, or the row has few elements.
///
/// Between one row and the next nothing is copied, and no total goes through memory as a vector.
/// What is read in other pieces than it was written in comes from the cache, not from the stores
/// that are still waiting, and so after all of the outputs before it.
///
/// One of these serves one thread.
final class RowPass {
  /// Programs of more nodes might become no bytecode.
  private static final int MOST_NODES = 120;

  /// An array of fewer values than these is as fast, if nothing is stored and one formula joined.
  private static final int LONG = 512;

  /// Formulas that are made anew all the time must not fill the memory.
  private static final int MOST = 1024;

  /// How a lane and a value are joined.
  enum Joining {
    SUM(Reduction.SUM),
    PROD(Reduction.PROD),
    MAX(Reduction.MAX),
    MIN(Reduction.MIN),

    /// The maximum of numbers, any or none of which may come out if some are NaN, for a quarter of
    /// the price.
    LARGER(Reduction.MAX);

    private final Reduction reduction;

    Joining(Reduction reduction) {
      this.reduction = reduction;
    }

    static Joining of(Reduction reduction) {
      return valueOf(reduction.name());
    }

    private Formula apply(Formula lane, Formula value) {
      return switch (this) {
        case SUM -> lane.plus(value);
        case PROD -> lane.times(value);
        case MAX -> lane.max(value);
        case MIN -> lane.min(value);
        case LARGER -> lane.lessThan(value).then(value, lane);
      };
    }
  }

  private record Key(Program map, List<Joining> joinings, int inputs, int stored) {}

  private static final ConcurrentHashMap<Key, Program> PROGRAMS = new ConcurrentHashMap<>();

  /// Where the inputs of the next row begin, and from [#outputs] on the stored outputs.
  final int[] places;

  /// Where those of the stored outputs stand among the places.
  final int outputs;

  private final Fold[] folds;
  private final RowKernel kernel;
  private final Object[] arrays; // inputs, lanes, stored outputs, lanes; or inputs, outputs
  private final int[] strides;
  private final int lanes; // operands among the inputs: as many as are joined, or none
  private final Object identities; // what the lanes begin as
  private final Object values; // of what is joined: what the lanes become, or of all elements
  private final int each; // of these values, for each formula
  private final Object scratch;
  private int n;

  /// A pass over rows of at most `length` elements.
  ///
  /// @param map the formulas, those that are stored first
  /// @param joinings how the others are joined, each to one number
  /// @param operands the arrays of the inputs and the stored outputs
  /// @param dtypes theirs
  /// @param steps from one element to the next, theirs
  /// @param inputs how many of them are inputs
  RowPass(
      Program map,
      List<Joining> joinings,
      Arithmetic arithmetic,
      Object[] operands,
      DType[] dtypes,
      int[] steps,
      int inputs,
      int length) {
    int joined = joinings.size();
    this.folds = new Fold[joined];
    for (int f = 0; f < joined; f++) {
      folds[f] = FoldCompiler.of(joinings.get(f).reduction, arithmetic, Lanes.bits());
    }
    this.scratch = Elements.array(arithmetic.dtype(), Fold.LANES);
    Key key = new Key(map, joinings, inputs, operands.length - inputs);
    this.lanes = isFused(key, arithmetic, dtypes, steps, length) ? joined : 0;
    this.outputs = inputs + lanes;
    this.each = lanes > 0 ? Fold.LANES : length;
    this.values = Elements.array(arithmetic.dtype(), joined * each);
    this.identities = Elements.array(arithmetic.dtype(), lanes * Fold.LANES);
    for (int i = 0; i < lanes * Fold.LANES; i++) {
      double identity = Fold.identity(joinings.get(i / Fold.LANES).reduction);
      Elements.set(arithmetic.dtype(), identities, i, identity);
    }
    int total = operands.length + joined + lanes;
    this.arrays = new Object[total];
    this.places = new int[total];
    this.strides = new int[total];
    DType[] types = new DType[total];
    for (int k = 0; k < total; k++) {
      int operand = k < inputs ? k : k - lanes;
      if (k < inputs || (k >= inputs + lanes && operand < operands.length)) {
        arrays[k] = operands[operand];
        types[k] = dtypes[operand];
        strides[k] = steps[operand];
      } else {
        arrays[k] = k < inputs + lanes ? identities : values;
        types[k] = arithmetic.dtype();
        strides[k] = lanes > 0 ? Signature.OF_LANES : 1;
        places[k] = (k < inputs + lanes ? k - inputs : operand - operands.length) * each;
      }
    }
    this.kernel = Kernels.of(lanes > 0 ? joining(key) : map, types, strides);
  }

  private static boolean isFused(
      Key key, Arithmetic arithmetic, DType[] dtypes, int[] steps, int length) {
    boolean single = key.stored == 0 && key.joinings.size() == 1;
    if (Lanes.bits() == 0 || length < (single ? LONG : Fold.LANES)) {
      return false;
    }
    boolean fits = true;
    for (int k = 0; k < dtypes.length; k++) {
      fits &= dtypes[k] == arithmetic.dtype() && (steps[k] == 0 || steps[k] == 1);
    }
    if (!fits) {
      return false;
    }
    return joins(arithmetic.lowered(joining(key)), key.stored, arithmetic);
  }

  /// Whether the values of the outputs behind the first `stored` ones can be joined in lanes.
  static boolean joins(Program lowered, int stored, Arithmetic arithmetic) {
    List<Formula> outputs = lowered.outputs();
    DType[] all = new DType[lowered.inputs() + outputs.size()];
    Arrays.fill(all, arithmetic.dtype());
    int[] ones = new int[all.length];
    Arrays.fill(ones, 1);
    return lowered.nodes().size() <= MOST_NODES
        && outputs.subList(stored, outputs.size()).stream().allMatch(LaneTotal::joins)
        && VectorEmitter.covers(lowered, Signature.of(all, ones), arithmetic);
  }

  /// `lane + formula` for each formula of `map`, with the lanes behind `inputs` inputs.
  static Program summing(Program map, int inputs) {
    return joining(map, Collections.nCopies(map.outputs().size(), Joining.SUM), inputs, 0);
  }

  /// The `stored` first formulas of `map`, then `lane ⊕ formula` for each of the others; the lanes
  /// are inputs behind `inputs` inputs.
  static Program joining(Program map, List<Joining> joinings, int inputs, int stored) {
    return joining(new Key(map, joinings, inputs, stored));
  }

  /// The outputs that are stored, then `lane ⊕ output` for the others; the lanes are inputs behind
  /// the others.
  private static Program joining(Key key) {
    Program known = PROGRAMS.get(key);
    if (known != null) {
      return known;
    }
    Formula[] outputs = key.map.outputs().toArray(Formula[]::new);
    for (int o = key.stored; o < outputs.length; o++) {
      Formula value = outputs[o];
      value = value.isTruth() ? value.then(Formula.ONE, Formula.ZERO) : value;
      int f = o - key.stored;
      outputs[o] = key.joinings.get(f).apply(Formula.input(key.inputs + f), value);
    }
    Program program = Program.of(outputs);
    if (PROGRAMS.size() < MOST) {
      PROGRAMS.put(key, program);
    }
    return program;
  }

  /// How many formulas are joined.
  int joined() {
    return folds.length;
  }

  /// Passes over the `count` elements, at least one, of the row at [#places].
  void run(int count) {
    n = count;
    kernel.run(arrays, places, strides, count);
  }

  /// The total of the values of joined formula `f` in the row that was passed over last.
  double total(int f) {
    if (lanes == 0) {
      return folds[f].row(values, f * each, n, scratch);
    }
    if (n % Fold.LANES == 0) {
      return values instanceof float[] floats ? floats[f * each] : ((double[]) values)[f * each];
    }
    return folds[f].row(values, f * each, Math.min(n, Fold.LANES), scratch);
  }
}
