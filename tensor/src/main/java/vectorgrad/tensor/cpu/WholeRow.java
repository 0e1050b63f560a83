package vectorgrad.tensor.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
/// next row's sums, 205 without, and 260 with a kernel for each pass (Zen 4, AVX-512).
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

  private record Key(
      RowProgram program, Arithmetic arithmetic, List<Integer> steps, boolean whole) {}

  private static final ConcurrentHashMap<Key, Optional<RowsKernel>> KERNELS =
      new ConcurrentHashMap<>();

  /// One of the passes.
  ///
  /// @param program what is stored, then the lanes with one more value in each
  /// @param operands which of the kernel's the operands are, lanes aside
  /// @param totals which of the kernel's operands the joined lanes are stored in
  @SuppressWarnings("ArrayRecordComponent") // read, and never compared
  record Pass(Program program, Signature signature, int[] operands, int[] totals) {}

  private WholeRow() {}

  /// The kernel for rows of `length` elements, if vectors can do it. Its operands are inputs, sums,
  /// and what is stored.
  ///
  /// @param steps from one element to the next, 0 or 1
  static Optional<RowsKernel> of(
      RowProgram program, Arithmetic arithmetic, int[] steps, int length) {
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
      known = KERNELS.computeIfAbsent(key, k -> make(k, steps));
    }
    return known;
  }

  private static Optional<RowsKernel> make(Key key, int[] steps) {
    RowProgram program = key.program;
    Arithmetic arithmetic = key.arithmetic;
    List<Pass> passes = new ArrayList<>();
    int copies = Fold.LANES * 8 * arithmetic.dtype().bytes() / Lanes.bits();
    int nodes = 0;
    int sum = program.inputs();
    for (RowProgram.Part stage : program.stages()) {
      int[] totals = IntStream.range(sum, sum += stage.program().outputs().size()).toArray();
      Program summing =
          arithmetic.lowered(RowPass.summing(stage.program(), stage.sources().length));
      passes.add(pass(arithmetic, summing, steps, stage.sources(), totals));
      if (!RowPass.joins(summing, 0, arithmetic)) {
        return Optional.empty();
      }
      nodes += copies * summing.nodes().size() + Fold.LANES / copies * totals.length;
    }
    Program last = arithmetic.lowered(program.map());
    passes.add(pass(arithmetic, last, steps, IntStream.range(0, steps.length).toArray()));
    nodes += last.nodes().size();
    return (key.whole ? nodes : MASKED * nodes) <= MOST_NODES
            && RowPass.joins(last, last.outputs().size(), arithmetic)
        ? FormulaCompiler.compile(passes, steps.length, arithmetic, key.whole, Lanes.bits())
        : Optional.empty();
  }

  private static Pass pass(
      Arithmetic arithmetic, Program program, int[] steps, int[] operands, int... totals) {
    int joined = totals.length;
    int read = operands.length - program.outputs().size() + joined;
    int[] along = new int[operands.length + 2 * joined];
    Arrays.fill(along, Signature.OF_LANES);
    for (int k = 0; k < operands.length; k++) {
      along[k < read ? k : k + joined] = steps[operands[k]];
    }
    DType[] dtypes = new DType[along.length];
    Arrays.fill(dtypes, arithmetic.dtype());
    return new Pass(program, Signature.of(dtypes, along), operands, totals);
  }
}
