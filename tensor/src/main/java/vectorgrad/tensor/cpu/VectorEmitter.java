package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;
import vectorgrad.numerics.BinaryFunction;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// The row loop in the Vector API: as many elements at once as the vectors have lanes,
/// straight-line code without calls of its own, most operations of which the JIT turns into one
/// instruction. Truth values are masks.
///
/// It covers rows whose operands all have the dtype of the arithmetic and no stride of any size, and
/// leaves the last elements, fewer than there are lanes, to the scalar loop. Masks could do them
/// too, but code that runs rarely is compiled late, and until then a single vector operation costs
/// a microsecond.
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

  /// Nodes of all copies of a loop's body: more become no bytecode.
  private static final int MOST_NODES = 320;

  private static final int OFFSETS = 1;
  private static final int N = 2;

  private final VectorOperations operations;
  private final int[] places;
  private int i;
  private int[][] lanes = {}; // [vector][formula], while they are local variables
  private int copy; // of the loop's body, as many as there are vectors of lanes

  VectorEmitter(
      CodeBuilder code, Program program, Signature signature, Arithmetic arithmetic, int bits) {
    super(code, program, signature, arithmetic);
    this.operations = new VectorOperations(code, arithmetic, bits);
    this.places = new int[signature.operands()];
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
      boolean fits = signature.dtype(k) == arithmetic.dtype();
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

  /// Emits the whole method.
  void emit() {
    unpackArrays();
    for (int k = 0; k < places.length; k++) {
      if (used(k)) {
        places[k] = code.allocateLocal(TypeKind.INT);
        pushElement(OFFSETS, k).istore(places[k]);
      }
    }
    int bound = code.allocateLocal(TypeKind.INT);
    i = code.allocateLocal(TypeKind.INT);
    Label loop = code.newLabel();
    Label end = code.newLabel();
    evaluate(false);
    code.iconst_0().istore(i);
    if (isJoining() && Fold.LANES / operations.lanes() * program.nodes().size() <= MOST_NODES) {
      joinInRegisters(bound);
    }
    code.iload(N).loadConstant(-operations.lanes()).iand().istore(bound);
    code.labelBinding(loop).iload(i).iload(bound).if_icmpge(end);
    evaluate(true);
    for (int o = 0; o < program.outputs().size(); o++) {
      push(o);
      pushArray(inputs() + o);
      pushPlace(inputs() + o);
      operations.store();
    }
    code.iinc(i, operations.lanes()).goto_(loop);
    code.labelBinding(end).iload(bound).ireturn();
  }

  private void push(int output) {
    Formula value = program.outputs().get(output);
    push(value);
    if (value.isTruth()) {
      operations.toNumber();
    }
  }

  private boolean isJoining() {
    return signature.stride(inputs() - 1) == Signature.Stride.LANES;
  }

  /// The 64 lanes as local variables while whole runs of 64 elements last: a vector that is stored
  /// and loaded again would be waited for.
  private void joinInRegisters(int bound) {
    int joined = 0;
    while (joined < inputs() && signature.stride(inputs() - 1 - joined) == Signature.Stride.LANES) {
      joined++;
    }
    Label loop = code.newLabel();
    Label end = code.newLabel();
    lanes = new int[Fold.LANES / operations.lanes()][joined];
    for (int v = 0; v < lanes.length; v++) {
      for (int f = 0; f < joined; f++) {
        operations.species();
        pushLanes(inputs() - joined + f, v);
        operations.load();
        lanes[v][f] = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(lanes[v][f]);
      }
    }
    code.iload(N).loadConstant(-Fold.LANES).iand().istore(bound);
    code.labelBinding(loop).iload(i).iload(bound).if_icmpge(end);
    int stored = program.outputs().size() - joined;
    for (copy = 0; copy < lanes.length; copy++) {
      evaluate(true);
      for (int o = 0; o < stored; o++) {
        push(o);
        pushArray(inputs() + o);
        pushPlace(inputs() + o);
        operations.store();
      }
      for (int f = 0; f < joined; f++) {
        push(stored + f);
        code.astore(lanes[copy][f]);
      }
    }
    code.iinc(i, Fold.LANES).goto_(loop).labelBinding(end);
    for (int v = 0; v < lanes.length; v++) {
      for (int f = 0; f < joined; f++) {
        code.aload(lanes[v][f]);
        pushLanes(inputs() + stored + f, v);
        operations.store();
      }
    }
    copy = 0;
    lanes = new int[0][];
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
    boolean isLanes = signature.stride(input) == Signature.Stride.LANES;
    if (isLanes && lanes.length > 0) {
      code.aload(lanes[copy][input - inputs() + lanes[copy].length]);
      return;
    }
    operations.species();
    pushArray(input);
    if (signature.stride(input) == Signature.Stride.ZERO) {
      code.iload(places[input]).arrayLoad(arithmetic.kind());
      operations.broadcast();
    } else {
      pushPlace(input);
      operations.load();
    }
  }

  private void pushPlace(int operand) {
    code.iload(places[operand]).iload(i);
    if (copy > 0) {
      code.loadConstant(copy * operations.lanes()).iadd();
    }
    if (signature.stride(operand) == Signature.Stride.LANES) {
      code.loadConstant(Fold.LANES - 1).iand();
    }
    code.iadd();
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
