package vectorgrad.tensor.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.RowProgram;

/// All passes of a row program over a row, as one kernel: the sums of each stage, one after the
/// other, and then what is made of them.
///
/// The idea: a pass over some hundred elements takes no longer than what is done between kernels.
/// Here the lanes of a sum begin and are joined where they are, in registers, and of what a kernel
/// needs to know of its operands most is found out once. The bits are those of a [RowPass].
///
/// The last pass is a loop of its own rather than one that finds the first sums of the next row as
/// well: it needs no copy for each vector of lanes, so the JIT unrolls it, and addresses become
/// part of the instructions. Layer norm of 768 floats took, at the least, 230 ns a row with the
/// next row's sums, 205 without, and 260 with a kernel for each pass (Zen 4, AVX-512). Not so where
/// a row waits for arithmetic and not for memory: see [SoftmaxRows].
///
/// Going to the next row is a part of the kernel: what a call and its checks take is little, 10 ns,
/// but for so long the processor reads nothing ahead. Where the rows came from memory that others
/// used as well, three quarters of the times were below 510 to 610 µs instead of 620 to 1100.
final class WholeRow {
  /// Formulas that are made anew all the time must not fill the memory.
  private static final int MOST = 256;

  /// What a node costs if rows end in masks, as a multiple: 41 nodes are compiled, 93 are not.
  private static final int MASKED = 5;

  /// Of all copies in all passes. The JIT's first compiler gives up longer methods, which then stay
  /// a hundred times as slow: it does at 280, not at 238.
  private static final int MOST_NODES = 240;

  private record Key(Object program, Arithmetic arithmetic, List<Integer> steps, boolean whole) {}

  private static final ConcurrentHashMap<Key, Optional<RowsKernel>> KERNELS =
      new ConcurrentHashMap<>();

  /// A pass over a row: of its formulas the first ones are stored, the others joined to one number
  /// each.
  ///
  /// @param operands which of the kernel's the inputs are, and what is stored
  /// @param totals which of the kernel's operands the others are joined in
  @SuppressWarnings("ArrayRecordComponent") // read, and never compared
  record Pass(Program map, List<RowPass.Joining> joinings, int[] operands, int[] totals) {
    int stored() {
      return map.outputs().size() - totals.length;
    }

    int inputs() {
      return operands.length - stored();
    }

    /// The formulas that are stored, then the lanes with one more value in each.
    Program joining(Arithmetic arithmetic) {
      return arithmetic.lowered(
          totals.length == 0 ? map : RowPass.joining(map, joinings, inputs(), stored()));
    }

    /// Of [#joining].
    ///
    /// @param steps from one element of the kernel's operands to the next
    Signature signature(Arithmetic arithmetic, int[] steps) {
      int joined = totals.length;
      int[] along = new int[operands.length + 2 * joined];
      Arrays.fill(along, Signature.OF_LANES);
      for (int k = 0; k < operands.length; k++) {
        along[k < inputs() ? k : k + joined] = steps[operands[k]];
      }
      DType[] dtypes = new DType[along.length];
      Arrays.fill(dtypes, arithmetic.dtype());
      return Signature.of(dtypes, along);
    }
  }

  private WholeRow() {}

  /// A pass that joins its last formula, and stores the one before, if there is.
  static Pass pass(Program map, RowPass.Joining joining, int total, int... operands) {
    return new Pass(map, List.of(joining), operands, new int[] {total});
  }

  /// The kernel for rows of `length` elements, if vectors can do it. Its operands are inputs, sums,
  /// and what is stored.
  ///
  /// @param steps from one element to the next, 0 or 1
  static Optional<RowsKernel> of(
      RowProgram program, Arithmetic arithmetic, int[] steps, int length) {
    return of(program, () -> passes(program, steps.length), arithmetic, steps, length);
  }

  /// The kernel of some passes over rows of `length` elements, if vectors can do it.
  ///
  /// @param program stands for the passes, which are not compared: equal ones have the same
  /// @param steps from one element to the next, 0 or 1
  static Optional<RowsKernel> of(
      Object program, Supplier<List<Pass>> passes, Arithmetic arithmetic, int[] steps, int length) {
    if (Lanes.bits() == 0) {
      return Optional.empty();
    }
    boolean isWhole = length % Fold.LANES == 0;
    Key key = new Key(program, arithmetic, Arrays.stream(steps).boxed().toList(), isWhole);
    Optional<RowsKernel> known = KERNELS.get(key); // without the lock that computeIfAbsent takes
    if (known == null) {
      if (KERNELS.size() >= MOST) {
        KERNELS.clear();
      }
      known = KERNELS.computeIfAbsent(key, _ -> make(passes.get(), arithmetic, steps, isWhole));
    }
    return known;
  }

  private static Optional<RowsKernel> make(
      List<Pass> passes, Arithmetic arithmetic, int[] steps, boolean whole) {
    int copies = Fold.LANES * 8 * arithmetic.dtype().bytes() / Lanes.bits();
    int nodes = 0;
    for (Pass pass : passes) {
      Program program = pass.joining(arithmetic);
      if (!RowPass.joins(program, pass.stored(), arithmetic)) {
        return Optional.empty();
      }
      int joined = pass.totals.length;
      nodes += (joined == 0 ? 1 : copies) * program.nodes().size() + Fold.LANES / copies * joined;
    }
    return (whole ? nodes : MASKED * nodes) <= MOST_NODES
        ? FormulaCompiler.compile(passes, arithmetic, steps, whole, Lanes.bits())
        : Optional.empty();
  }

  private static List<Pass> passes(RowProgram program, int operands) {
    List<Pass> passes = new ArrayList<>();
    int sum = program.inputs();
    for (RowProgram.Part stage : program.stages()) {
      int[] totals = IntStream.range(sum, sum += stage.size()).toArray();
      List<RowPass.Joining> sums = Collections.nCopies(stage.size(), RowPass.Joining.SUM);
      passes.add(new Pass(stage.program(), sums, stage.sources(), totals));
    }
    int[] all = IntStream.range(0, operands).toArray();
    passes.add(new Pass(program.map(), List.of(), all, new int[0]));
    return passes;
  }
}
