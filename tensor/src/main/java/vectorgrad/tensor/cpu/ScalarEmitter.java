package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;

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
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");
  private static final ClassDesc DOUBLE = ClassDesc.of("java.lang.Double");
  private static final ClassDesc INTEGER = ClassDesc.of("java.lang.Integer");

  /// The type of the emitted method: arrays, offsets, strides, the first element and one more than
  /// the last.
  static final MethodTypeDesc TYPE =
      MethodTypeDesc.of(
          CD_void, CD_Object.arrayType(), CD_int.arrayType(), CD_int.arrayType(), CD_int, CD_int);

  /// The type of the method [#emitCommon] makes.
  static final MethodTypeDesc COMMON_TYPE = TYPE.changeReturnType(CD_boolean);

  private static final int OFFSETS = 1;
  private static final int STRIDES = 2;
  private static final int FROM = 3;
  private static final int N = 4;

  private final TypeKind real;
  private final int[] places;
  private final int[] strides;
  private boolean common;
  private int i;

  ScalarEmitter(CodeBuilder code, Program program, Signature signature, Arithmetic arithmetic) {
    super(code, program, signature, arithmetic);
    this.real = arithmetic.kind();
    this.places = new int[signature.operands()];
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
      if (used(k) && signature.stride(k) == Signature.Stride.ANY) {
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
    unpackArrays();
    for (int k = 0; k < places.length; k++) {
      if (used(k)) {
        places[k] = code.allocateLocal(TypeKind.INT);
        pushElement(OFFSETS, k).istore(places[k]);
        if (signature.stride(k) == Signature.Stride.ANY) {
          strides[k] = code.allocateLocal(TypeKind.INT);
          pushElement(STRIDES, k).istore(strides[k]);
        }
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
    }
  }

  @Override
  void load(int input) {
    pushPlace(input);
    switch (signature.dtype(input)) {
      case F32 -> code.faload().conversion(TypeKind.FLOAT, real);
      case F64 -> code.daload().conversion(TypeKind.DOUBLE, real);
      case I32 -> code.iaload().conversion(TypeKind.INT, real);
      case BOOL -> code.baload().conversion(TypeKind.INT, real);
    }
  }

  /// Converts as Java's casts do; what is not 0 is true.
  private void store(Formula value, int output) {
    push(value);
    DType dtype = signature.dtype(output);
    if (dtype == DType.BOOL && !value.isTruth()) {
      notZero();
    }
    switch (dtype) {
      case F32 -> code.conversion(kind(value), TypeKind.FLOAT).fastore();
      case F64 -> code.conversion(kind(value), TypeKind.DOUBLE).dastore();
      case I32 -> code.conversion(kind(value), TypeKind.INT).iastore();
      case BOOL -> code.bastore();
    }
  }

  private void notZero() {
    switch (arithmetic) {
      case INT -> truth(code, Opcode.IFNE);
      case FLOAT -> truth(code.fconst_0().fcmpl(), Opcode.IFNE);
      case DOUBLE -> truth(code.dconst_0().dcmpl(), Opcode.IFNE);
    }
  }

  @Override
  TypeKind kind(Formula node) {
    return node.isTruth() ? TypeKind.INT : real;
  }

  @Override
  void constant(double value) {
    switch (arithmetic) {
      case INT -> code.loadConstant((int) value);
      case FLOAT -> code.loadConstant((float) value);
      case DOUBLE -> code.loadConstant(value);
    }
  }

  @Override
  void unary(Formula.Unary node) {
    push(node.x());
    switch (node.function()) {
      case NEGATE -> negate();
      case NOT -> code.iconst_1().ixor();
      case ABS -> math("abs", arithmetic.type(), 1);
      case SIGN -> // of whole numbers; the others' is lowered
          code.invokestatic(INTEGER, "signum", MethodTypeDesc.of(CD_int, CD_int));
      case SQRT -> throughDouble("sqrt"); // the root of a float, rounded twice, is rounded right
      case FLOOR -> throughDouble("floor");
      case RINT -> throughDouble("rint");
      case POWER_OF_TWO -> powerOfTwo();
      case EXPONENT -> exponent();
      case SIGNIFICAND -> significand();
      default -> throw new IllegalArgumentException("not lowered: " + node);
    }
  }

  private void negate() {
    switch (arithmetic) {
      case INT -> code.ineg();
      case FLOAT -> code.fneg();
      case DOUBLE -> code.dneg();
    }
  }

  private void throughDouble(String name) {
    code.conversion(real, TypeKind.DOUBLE);
    math(name, CD_double, 1);
    code.conversion(TypeKind.DOUBLE, real);
  }

  // As in VectorEmitter, where each is explained.

  private void powerOfTwo() {
    if (single()) {
      code.loadConstant(0x1.8p23f + 127).fadd();
      floatBits();
      code.loadConstant(23).ishl();
      floatOfBits();
    } else {
      code.loadConstant(0x1.8p52 + 1023).dadd();
      doubleBits();
      code.loadConstant(52).lshl();
      doubleOfBits();
    }
  }

  private void exponent() {
    if (single()) {
      floatBits();
      code.loadConstant(23).iushr().loadConstant(Float.floatToRawIntBits(0x1p23f)).ior();
      floatOfBits();
      code.loadConstant(0x1p23f + 127).fsub();
    } else {
      doubleBits();
      code.loadConstant(52).lushr().loadConstant(Double.doubleToRawLongBits(0x1p52)).lor();
      doubleOfBits();
      code.loadConstant(0x1p52 + 1023).dsub();
    }
  }

  private void significand() {
    if (single()) {
      floatBits();
      code.loadConstant(0x7fffff).iand().loadConstant(Float.floatToRawIntBits(1)).ior();
      floatOfBits();
    } else {
      doubleBits();
      code.loadConstant(0xf_ffff_ffff_ffffL).land();
      code.loadConstant(Double.doubleToRawLongBits(1)).lor();
      doubleOfBits();
    }
  }

  @Override
  void binary(Formula.Binary node) {
    push(node.a());
    push(node.b());
    switch (node.function()) {
      case ADD -> arithmetic(Opcode.IADD, Opcode.FADD, Opcode.DADD);
      case SUBTRACT -> arithmetic(Opcode.ISUB, Opcode.FSUB, Opcode.DSUB);
      case MULTIPLY -> arithmetic(Opcode.IMUL, Opcode.FMUL, Opcode.DMUL);
      case DIVIDE -> arithmetic(Opcode.IDIV, Opcode.FDIV, Opcode.DDIV);
      case MIN -> math("min", arithmetic.type(), 2);
      case MAX -> math("max", arithmetic.type(), 2);
      case AND -> code.iand();
      case OR -> code.ior();
      // the comparison that answers "greater" for NaN makes "less" false, as it must be
      case LESS -> compare(Opcode.IF_ICMPLT, Opcode.IFLT, true);
      case LESS_EQUAL -> compare(Opcode.IF_ICMPLE, Opcode.IFLE, true);
      case EQUAL -> compare(Opcode.IF_ICMPEQ, Opcode.IFEQ, false);
    }
  }

  private void arithmetic(Opcode whole, Opcode single, Opcode twice) {
    code.with(
        OperatorInstruction.of(
            switch (arithmetic) {
              case INT -> whole;
              case FLOAT -> single;
              case DOUBLE -> twice;
            }));
  }

  private void compare(Opcode ofInts, Opcode ofSigns, boolean greaterIfNaN) {
    switch (arithmetic) {
      case INT -> truth(code, ofInts);
      case FLOAT -> truth(greaterIfNaN ? code.fcmpg() : code.fcmpl(), ofSigns);
      case DOUBLE -> truth(greaterIfNaN ? code.dcmpg() : code.dcmpl(), ofSigns);
    }
  }

  /// Pushes 1 where the branch would be taken, 0 elsewhere.
  private static void truth(CodeBuilder code, Opcode branch) {
    Label yes = code.newLabel();
    Label done = code.newLabel();
    code.branch(branch, yes).iconst_0().goto_(done);
    code.labelBinding(yes).iconst_1().labelBinding(done);
  }

  @Override
  void fma(Formula.Fma node) {
    push(node.a());
    push(node.b());
    if (arithmetic == Arithmetic.INT) {
      code.imul();
      push(node.c());
      code.iadd();
    } else {
      push(node.c());
      math("fma", arithmetic.type(), 3);
    }
  }

  /// `otherwise ^ ((then ^ otherwise) & −condition)` on the bits: a branch that goes either way
  /// costs ten times as much.
  @Override
  void select(Formula.Select node) {
    pushBits(node.otherwise());
    pushBits(node.then());
    pushBits(node.otherwise());
    xor();
    push(node.condition());
    code.ineg();
    if (arithmetic == Arithmetic.DOUBLE) {
      code.i2l().land();
    } else {
      code.iand();
    }
    xor();
    switch (arithmetic) {
      case INT -> {}
      case FLOAT -> floatOfBits();
      case DOUBLE -> doubleOfBits();
    }
  }

  private void pushBits(Formula node) {
    push(node);
    switch (arithmetic) {
      case INT -> {}
      case FLOAT -> floatBits();
      case DOUBLE -> doubleBits();
    }
  }

  private void xor() {
    if (arithmetic == Arithmetic.DOUBLE) {
      code.lxor();
    } else {
      code.ixor();
    }
  }

  private boolean single() {
    return arithmetic == Arithmetic.FLOAT;
  }

  private void math(String name, ClassDesc type, int operands) {
    ClassDesc[] parameters = new ClassDesc[operands];
    Arrays.fill(parameters, type);
    code.invokestatic(MATH, name, MethodTypeDesc.of(type, parameters));
  }

  private void floatBits() {
    code.invokestatic(FLOAT, "floatToRawIntBits", MethodTypeDesc.of(CD_int, CD_float));
  }

  private void floatOfBits() {
    code.invokestatic(FLOAT, "intBitsToFloat", MethodTypeDesc.of(CD_float, CD_int));
  }

  private void doubleBits() {
    code.invokestatic(DOUBLE, "doubleToRawLongBits", MethodTypeDesc.of(CD_long, CD_double));
  }

  private void doubleOfBits() {
    code.invokestatic(DOUBLE, "longBitsToDouble", MethodTypeDesc.of(CD_double, CD_long));
  }
}
