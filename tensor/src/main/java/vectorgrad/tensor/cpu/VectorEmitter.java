package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import vectorgrad.numerics.BinaryFunction;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;

/// The row loop in the Vector API: as many elements at once as the vectors have lanes,
/// straight-line code without calls of its own, most operations of which the JIT turns into one
/// instruction. Truth values are masks.
///
/// It covers rows whose operands all have the dtype of the arithmetic, or are bf16 that are
/// computed in F32, and no stride of any size, and leaves the last elements, fewer than there are
/// lanes, to the scalar loop. Masks could do them too, but code that runs rarely is compiled late,
/// and until then a single vector operation costs a microsecond.
///
/// Of a loop over bf16 C2 makes no vectors, though it does so of one over F16, for which processors
/// have instructions. Measured on a Zen 4, ns for each of 200,704 elements, in brackets those of
/// the loop: widened 0.09 (0.43), rounded 0.12 (0.85), added to themselves 0.17 (1.34).
///
/// What is emitted for `y = x·w + b` with `w` of stride 0, as Java source:
///
/// ```java
/// static int lanes(Object[] arrays, int[] offsets, int n) {
///   float[] x = (float[]) arrays[0], w = …, b = …, y = …;
///   int xo = offsets[0], wo = …, bo = …, yo = …;
///   FloatVector ws = FloatVector.broadcast(SPECIES_512, w[wo]);
///   int bound = n & -16;
///   for (int i = 0; i < bound; i += 16) {
///     FloatVector xs = FloatVector.fromArray(SPECIES_512, x, xo + i);
///     FloatVector bs = FloatVector.fromArray(SPECIES_512, b, bo + i);
///     FloatVector ys = xs.fma(ws, bs);
///     ys.intoArray(y, yo + i);
///   }
///   return bound;
/// }
/// ```
final class VectorEmitter extends Emitter {
  /// The type of the emitted method: arrays, offsets, number of elements; returns how many are
  /// done.
  static final MethodTypeDesc TYPE =
      MethodTypeDesc.of(CD_int, CD_Object.arrayType(), CD_int.arrayType(), CD_int);

  /// Nodes of all copies of a loop's body: more are too many for C1.
  private static final int MOST_NODES = 320;

  private static final int N = 2;

  private final VectorOperations operations;
  private int i;
  private int[][] lanes = {}; // [vector][formula], while they are local variables
  private int copy; // of the loop's body, as many as there are vectors of lanes
  private int mask = -1; // a local variable, while elements are the last ones

  VectorEmitter(
      CodeBuilder code, Program program, Signature signature, Arithmetic arithmetic, int bits) {
    super(code, program, signature, arithmetic);
    this.operations = new VectorOperations(code, arithmetic, bits);
  }

  /// Whether vectors can do this row: they know no FMOD.
  static boolean covers(Program program, Signature signature, Arithmetic arithmetic) {
    int inputs = signature.operands() - program.outputs().size();
    boolean covered =
        !arithmetic.isWhole()
            && program.nodes().stream()
                .noneMatch(node ->
                    node instanceof Formula.Binary b && b.function() == BinaryFunction.FMOD);
    for (int k = 0; k < signature.operands(); k++) {
      boolean fits = signature.dtype(k) == arithmetic.dtype() || isBrain(signature, k, arithmetic);
      if (k < inputs) {
        covered &= !program.uses(k) || (fits && signature.stride(k) != Signature.Stride.ANY);
      } else {
        covered &=
            fits
                && (signature.stride(k) == Signature.Stride.ONE
                    || signature.stride(k) == Signature.Stride.LANES);
      }
    }
    return covered;
  }

  private static boolean isBrain(Signature signature, int operand, Arithmetic arithmetic) {
    return signature.dtype(operand) == DType.BF16
        && arithmetic == Arithmetic.FLOAT
        && signature.stride(operand) != Signature.Stride.LANES;
  }

  private boolean isBrain(int operand) {
    return isBrain(signature, operand, arithmetic);
  }

  /// Emits the whole method.
  ///
  /// @param copies whether lanes, if there are, may be in registers: a longer method
  void emit(boolean copies) {
    unpack();
    int bound = code.allocateLocal(TypeKind.INT);
    i = code.allocateLocal(TypeKind.INT);
    Label loop = code.newLabel();
    Label end = code.newLabel();
    evaluate(false);
    code.iconst_0().istore(i);
    boolean inRegisters =
        copies
            && isJoining()
            && Fold.LANES / operations.lanes() * program.nodes().size() <= MOST_NODES;
    if (isJoining()) {
      join(bound, inRegisters);
    }
    code.iload(N).loadConstant(-operations.lanes()).iand().istore(bound);
    code.labelBinding(loop).iload(i).iload(bound).if_icmpge(end);
    evaluate(true);
    for (int o = 0; o < program.outputs().size(); o++) {
      store(o);
    }
    code.iinc(i, operations.lanes()).goto_(loop);
    code.labelBinding(end);
    if (isJoining() && !inRegisters) {
      Label rest = code.newLabel();
      code.iload(N).loadConstant(Fold.LANES - 1).iand().ifne(rest);
      int first = firstLanes();
      loadLanes(outputOf(first));
      totals(first);
      code.labelBinding(rest);
    }
    code.iload(bound).ireturn();
  }

  /// Emits a pass over a row as a part of the method. Of its outputs the last ones may be lanes,
  /// which begin as what changes no number and are joined to totals. Here masks do the last
  /// elements: they are reached in every row or in none.
  ///
  /// @param pass which of the method's operands its own are
  /// @param arrays the locals of the method's operands
  /// @param begins those that are where the row begins in each
  /// @param scratch the local of an array in which a vector has room
  /// @param whole whether there are no last elements: the row is a whole number of 64 elements
  void emitPass(WholeRow.Pass pass, int[] arrays, int[] begins, int scratch, boolean whole) {
    int[] operands = pass.operands();
    int[] totals = pass.totals();
    int first = inputs() - totals.length;
    for (int k = 0; k < operands.length; k++) {
      bind(k < first ? k : k + totals.length, arrays[operands[k]], begins[operands[k]]);
    }
    i = code.allocateLocal(TypeKind.INT);
    evaluate(false);
    code.iconst_0().istore(i);
    lanes = new int[totals.length == 0 ? 1 : Fold.LANES / operations.lanes()][totals.length];
    for (int[] vector : lanes) {
      for (int f = 0; f < totals.length; f++) {
        operations.constant(LaneTotal.identity(joining(pass.stored() + f)));
        vector[f] = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(vector[f]);
      }
    }
    int stored = pass.stored();
    run(code.allocateLocal(TypeKind.INT), stored);
    if (!whole) {
      Label end = code.newLabel();
      code.iload(i).iload(N).if_icmpge(end);
      mask = code.allocateLocal(TypeKind.REFERENCE);
      body(stored);
      code.labelBinding(end);
    }
    int zero = code.allocateLocal(TypeKind.INT);
    code.iconst_0().istore(zero);
    for (int f = 0; f < totals.length; f++) {
      int output = outputOf(first + f);
      bind(output, arrays[totals[f]], begins[totals[f]]);
      total(output, f, joining(stored + f), scratch, zero);
    }
  }

  /// How the lanes that an output is are joined in the end.
  private BinaryFunction joining(int output) {
    return LaneTotal.joining(program.outputs().get(output));
  }

  private void push(int output) {
    Formula value = program.outputs().get(output);
    push(value);
    if (value.isTruth()) {
      operations.toNumber();
    }
  }

  private void store(int output) {
    push(output);
    boolean brain = isBrain(inputs() + output);
    if (brain) {
      operations.roundToBrains();
    }
    pushArray(inputs() + output);
    pushPlace(inputs() + output);
    if (brain) {
      operations.storeBrains();
    } else {
      pushMask();
      operations.store(mask >= 0);
    }
  }

  /// The lanes as local variables while whole runs of 64 elements last: a vector that is stored and
  /// loaded again would be waited for. If nothing else is left, they are joined there, too, halves
  /// with halves as in [Fold].
  ///
  /// @param runs whether there is such a loop: not if its copies are too long
  private void join(int bound, boolean runs) {
    int first = firstLanes();
    loadLanes(first);
    if (runs) {
      Label rest = code.newLabel();
      run(bound, program.outputs().size() - (inputs() - first));
      code.iload(i).iload(N).if_icmplt(rest);
      totals(first);
      code.iload(N).ireturn();
      code.labelBinding(rest);
    }
    for (int v = 0; v < lanes.length; v++) {
      for (int f = 0; f < inputs() - first; f++) {
        operations.get(lanes[v][f]);
        pushLanes(outputOf(first + f), v);
        operations.store(false);
      }
    }
    lanes = new int[0][];
  }

  /// The first input of lanes.
  private int firstLanes() {
    int first = inputs();
    while (first > 0 && isLanes(first - 1)) {
      first--;
    }
    return first;
  }

  /// Takes the lanes that begin with those of `operand` into local variables.
  private void loadLanes(int operand) {
    lanes = new int[Fold.LANES / operations.lanes()][inputs() - firstLanes()];
    for (int v = 0; v < lanes.length; v++) {
      for (int f = 0; f < lanes[v].length; f++) {
        operations.species();
        pushLanes(operand + f, v);
        operations.load(false);
        lanes[v][f] = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(lanes[v][f]);
      }
    }
  }

  private void totals(int first) {
    int stored = program.outputs().size() - (inputs() - first);
    for (int f = 0; f < inputs() - first; f++) {
      int output = outputOf(first + f);
      total(output, f, joining(stored + f), array(output), places[output]);
    }
  }

  /// The loop over runs of as many elements as there are lanes.
  private void run(int bound, int stored) {
    int length = lanes.length * operations.lanes();
    Label loop = code.newLabel();
    Label end = code.newLabel();
    code.iload(N).loadConstant(-length).iand().istore(bound);
    code.labelBinding(loop).iload(i).iload(bound).if_icmpge(end);
    body(stored);
    code.iinc(i, length).goto_(loop).labelBinding(end);
  }

  /// All copies of a loop's body.
  private void body(int stored) {
    for (copy = 0; copy < lanes.length; copy++) {
      if (mask >= 0) {
        operations.species();
        code.iload(i).loadConstant(copy * operations.lanes()).iadd().iload(N);
        operations.indexInRange();
        code.astore(mask);
      }
      evaluate(true);
      for (int o = 0; o < stored; o++) {
        store(o);
      }
      for (int f = 0; f < lanes[copy].length; f++) {
        if (mask >= 0) {
          operations.get(lanes[copy][f]);
        }
        push(stored + f);
        if (mask >= 0) {
          code.aload(mask);
          operations.select();
        }
        code.astore(lanes[copy][f]);
      }
    }
    copy = 0;
  }

  /// Joins the lanes of formula `f`, and stores the total.
  ///
  /// @param scratch the local of an array in which a vector has room
  /// @param begin the local of the index where it has
  private void total(int output, int f, BinaryFunction joining, int scratch, int begin) {
    int[] vectors = Arrays.stream(lanes).mapToInt(vector -> vector[f]).toArray();
    int total = new LaneTotal(code, arithmetic, operations, joining).of(vectors, scratch, begin);
    pushLanes(output, 0);
    code.loadLocal(arithmetic.kind(), total).arrayStore(arithmetic.kind());
  }

  private void pushLanes(int operand, int vector) {
    pushArray(operand);
    code.iload(places[operand]).loadConstant(vector * operations.lanes()).iadd();
  }

  @Override
  TypeKind kind(Formula node) {
    return TypeKind.REFERENCE;
  }

  @Override
  void load(int input) {
    if (isLanes(input) && lanes.length > 0) {
      operations.get(lanes[copy][input - inputs() + lanes[copy].length]);
      return;
    }
    int operand = isLanes(input) ? outputOf(input) : input;
    if (signature.stride(operand) == Signature.Stride.ZERO) {
      operations.species();
      pushArray(operand);
      code.iload(places[operand]);
      new ScalarOperations(code, arithmetic).load(signature.dtype(operand));
      operations.broadcast();
    } else if (isBrain(operand)) {
      operations.brainSpecies();
      pushArray(operand);
      pushPlace(operand);
      operations.loadBrains();
    } else {
      operations.species();
      pushArray(operand);
      pushPlace(operand);
      pushMask();
      operations.load(mask >= 0);
    }
  }

  private void pushMask() {
    if (mask >= 0) {
      code.aload(mask);
    }
  }

  private void pushPlace(int operand) {
    code.iload(places[operand]).iload(i);
    if (isLanes(operand)) {
      code.loadConstant(Fold.LANES - 1).iand();
    }
    code.iadd();
    if (copy > 0) { // last, so that all copies share the rest
      code.loadConstant(copy * operations.lanes()).iadd();
    }
  }

  @Override
  void constant(double value) {
    operations.constant(value);
  }

  @Override
  void unary(Formula.Unary node) {
    push(node.x());
    operations.unary(node.function());
  }

  @Override
  void binary(Formula.Binary node) {
    push(node.a());
    push(node.b());
    operations.binary(node.function());
  }

  @Override
  void fma(Formula.Fma node) {
    push(node.a());
    push(node.b());
    push(node.c());
    operations.fma();
  }

  @Override
  void select(Formula.Select node) {
    push(node.otherwise());
    push(node.then());
    push(node.condition());
    operations.select();
  }
}
