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
/// It covers rows whose operands all have the dtype of the arithmetic and strides 0 and 1, and
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

  private static final int OFFSETS = 1;
  private static final int N = 2;

  private final VectorOperations operations;
  private final int[] places;
  private int i;

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
        covered &= fits && signature.stride(k) == Signature.Stride.ONE;
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
    code.iload(N).loadConstant(-operations.lanes()).iand().istore(bound);
    code.iconst_0().istore(i);
    code.labelBinding(loop).iload(i).iload(bound).if_icmpge(end);
    evaluate(true);
    for (int o = 0; o < program.outputs().size(); o++) {
      Formula output = program.outputs().get(o);
      push(output);
      if (output.isTruth()) {
        operations.toNumber();
      }
      pushArray(inputs() + o);
      code.iload(places[inputs() + o]).iload(i).iadd();
      operations.store();
    }
    code.iinc(i, operations.lanes()).goto_(loop);
    code.labelBinding(end).iload(bound).ireturn();
  }

  @Override
  TypeKind kind(Formula node) {
    return TypeKind.REFERENCE;
  }

  @Override
  void load(int input) {
    operations.species();
    pushArray(input);
    code.iload(places[input]);
    if (signature.stride(input) == Signature.Stride.ZERO) {
      code.arrayLoad(arithmetic.kind());
      operations.broadcast();
    } else {
      code.iload(i).iadd();
      operations.load();
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
