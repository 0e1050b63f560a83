package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import vectorgrad.numerics.BFloat16;
import vectorgrad.numerics.BinaryFunction;
import vectorgrad.numerics.Half;
import vectorgrad.numerics.UnaryFunction;
import vectorgrad.tensor.DType;

/// The operations of formulas on single numbers, as bytecode. Operands and results are on the
/// stack; truth values are the integers 0 and 1. Where there is more than one way,
/// [VectorOperations] explains it.
final class ScalarOperations {
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");
  private static final ClassDesc DOUBLE = ClassDesc.of("java.lang.Double");
  private static final ClassDesc INTEGER = ClassDesc.of("java.lang.Integer");
  private static final ClassDesc LONG = ClassDesc.of("java.lang.Long");
  private static final ClassDesc KERNEL = ClassDesc.of(RowKernel.class.getName());
  private static final ClassDesc HALF = ClassDesc.of(Half.class.getName());
  private static final ClassDesc BFLOAT16 = ClassDesc.of(BFloat16.class.getName());
  private static final MethodTypeDesc BITS_TO_FLOAT = MethodTypeDesc.of(CD_float, CD_short);

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
      case LONG -> code.loadConstant((long) value);
      case FLOAT -> code.loadConstant((float) value);
      case DOUBLE -> code.loadConstant(value);
    }
  }

  void binary(BinaryFunction function) {
    switch (function) {
      case ADD -> arithmetic(Opcode.IADD, Opcode.LADD, Opcode.FADD, Opcode.DADD);
      case SUBTRACT -> arithmetic(Opcode.ISUB, Opcode.LSUB, Opcode.FSUB, Opcode.DSUB);
      case MULTIPLY -> arithmetic(Opcode.IMUL, Opcode.LMUL, Opcode.FMUL, Opcode.DMUL);
      case DIVIDE -> arithmetic(Opcode.IDIV, Opcode.LDIV, Opcode.FDIV, Opcode.DDIV);
      case MIN -> math("min", arithmetic.type(), 2);
      case MAX -> math("max", arithmetic.type(), 2);
      case FMOD -> {
        if (arithmetic.isWhole()) {
          ClassDesc type = arithmetic.type();
          code.invokestatic(KERNEL, "fmod", MethodTypeDesc.of(type, type, type));
        } else {
          code.with(OperatorInstruction.of(single ? Opcode.FREM : Opcode.DREM));
        }
      }
      case AND -> code.iand();
      case OR -> code.ior();
      // the comparison that answers "greater" for NaN makes "less" false, as it must be
      case LESS -> compare(Opcode.IF_ICMPLT, Opcode.IFLT, true);
      case LESS_EQUAL -> compare(Opcode.IF_ICMPLE, Opcode.IFLE, true);
      case EQUAL -> compare(Opcode.IF_ICMPEQ, Opcode.IFEQ, false);
      case POW, HYPOT, ATAN2 -> throw new IllegalArgumentException("not lowered: " + function);
    }
  }

  /// Of floating numbers.
  void fma() {
    math("fma", arithmetic.type(), 3);
  }

  // ---- memory: the conversions that Elements defines ------------------------------------------

  /// Array, index → the element as a number to compute with.
  void load(DType dtype) {
    switch (dtype) {
      case F32 -> code.faload().conversion(TypeKind.FLOAT, kind);
      case F64 -> code.daload().conversion(TypeKind.DOUBLE, kind);
      case I32 -> code.iaload().conversion(TypeKind.INT, kind);
      case I64 -> code.laload().conversion(TypeKind.LONG, kind);
      case U8 -> code.baload().loadConstant(0xff).iand().conversion(TypeKind.INT, kind);
      case BOOL -> code.baload().conversion(TypeKind.INT, kind);
      case F16, BF16 -> {
        code.saload().invokestatic(formatOf(dtype), "bitsToFloat", BITS_TO_FLOAT);
        code.conversion(TypeKind.FLOAT, kind);
      }
    }
  }

  /// Array, index, number or truth value → nothing: it is stored.
  void store(boolean truth, DType dtype) {
    TypeKind from = truth ? TypeKind.INT : kind;
    switch (dtype) {
      case F32 -> code.conversion(from, TypeKind.FLOAT).fastore();
      case F64 -> code.conversion(from, TypeKind.DOUBLE).dastore();
      case I32 -> code.conversion(from, TypeKind.INT).iastore();
      case I64 -> code.conversion(from, TypeKind.LONG).lastore();
      case U8 -> {
        code.conversion(from, TypeKind.INT);
        if (from == TypeKind.FLOAT || from == TypeKind.DOUBLE) {
          code.iconst_0();
          math("max", CD_int, 2);
          code.loadConstant(0xff);
          math("min", CD_int, 2);
        }
        code.bastore(); // the lowest 8 bits
      }
      case BOOL -> {
        if (!truth) {
          toTruth();
        }
        code.bastore();
      }
      case F16, BF16 -> {
        toHalf(from, dtype);
        code.sastore();
      }
    }
  }

  /// Rounds once: what a float does not hold goes another way.
  private void toHalf(TypeKind from, DType dtype) {
    boolean large = dtype == DType.BF16; // what is too large for a float's fraction is ∞ in F16
    if (from == TypeKind.FLOAT || (from != TypeKind.DOUBLE && !large)) {
      code.conversion(from, TypeKind.FLOAT);
      code.invokestatic(formatOf(dtype), "floatToBits", MethodTypeDesc.of(CD_short, CD_float));
    } else if (from == TypeKind.LONG) {
      code.invokestatic(formatOf(dtype), "longToBits", MethodTypeDesc.of(CD_short, CD_long));
    } else {
      code.conversion(from, TypeKind.DOUBLE);
      code.invokestatic(formatOf(dtype), "doubleToBits", MethodTypeDesc.of(CD_short, CD_double));
    }
  }

  private static ClassDesc formatOf(DType half) {
    return half == DType.F16 ? HALF : BFLOAT16;
  }

  /// Number → truth value: what is not 0 is true.
  private void toTruth() {
    switch (arithmetic) {
      case INT -> truth(Opcode.IFNE);
      case LONG -> {
        code.lconst_0().lcmp();
        truth(Opcode.IFNE);
      }
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
      case NEGATE ->
          code.with(OperatorInstruction.of(of(Opcode.INEG, Opcode.LNEG, Opcode.FNEG, Opcode.DNEG)));
      case ABS -> math("abs", arithmetic.type(), 1);
      case NOT -> code.iconst_1().ixor();
      case SIGN -> { // of whole numbers; the others' is lowered
        ClassDesc owner = arithmetic == Arithmetic.INT ? INTEGER : LONG;
        code.invokestatic(owner, "signum", MethodTypeDesc.of(CD_int, arithmetic.type()));
        code.conversion(TypeKind.INT, kind);
      }
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
    if (arithmetic.isWhole()) {
      return; // whole already
    }
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

  // ---- bits: an int for INT and FLOAT, a long for LONG and DOUBLE -----------------------------

  /// Number → its bits.
  void toBits() {
    switch (arithmetic) {
      case INT, LONG -> {}
      case FLOAT ->
          code.invokestatic(FLOAT, "floatToRawIntBits", MethodTypeDesc.of(CD_int, CD_float));
      case DOUBLE ->
          code.invokestatic(DOUBLE, "doubleToRawLongBits", MethodTypeDesc.of(CD_long, CD_double));
    }
  }

  /// Bits → the number.
  void fromBits() {
    switch (arithmetic) {
      case INT, LONG -> {}
      case FLOAT -> code.invokestatic(FLOAT, "intBitsToFloat", MethodTypeDesc.of(CD_float, CD_int));
      case DOUBLE ->
          code.invokestatic(DOUBLE, "longBitsToDouble", MethodTypeDesc.of(CD_double, CD_long));
    }
  }

  /// Bits, bits → those in which they differ.
  void differingBits() {
    code.with(OperatorInstruction.of(kind.slotSize() == 2 ? Opcode.LXOR : Opcode.IXOR));
  }

  /// Bits, truth value → the bits if true, none if false.
  void bitsIf() {
    code.ineg();
    if (kind.slotSize() == 2) {
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

  private Opcode of(Opcode ofInts, Opcode ofLongs, Opcode ofFloats, Opcode ofDoubles) {
    return switch (arithmetic) {
      case INT -> ofInts;
      case LONG -> ofLongs;
      case FLOAT -> ofFloats;
      case DOUBLE -> ofDoubles;
    };
  }

  private void arithmetic(Opcode ofInts, Opcode ofLongs, Opcode ofFloats, Opcode ofDoubles) {
    code.with(OperatorInstruction.of(of(ofInts, ofLongs, ofFloats, ofDoubles)));
  }

  private void compare(Opcode ofInts, Opcode ofSigns, boolean greaterIfNaN) {
    if (arithmetic == Arithmetic.INT) {
      truth(ofInts);
      return;
    }
    if (arithmetic == Arithmetic.LONG) {
      code.lcmp();
      truth(ofSigns);
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
