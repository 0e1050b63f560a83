package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
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
  private static final String PACKAGE = "jdk.incubator.vector.";
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "Vector");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE + "VectorMask");
  private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE + "VectorOperators");
  private static final ClassDesc COMPARISON = ClassDesc.of(PACKAGE + "VectorOperators$Comparison");
  private static final ClassDesc BINARY = ClassDesc.of(PACKAGE + "VectorOperators$Binary");

  /// The type of the emitted method: arrays, offsets, number of elements; returns how many are
  /// done.
  static final MethodTypeDesc TYPE =
      MethodTypeDesc.of(CD_int, CD_Object.arrayType(), CD_int.arrayType(), CD_int);

  private static final int OFFSETS = 1;
  private static final int N = 2;

  private final int bits;
  private final boolean single;
  private final int lanes;
  private final ClassDesc vector;
  private final ClassDesc words; // the vector of the same bits, read as whole numbers
  private final int[] places;
  private int i;

  VectorEmitter(
      CodeBuilder code, Program program, Signature signature, Arithmetic arithmetic, int bits) {
    super(code, program, signature, arithmetic);
    this.bits = bits;
    this.single = arithmetic == Arithmetic.FLOAT;
    this.lanes = bits / (single ? 32 : 64);
    this.vector = ClassDesc.of(PACKAGE + (single ? "FloatVector" : "DoubleVector"));
    this.words = ClassDesc.of(PACKAGE + (single ? "IntVector" : "LongVector"));
    this.places = new int[signature.operands()];
  }

  /// Whether vectors can do this row.
  static boolean covers(Program program, Signature signature, Arithmetic arithmetic) {
    int inputs = signature.operands() - program.outputs().size();
    boolean covered = arithmetic != Arithmetic.INT;
    for (int k = 0; k < signature.operands(); k++) {
      boolean fits = Arithmetic.of(signature.dtype(k)) == arithmetic;
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
    code.iload(N).loadConstant(-lanes).iand().istore(bound);
    code.iconst_0().istore(i);
    code.labelBinding(loop).iload(i).iload(bound).if_icmpge(end);
    evaluate(true);
    for (int o = 0; o < program.outputs().size(); o++) {
      pushNumber(program.outputs().get(o));
      pushArray(inputs() + o);
      code.iload(places[inputs() + o]).iload(i).iadd();
      call(vector, "intoArray", CD_void, arithmetic.type().arrayType(), CD_int);
    }
    code.iinc(i, lanes).goto_(loop);
    code.labelBinding(end).iload(bound).ireturn();
  }

  /// Pushes a node that is stored; truth values as 0 and 1.
  private void pushNumber(Formula node) {
    if (node.isTruth()) {
      constant(0);
      number(1);
      push(node);
      call(vector, "blend", vector, arithmetic.type(), MASK);
    } else {
      push(node);
    }
  }

  @Override
  TypeKind kind(Formula node) {
    return TypeKind.REFERENCE;
  }

  @Override
  void load(int input) {
    species();
    pushArray(input);
    code.iload(places[input]);
    if (signature.stride(input) == Signature.Stride.ZERO) {
      code.arrayLoad(arithmetic.kind());
      callStatic("broadcast", arithmetic.type());
    } else {
      code.iload(i).iadd();
      callStatic("fromArray", arithmetic.type().arrayType(), CD_int);
    }
  }

  @Override
  void constant(double value) {
    species();
    number(value);
    callStatic("broadcast", arithmetic.type());
  }

  @Override
  void unary(Formula.Unary node) {
    Formula x = node.x();
    push(x);
    switch (node.function()) {
      case NEGATE -> call(vector, "neg", vector);
      case ABS -> call(vector, "abs", vector);
      case SQRT -> call(vector, "sqrt", vector);
      case NOT -> call(MASK, "not", MASK);
      case RINT -> rint(x);
      case FLOOR -> floor(x);
      case POWER_OF_TWO -> powerOfTwo();
      case EXPONENT -> exponent();
      case SIGNIFICAND -> significand();
      default -> throw new IllegalArgumentException("not lowered: " + node);
    }
  }

  @Override
  void binary(Formula.Binary node) {
    Formula a = node.a();
    Formula b = node.b();
    switch (node.function()) {
      case ADD -> arithmetic("add", a, b);
      case SUBTRACT -> arithmetic("sub", a, b);
      case MULTIPLY -> arithmetic("mul", a, b);
      case DIVIDE -> arithmetic("div", a, b);
      case MIN -> arithmetic("min", a, b);
      case MAX -> arithmetic("max", a, b);
      case AND -> truth("and", a, b);
      case OR -> truth("or", a, b);
      case LESS -> comparison("LT", a, b);
      case LESS_EQUAL -> comparison("LE", a, b);
      case EQUAL -> comparison("EQ", a, b);
    }
  }

  @Override
  void fma(Formula.Fma node) {
    push(node.a());
    push(node.b());
    push(node.c());
    call(vector, "fma", vector, VECTOR, VECTOR);
  }

  @Override
  void select(Formula.Select node) {
    push(node.otherwise());
    push(node.then());
    push(node.condition());
    call(vector, "blend", vector, VECTOR, MASK);
  }

  // ---- functions that no single operation computes; the operand is on the stack
  // ------------------

  /// Adding and subtracting the power of two above which all numbers are whole rounds to the
  /// nearest, ties to even. The sign is put back for the sake of −0. What is larger is whole
  /// already; NaN stays.
  private void rint(Formula x) {
    double whole = single ? 0x1p23 : 0x1p52;
    push(x);
    call(vector, "abs", vector);
    number(whole);
    call(vector, "add", vector, arithmetic.type());
    number(whole);
    call(vector, "sub", vector, arithmetic.type());
    asWords();
    signBit(x);
    call(words, "or", words, VECTOR);
    asNumbers();
    push(x);
    call(vector, "abs", vector);
    compare("LT", whole);
    call(vector, "blend", vector, VECTOR, MASK);
  }

  /// The nearest whole number, less one where that is above.
  private void floor(Formula x) {
    rint(x);
    int nearest = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(nearest);
    code.aload(nearest).aload(nearest);
    number(1);
    call(vector, "sub", vector, arithmetic.type());
    code.aload(nearest).getstatic(OPERATORS, "GT", COMPARISON);
    push(x);
    call(vector, "compare", MASK, COMPARISON, VECTOR);
    call(vector, "blend", vector, VECTOR, MASK);
  }

  /// Added to 1.5 times the power of two above which all numbers are whole, the number stands in
  /// the lowest bits; the bias added as well, they are shifted to where the exponent is and all
  /// others fall out.
  private void powerOfTwo() {
    number((single ? 0x1.8p23 : 0x1.8p52) + bias());
    call(vector, "add", vector, arithmetic.type());
    asWords();
    shift("LSHL");
    asNumbers();
  }

  /// The bits of the exponent, placed in the lowest bits of the power of two above which all
  /// numbers are whole, are that power plus the biased exponent.
  private void exponent() {
    double whole = single ? 0x1p23 : 0x1p52;
    asWords();
    shift("LSHR");
    word("or", bitsOf(whole));
    asNumbers();
    number(whole + bias());
    call(vector, "sub", vector, arithmetic.type());
  }

  /// The bits of the fraction with the exponent of 1.
  private void significand() {
    asWords();
    word("and", single ? 0x7fffff : 0xf_ffff_ffff_ffffL);
    word("or", bitsOf(1));
    asNumbers();
  }

  // ---- vocabulary -------------------------------------------------------------------------------

  private void species() {
    code.getstatic(vector, "SPECIES_" + bits, SPECIES);
  }

  private void number(double value) {
    if (single) {
      code.loadConstant((float) value);
    } else {
      code.loadConstant(value);
    }
  }

  private void arithmetic(String name, Formula a, Formula b) {
    push(a);
    push(b);
    call(vector, name, vector, VECTOR);
  }

  private void truth(String name, Formula a, Formula b) {
    push(a);
    push(b);
    call(MASK, name, MASK, MASK);
  }

  private void comparison(String name, Formula a, Formula b) {
    push(a);
    code.getstatic(OPERATORS, name, COMPARISON);
    push(b);
    call(vector, "compare", MASK, COMPARISON, VECTOR);
  }

  private void compare(String name, double b) {
    code.getstatic(OPERATORS, name, COMPARISON);
    number(b);
    call(vector, "compare", MASK, COMPARISON, arithmetic.type());
  }

  private void asWords() {
    call(vector, single ? "reinterpretAsInts" : "reinterpretAsLongs", words);
  }

  private void asNumbers() {
    call(words, single ? "reinterpretAsFloats" : "reinterpretAsDoubles", vector);
  }

  private void word(String name, long operand) {
    call(words, name, words, pushWord(operand));
  }

  /// Shifts by the number of bits in the fraction.
  private void shift(String name) {
    code.getstatic(OPERATORS, name, BINARY);
    call(words, "lanewise", words, BINARY, pushWord(single ? 23 : 52));
  }

  private ClassDesc pushWord(long operand) {
    if (single) {
      code.loadConstant((int) operand);
      return CD_int;
    }
    code.loadConstant(operand);
    return CD_long;
  }

  /// Pushes the sign bits of `x`, as words.
  private void signBit(Formula x) {
    push(x);
    asWords();
    word("and", single ? Integer.MIN_VALUE : Long.MIN_VALUE);
  }

  private long bias() {
    return single ? 127 : 1023;
  }

  private long bitsOf(double value) {
    return single ? Float.floatToRawIntBits((float) value) : Double.doubleToRawLongBits(value);
  }

  private void call(ClassDesc owner, String name, ClassDesc result, ClassDesc... parameters) {
    code.invokevirtual(owner, name, MethodTypeDesc.of(result, parameters));
  }

  /// A factory of vectors; the species is on the stack already, before the parameters.
  private void callStatic(String name, ClassDesc... parameters) {
    code.invokestatic(
        vector, name, MethodTypeDesc.of(vector, parameters).insertParameterTypes(0, SPECIES));
  }
}
