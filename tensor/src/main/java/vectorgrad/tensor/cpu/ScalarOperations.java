package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import vectorgrad.numerics.BinaryFunction;
import vectorgrad.numerics.UnaryFunction;

/// The operations of formulas on single numbers, as bytecode. Operands and results are on the
/// stack; truth values are the integers 0 and 1. Where there is more than one way,
/// [VectorOperations] explains it.
final class ScalarOperations {
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");
  private static final ClassDesc DOUBLE = ClassDesc.of("java.lang.Double");
  private static final ClassDesc INTEGER = ClassDesc.of("java.lang.Integer");

  private final CodeBuilder code;
  private final Arithmetic arithmetic;
  private final TypeKind kind;
  private final boolean single;

  ScalarOperations(CodeBuilder code, Arithmetic arithmetic) {
    this.code = code;
    this.arithmetic = arithmetic;
    this.kind = arithmetic.kind();
    this.single = arithmetic == Arithmetic.FLOAT;
  }

  void constant(double value) {
    switch (arithmetic) {
      case INT -> code.loadConstant((int) value);
      case FLOAT -> code.loadConstant((float) value);
      case DOUBLE -> code.loadConstant(value);
    }
  }

  void binary(BinaryFunction function) {
    switch (function) {
      case ADD -> arithmetic(Opcode.IADD, Opcode.FADD, Opcode.DADD);
      case SUBTRACT -> arithmetic(Opcode.ISUB, Opcode.FSUB, Opcode.DSUB);
      case MULTIPLY -> arithmetic(Opcode.IMUL, Opcode.FMUL, Opcode.DMUL);
      case DIVIDE -> arithmetic(Opcode.IDIV, Opcode.FDIV, Opcode.DDIV);
      case MIN -> math("min", arithmetic.type(), 2);
      case MAX -> math("max", arithmetic.type(), 2);
      case FMOD -> arithmetic(Opcode.IREM, Opcode.FREM, Opcode.DREM);
      case AND -> code.iand();
      case OR -> code.ior();
      // the comparison that answers "greater" for NaN makes "less" false, as it must be
      case LESS -> compare(Opcode.IF_ICMPLT, Opcode.IFLT, true);
      case LESS_EQUAL -> compare(Opcode.IF_ICMPLE, Opcode.IFLE, true);
      case EQUAL -> compare(Opcode.IF_ICMPEQ, Opcode.IFEQ, false);
      case POW, HYPOT, ATAN2 -> throw new IllegalArgumentException("not lowered: " + function);
    }
  }

  void fma() {
    if (arithmetic == Arithmetic.INT) {
      code.dup_x2().pop().imul().iadd(); // c below a and b
    } else {
      math("fma", arithmetic.type(), 3);
    }
  }

  /// Number → truth value: what is not 0 is true.
  void toTruth() {
    switch (arithmetic) {
      case INT -> truth(Opcode.IFNE);
      case FLOAT -> {
        code.fconst_0().fcmpl();
        truth(Opcode.IFNE);
      }
      case DOUBLE -> {
        code.dconst_0().dcmpl();
        truth(Opcode.IFNE);
      }
    }
  }

  void unary(UnaryFunction function) {
    switch (function) {
      case NEGATE -> code.with(OperatorInstruction.of(of(Opcode.INEG, Opcode.FNEG, Opcode.DNEG)));
      case ABS -> math("abs", arithmetic.type(), 1);
      case NOT -> code.iconst_1().ixor();
      case SIGN -> // of whole numbers; the others' is lowered
          code.invokestatic(INTEGER, "signum", MethodTypeDesc.of(CD_int, CD_int));
      case SQRT -> throughDouble("sqrt"); // the root of a float, rounded twice, is rounded right
      case FLOOR -> throughDouble("floor");
      case RINT -> throughDouble("rint");
      case POWER_OF_TWO -> powerOfTwo();
      case EXPONENT -> exponent();
      case SIGNIFICAND -> significand();
      default -> throw new IllegalArgumentException("not lowered: " + function);
    }
  }

  private void throughDouble(String name) {
    code.conversion(kind, TypeKind.DOUBLE);
    math(name, CD_double, 1);
    code.conversion(TypeKind.DOUBLE, kind);
  }

  private void powerOfTwo() {
    constant((single ? 0x1.8p23 : 0x1.8p52) + bias());
    binary(BinaryFunction.ADD);
    toBits();
    code.loadConstant(fractionBits());
    code.with(OperatorInstruction.of(single ? Opcode.ISHL : Opcode.LSHL));
    fromBits();
  }

  private void exponent() {
    double whole = single ? 0x1p23 : 0x1p52;
    toBits();
    code.loadConstant(fractionBits());
    code.with(OperatorInstruction.of(single ? Opcode.IUSHR : Opcode.LUSHR));
    withBits(Opcode.IOR, Opcode.LOR, bitsOf(whole));
    fromBits();
    constant(whole + bias());
    binary(BinaryFunction.SUBTRACT);
  }

  private void significand() {
    toBits();
    withBits(Opcode.IAND, Opcode.LAND, single ? 0x7fffff : 0xf_ffff_ffff_ffffL);
    withBits(Opcode.IOR, Opcode.LOR, bitsOf(1));
    fromBits();
  }

  // ---- bits: an int for INT and FLOAT, a long for DOUBLE
  // -----------------------------------------

  /// Number → its bits.
  void toBits() {
    switch (arithmetic) {
      case INT -> {}
      case FLOAT ->
          code.invokestatic(FLOAT, "floatToRawIntBits", MethodTypeDesc.of(CD_int, CD_float));
      case DOUBLE ->
          code.invokestatic(DOUBLE, "doubleToRawLongBits", MethodTypeDesc.of(CD_long, CD_double));
    }
  }

  /// Bits → the number.
  void fromBits() {
    switch (arithmetic) {
      case INT -> {}
      case FLOAT -> code.invokestatic(FLOAT, "intBitsToFloat", MethodTypeDesc.of(CD_float, CD_int));
      case DOUBLE ->
          code.invokestatic(DOUBLE, "longBitsToDouble", MethodTypeDesc.of(CD_double, CD_long));
    }
  }

  /// Bits, bits → those in which they differ.
  void differingBits() {
    code.with(OperatorInstruction.of(arithmetic == Arithmetic.DOUBLE ? Opcode.LXOR : Opcode.IXOR));
  }

  /// Bits, truth value → the bits if true, none if false.
  void bitsIf() {
    code.ineg();
    if (arithmetic == Arithmetic.DOUBLE) {
      code.i2l().land();
    } else {
      code.iand();
    }
  }

  private void withBits(Opcode ofInts, Opcode ofLongs, long operand) {
    if (single) {
      code.loadConstant((int) operand).with(OperatorInstruction.of(ofInts));
    } else {
      code.loadConstant(operand).with(OperatorInstruction.of(ofLongs));
    }
  }

  private int fractionBits() {
    return single ? 23 : 52;
  }

  private int bias() {
    return single ? 127 : 1023;
  }

  private long bitsOf(double value) {
    return single ? Float.floatToRawIntBits((float) value) : Double.doubleToRawLongBits(value);
  }

  // ---- vocabulary
  // --------------------------------------------------------------------------------

  private Opcode of(Opcode whole, Opcode ofFloats, Opcode ofDoubles) {
    return switch (arithmetic) {
      case INT -> whole;
      case FLOAT -> ofFloats;
      case DOUBLE -> ofDoubles;
    };
  }

  private void arithmetic(Opcode whole, Opcode ofFloats, Opcode ofDoubles) {
    code.with(OperatorInstruction.of(of(whole, ofFloats, ofDoubles)));
  }

  private void compare(Opcode ofInts, Opcode ofSigns, boolean greaterIfNaN) {
    if (arithmetic == Arithmetic.INT) {
      truth(ofInts);
      return;
    }
    Opcode ofFloats = greaterIfNaN ? Opcode.FCMPG : Opcode.FCMPL;
    Opcode ofDoubles = greaterIfNaN ? Opcode.DCMPG : Opcode.DCMPL;
    code.with(OperatorInstruction.of(single ? ofFloats : ofDoubles));
    truth(ofSigns);
  }

  /// Pushes 1 where the branch would be taken, 0 elsewhere.
  private void truth(Opcode branch) {
    Label yes = code.newLabel();
    Label done = code.newLabel();
    code.branch(branch, yes).iconst_0().goto_(done);
    code.labelBinding(yes).iconst_1().labelBinding(done);
  }

  private void math(String name, ClassDesc type, int operands) {
    ClassDesc[] parameters = new ClassDesc[operands];
    Arrays.fill(parameters, type);
    code.invokestatic(MATH, name, MethodTypeDesc.of(type, parameters));
  }
}
