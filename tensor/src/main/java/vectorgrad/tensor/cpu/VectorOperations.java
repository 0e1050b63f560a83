package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import vectorgrad.numerics.BinaryFunction;
import vectorgrad.numerics.UnaryFunction;

/// The operations of formulas on vectors of one width, as calls of the Vector API that the JIT
/// turns into instructions. Operands and results are on the stack; truth values are masks. The bits
/// of every lane are those of [ScalarOperations].
final class VectorOperations {
  private static final ClassDesc CLASSES = ClassDesc.of(VectorClasses.class.getName());
  private static final String PACKAGE = "jdk.incubator.vector.";
  private static final ClassDesc VECTOR = ClassDesc.of(PACKAGE + "Vector");
  private static final ClassDesc SPECIES = ClassDesc.of(PACKAGE + "VectorSpecies");
  private static final ClassDesc MASK = ClassDesc.of(PACKAGE + "VectorMask");
  private static final ClassDesc OPERATORS = ClassDesc.of(PACKAGE + "VectorOperators");
  private static final ClassDesc COMPARISON = ClassDesc.of(PACKAGE + "VectorOperators$Comparison");
  private static final ClassDesc BINARY = ClassDesc.of(PACKAGE + "VectorOperators$Binary");

  private static final ClassDesc CONVERSION = ClassDesc.of(PACKAGE + "VectorOperators$Conversion");
  private static final ClassDesc SHORTS = ClassDesc.of(PACKAGE + "ShortVector");

  /// How far a bf16 is from where it stands in a float.
  private static final int HALF = 16;

  /// The bit of NaN that makes it one in the upper half of a float.
  private static final int QUIET = 0x400000;

  /// Bits of the narrowest vectors, which every processor with vectors has.
  private static final int NARROWEST = 128;

  private final CodeBuilder code;
  private final Arithmetic arithmetic;
  private final int bits;
  private final boolean single;
  private final ClassDesc number;
  private final ClassDesc vector;
  private final ClassDesc words; // the vector of the same bits, read as whole numbers

  VectorOperations(CodeBuilder code, Arithmetic arithmetic, int bits) {
    this.code = code;
    this.arithmetic = arithmetic;
    this.bits = bits;
    this.single = arithmetic == Arithmetic.FLOAT;
    this.number = arithmetic.type();
    this.vector = ClassDesc.of(PACKAGE + (single ? "FloatVector" : "DoubleVector"));
    this.words = ClassDesc.of(PACKAGE + (single ? "IntVector" : "LongVector"));
  }

  int lanes() {
    return bits / (single ? 32 : 64);
  }

  /// The same on vectors of 128 bits.
  VectorOperations narrowest() {
    return new VectorOperations(code, arithmetic, NARROWEST);
  }

  /// The species comes before the operands of [#load] and [#broadcast].
  void species() {
    code.getstatic(vector, "SPECIES_" + bits, SPECIES);
  }

  /// Pushes the vector in a local, which may come from the iteration before.
  void get(int local) {
    code.aload(local);
    exact(vector);
  }

  /// Species, array, index, perhaps a mask → vector.
  void load(boolean masked) {
    if (masked) {
      make("fromArray", number.arrayType(), CD_int, MASK);
    } else {
      make("fromArray", number.arrayType(), CD_int);
    }
  }

  /// Vector, array, index, perhaps a mask →
  void store(boolean masked) {
    if (masked) {
      call(vector, "intoArray", CD_void, number.arrayType(), CD_int, MASK);
    } else {
      call(vector, "intoArray", CD_void, number.arrayType(), CD_int);
    }
  }

  /// The species of bf16 comes before the operands of [#loadBrains].
  void brainSpecies() {
    code.getstatic(SHORTS, "SPECIES_" + bits / 2, SPECIES);
  }

  /// Species of bf16, array, index → vector. They are the upper halves of floats.
  void loadBrains() {
    code.invokestatic(
        SHORTS, "fromArray", MethodTypeDesc.of(SHORTS, SPECIES, CD_short.arrayType(), CD_int));
    exact(SHORTS);
    code.getstatic(OPERATORS, "ZERO_EXTEND_S2I", CONVERSION);
    code.getstatic(words, "SPECIES_" + bits, SPECIES);
    convert(SHORTS, words);
    shift("LSHL", HALF);
    asNumbers();
  }

  /// Vector → vector of bf16, for [#storeBrains]: the nearest, ties to even. What is no number
  /// stays none, as in [vectorgrad.numerics.BFloat16].
  void roundToBrains() {
    asWords();
    int exact = save();
    code.aload(exact).aload(exact);
    shift("LSHR", HALF);
    withWord("and", 1);
    call(words, "add", words, VECTOR);
    withWord("add", 0x7fff);
    code.aload(exact);
    withWord("or", QUIET);
    code.aload(exact);
    withWord("and", Integer.MAX_VALUE);
    code.getstatic(OPERATORS, "GT", COMPARISON);
    call(words, "compare", MASK, COMPARISON, word(bitsOf(Double.POSITIVE_INFINITY)));
    call(words, "blend", words, VECTOR, MASK);
    shift("LSHR", HALF);
    code.getstatic(OPERATORS, "I2S", CONVERSION);
    brainSpecies();
    convert(words, SHORTS);
  }

  /// Vector of bf16, array, index →
  void storeBrains() {
    call(SHORTS, "intoArray", CD_void, CD_short.arrayType(), CD_int);
  }

  /// Vector, conversion, species → vector of another type.
  private void convert(ClassDesc from, ClassDesc to) {
    code.iconst_0();
    call(from, "convertShape", VECTOR, CONVERSION, SPECIES, CD_int);
    code.checkcast(to);
    exact(to);
  }

  /// Species, index of the first lane's element, number of elements → mask of the lanes that have
  /// one.
  void indexInRange() {
    code.invokeinterface(SPECIES, "indexInRange", MethodTypeDesc.of(MASK, CD_int, CD_int));
  }

  /// Vector, index → number.
  void lane() {
    call(vector, "lane", number, CD_int);
  }

  /// Species, number → vector.
  void broadcast() {
    make("broadcast", number);
  }

  void constant(double value) {
    species();
    number(value);
    broadcast();
  }

  void binary(BinaryFunction function) {
    switch (function) {
      case ADD -> arithmetic("add");
      case SUBTRACT -> arithmetic("sub");
      case MULTIPLY -> arithmetic("mul");
      case DIVIDE -> arithmetic("div");
      case MIN -> arithmetic("min");
      case MAX -> arithmetic("max");
      case AND -> call(MASK, "and", MASK, MASK);
      case OR -> call(MASK, "or", MASK, MASK);
      case LESS -> compare("LT");
      case LESS_EQUAL -> compare("LE");
      case EQUAL -> compare("EQ");
      case FMOD -> throw new IllegalArgumentException("vectors have no " + function);
      case POW, HYPOT, ATAN2 -> throw new IllegalArgumentException("not lowered: " + function);
    }
  }

  void fma() {
    call(vector, "fma", vector, VECTOR, VECTOR);
  }

  /// Otherwise, then, condition → the choice.
  void select() {
    call(vector, "blend", vector, VECTOR, MASK);
  }

  /// Truth value → 0 and 1.
  void toNumber() {
    int mask = save();
    constant(0);
    number(1);
    code.aload(mask);
    call(vector, "blend", vector, number, MASK);
  }

  void unary(UnaryFunction function) {
    switch (function) {
      case NEGATE -> call(vector, "neg", vector);
      case ABS -> call(vector, "abs", vector);
      case SQRT -> call(vector, "sqrt", vector);
      case NOT -> call(MASK, "not", MASK);
      case RINT -> rint(save());
      case FLOOR -> floor();
      case POWER_OF_TWO -> powerOfTwo();
      case EXPONENT -> exponent();
      case SIGNIFICAND -> significand();
      default -> throw new IllegalArgumentException("not lowered: " + function);
    }
  }

  // ---- functions that no single operation computes
  // -----------------------------------------------

  /// Adding and subtracting the power of two above which all numbers are whole rounds to the
  /// nearest, ties to even. The sign is put back for the sake of −0. What is larger is whole
  /// already; NaN stays.
  private void rint(int x) {
    double whole = single ? 0x1p23 : 0x1p52;
    code.aload(x).aload(x);
    call(vector, "abs", vector);
    withNumber("add", whole);
    withNumber("sub", whole);
    asWords();
    code.aload(x);
    asWords();
    withWord("and", single ? Integer.MIN_VALUE : Long.MIN_VALUE);
    call(words, "or", words, VECTOR);
    asNumbers();
    code.aload(x);
    call(vector, "abs", vector);
    code.getstatic(OPERATORS, "LT", COMPARISON);
    number(whole);
    call(vector, "compare", MASK, COMPARISON, number);
    select();
  }

  /// The nearest whole number, less one where that is above.
  private void floor() {
    int x = save();
    rint(x);
    int nearest = save();
    code.aload(nearest).aload(nearest);
    withNumber("sub", 1);
    code.aload(nearest).aload(x);
    compare("GT");
    select();
  }

  /// Added to 1.5 times the power of two above which all numbers are whole, the number stands in
  /// the lowest bits; the bias added as well, they are shifted to where the exponent is and all
  /// others fall out.
  private void powerOfTwo() {
    withNumber("add", (single ? 0x1.8p23 : 0x1.8p52) + bias());
    asWords();
    shift("LSHL", fraction());
    asNumbers();
  }

  /// The bits of the exponent, placed in the lowest bits of the power of two above which all
  /// numbers are whole, are that power plus the biased exponent.
  private void exponent() {
    double whole = single ? 0x1p23 : 0x1p52;
    asWords();
    shift("LSHR", fraction());
    withWord("or", bitsOf(whole));
    asNumbers();
    withNumber("sub", whole + bias());
  }

  /// The bits of the fraction with the exponent of 1.
  private void significand() {
    asWords();
    withWord("and", single ? 0x7fffff : 0xf_ffff_ffff_ffffL);
    withWord("or", bitsOf(1));
    asNumbers();
  }

  // ---- vocabulary
  // --------------------------------------------------------------------------------

  /// Takes the reference on the stack into a local.
  private int save() {
    int local = code.allocateLocal(TypeKind.REFERENCE);
    code.astore(local);
    return local;
  }

  private void number(double value) {
    if (single) {
      code.loadConstant((float) value);
    } else {
      code.loadConstant(value);
    }
  }

  private void arithmetic(String name) {
    call(vector, name, vector, VECTOR);
  }

  private void withNumber(String name, double operand) {
    number(operand);
    call(vector, name, vector, number);
  }

  private void compare(String name) {
    code.getstatic(OPERATORS, name, COMPARISON).swap();
    call(vector, "compare", MASK, COMPARISON, VECTOR);
  }

  private void asWords() {
    call(vector, single ? "reinterpretAsInts" : "reinterpretAsLongs", words);
  }

  private void asNumbers() {
    call(words, single ? "reinterpretAsFloats" : "reinterpretAsDoubles", vector);
  }

  private void withWord(String name, long operand) {
    call(words, name, words, word(operand));
  }

  private void shift(String name, int distance) {
    code.getstatic(OPERATORS, name, BINARY);
    call(words, "lanewise", words, BINARY, word(distance));
  }

  /// The number of bits in the fraction.
  private int fraction() {
    return single ? 23 : 52;
  }

  /// Pushes a whole number of the words' type, which is returned.
  private ClassDesc word(long value) {
    if (single) {
      code.loadConstant((int) value);
      return CD_int;
    }
    code.loadConstant(value);
    return CD_long;
  }

  private int bias() {
    return single ? 127 : 1023;
  }

  private long bitsOf(double value) {
    return single ? Float.floatToRawIntBits((float) value) : Double.doubleToRawLongBits(value);
  }

  private void call(ClassDesc owner, String name, ClassDesc result, ClassDesc... parameters) {
    code.invokevirtual(owner, name, MethodTypeDesc.of(result, parameters));
    if (result.equals(vector) || result.equals(words)) {
      exact(result);
    }
  }

  private void make(String name, ClassDesc... parameters) {
    code.invokestatic(
        vector, name, MethodTypeDesc.of(vector, parameters).insertParameterTypes(0, SPECIES));
    exact(vector);
  }

  /// Vector → the same, of which C2 knows the class, as [VectorClasses] tells. Here also what is
  /// computed needs that: past some hundred operations in a method C2 inlines calls so late that it
  /// does not know what they return. (Softmax took five times as long in most processes that had
  /// computed something else before, layer norm twice as long in every second one.)
  ///
  /// What is compared tells the class as a cast does. C1, which has to compile the method first,
  /// has half as much to do, so that methods may be as long as without.
  private void exact(ClassDesc type) {
    ClassDesc classes = CLASSES.nested(type.displayName() + "s");
    Label same = code.newLabel();
    code.dup().invokevirtual(CD_Object, "getClass", MethodTypeDesc.of(CD_Class));
    code.getstatic(classes, "OF_" + (type.equals(SHORTS) ? bits / 2 : bits), CD_Class);
    code.if_acmpeq(same).aconst_null().athrow().labelBinding(same); // never thrown
  }
}
