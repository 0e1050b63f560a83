package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.MethodTypeDesc;
import vectorgrad.numerics.BinaryFunction;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// The row loop, one element after the other: for every dtype, every stride, and every JVM. Truth
/// values are the integers 0 and 1. Gives the same bits as [VectorEmitter].
///
/// What is emitted for `y = x·w + b` with `w` of stride 0 and `b` of a stride known at run time, as
/// Java source:
///
/// ```java
/// static void rest(Object[] arrays, int[] offsets, int[] strides, int from, int n) {
///   float[] x = (float[]) arrays[0], w = …, b = …, y = …;
///   int xo = offsets[0], wo = …, bo = …, yo = …, bs = strides[2];
///   float w0 = w[wo];
///   for (int i = from; i < n; i++) {
///     y[yo + i] = Math.fma(x[xo + i], w0, b[bo + i * bs]);
///   }
/// }
/// ```
final class ScalarEmitter extends Emitter {
  /// The type of the emitted method: arrays, offsets, strides, the first element and one more than
  /// the last.
  static final MethodTypeDesc TYPE =
      MethodTypeDesc.of(
          CD_void, CD_Object.arrayType(), CD_int.arrayType(), CD_int.arrayType(), CD_int, CD_int);

  /// The type of the method [#emitCommon] makes.
  static final MethodTypeDesc COMMON_TYPE = TYPE.changeReturnType(CD_boolean);

  private static final int STRIDES = 2;
  private static final int FROM = 3;
  private static final int N = 4;

  private final ScalarOperations operations;
  private final TypeKind real;
  private final boolean movesHalves; // their bits, that is
  private final int[] strides;
  private boolean common;
  private int i;

  ScalarEmitter(CodeBuilder code, Program program, Signature signature, Arithmetic arithmetic) {
    super(code, program, signature, arithmetic);
    this.operations = new ScalarOperations(code, arithmetic);
    this.real = arithmetic.kind();
    this.movesHalves = arithmetic.isWhole() && signature.dtype(0).isHalf();
    this.strides = new int[signature.operands()];
  }

  /// Emits the whole method.
  void emit() {
    prologue();
    loop();
    code.return_();
  }

  /// Emits a method for rows whose operands all have stride 0, or stride 1 from one offset: the
  /// same index then serves them all, which is the form of loop the JIT vectorises by itself. The
  /// method returns whether the row was so; if not, it did nothing.
  void emitCommon() {
    int first = -1;
    for (int k = places.length - 1; k >= 0; k--) {
      if (used(k)
          && signature.stride(k) != Signature.Stride.ZERO
          && signature.stride(k) != Signature.Stride.ONE) {
        code.iconst_0().ireturn();
        return;
      }
      first = used(k) && signature.stride(k) == Signature.Stride.ONE ? k : first;
    }
    Label differ = code.newLabel();
    for (int k = first + 1; first >= 0 && k < places.length; k++) {
      if (used(k) && signature.stride(k) == Signature.Stride.ONE) {
        pushElement(OFFSETS, first);
        pushElement(OFFSETS, k);
        code.if_icmpne(differ);
      }
    }
    common = true;
    prologue();
    if (first >= 0) {
      for (int parameter : new int[] {FROM, N}) {
        pushElement(OFFSETS, first).iload(parameter).iadd().istore(parameter);
      }
    }
    loop();
    code.iconst_1().ireturn();
    code.labelBinding(differ).iconst_0().ireturn();
  }

  private void prologue() {
    unpack();
    for (int k = 0; k < places.length; k++) {
      if (used(k) && signature.stride(k) == Signature.Stride.ANY) {
        strides[k] = code.allocateLocal(TypeKind.INT);
        pushElement(STRIDES, k).istore(strides[k]);
      }
    }
    i = code.allocateLocal(TypeKind.INT);
    evaluate(false);
  }

  private void loop() {
    Label loop = code.newLabel();
    Label end = code.newLabel();
    code.iload(FROM).istore(i);
    code.labelBinding(loop).iload(i).iload(N).if_icmpge(end);
    evaluate(true);
    for (int o = 0; o < program.outputs().size(); o++) {
      Formula output = program.outputs().get(o);
      pushPlace(inputs() + o);
      store(output, inputs() + o);
    }
    code.iinc(i, 1).goto_(loop);
    code.labelBinding(end);
  }

  /// Pushes the array of an operand and the index of this iteration's element.
  private void pushPlace(int operand) {
    pushArray(operand);
    boolean one = signature.stride(operand) == Signature.Stride.ONE;
    if (common && one) {
      code.iload(i);
      return;
    }
    code.iload(places[operand]);
    if (one) {
      code.iload(i).iadd();
    } else if (signature.stride(operand) == Signature.Stride.ANY) {
      code.iload(i).iload(strides[operand]).imul().iadd();
    } else if (signature.stride(operand) == Signature.Stride.LANES) {
      code.iload(i).loadConstant(Fold.LANES - 1).iand().iadd();
    }
  }

  @Override
  void load(int input) {
    pushPlace(isLanes(input) ? outputOf(input) : input);
    if (movesHalves) {
      code.saload();
    } else {
      operations.load(signature.dtype(input));
    }
  }

  private void store(Formula value, int output) {
    push(value);
    if (movesHalves) {
      code.sastore();
    } else {
      operations.store(value.isTruth(), signature.dtype(output));
    }
  }

  @Override
  TypeKind kind(Formula node) {
    return node.isTruth() ? TypeKind.INT : real;
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
    if (arithmetic.isWhole()) {
      push(node.c());
    }
    push(node.a());
    push(node.b());
    if (arithmetic.isWhole()) {
      operations.binary(BinaryFunction.MULTIPLY);
      operations.binary(BinaryFunction.ADD);
    } else {
      push(node.c());
      operations.fma();
    }
  }

  /// `otherwise ^ ((then ^ otherwise) & −condition)` on the bits: a branch that goes either way
  /// costs up to ten times as much.
  @Override
  void select(Formula.Select node) {
    pushBits(node.otherwise());
    pushBits(node.then());
    pushBits(node.otherwise());
    operations.differingBits();
    push(node.condition());
    operations.bitsIf();
    operations.differingBits();
    operations.fromBits();
  }

  private void pushBits(Formula node) {
    push(node);
    operations.toBits();
  }
}
