package vectorgrad.tensor;

import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// Operations that treat every element alike. Each is a formula; the backends compile it to a
/// kernel. Operands broadcast by NumPy's rule, and are converted to the dtype they promote to
/// ([DType#promote]) as they are loaded. A Java number takes the tensor's dtype.
///
/// Whole numbers wrap around: modulo 2³², 2⁶⁴, 256. Divided, they give F64. Of truth values, a sum
/// is "or" and a product is "and", as in NumPy.
sealed interface Elementwise permits Tensor {

  /// The formulas behind the operations, each compiled once for each dtype and stride pattern.
  final class Programs {
    private static final Formula X = input(0);
    private static final Formula Y = input(1);
    static final Program ADD = Program.of(X.plus(Y));
    static final Program SUB = Program.of(X.minus(Y));
    static final Program MUL = Program.of(X.times(Y));
    static final Program DIV = Program.of(X.over(Y));
    static final Program MAXIMUM = Program.of(X.max(Y));
    static final Program MINIMUM = Program.of(X.min(Y));
    static final Program NEG = Program.of(X.negate());
    static final Program ABS = Program.of(X.abs());
    static final Program SIGN = Program.of(X.sign());
    static final Program SQUARE = Program.of(X.square());
    static final Program SQRT = Program.of(X.sqrt());
    static final Program EXP = Program.of(X.exp());
    static final Program LOG = Program.of(X.log());
    static final Program SIN = Program.of(X.sin());
    static final Program COS = Program.of(X.cos());
    static final Program TANH = Program.of(X.tanh());
    static final Program SIGMOID = Program.of(X.sigmoid());
    static final Program RELU = Program.of(X.relu());
    static final Program LT = Program.of(X.lessThan(Y));
    static final Program LE = Program.of(X.lessOrEqual(Y));
    static final Program EQ = Program.of(X.equalTo(Y));
    static final Program NE = Program.of(X.equalTo(Y).not());
    static final Program WHERE = Program.of(X.equalTo(constant(0)).then(input(2), Y));

    private Programs() {}
  }

  private Tensor self() {
    return (Tensor) this;
  }

  /// `x + y`
  default Tensor add(Tensor y) {
    return binary("add", Programs.ADD, self(), y);
  }

  /// `x + y`
  default Tensor add(double y) {
    return add(self().number("add", y));
  }

  /// `x − y`
  default Tensor sub(Tensor y) {
    Tensor x = self();
    if (x.dtype() == DType.BOOL && y.dtype() == DType.BOOL) {
      throw new DTypeException(
          Message.of("sub", "needs numbers, found bool")
              .row("left", x.shape() + " " + x.dtype())
              .row("right", y.shape() + " " + y.dtype())
              .row("help", "ne is the exclusive or; or convert with to(DType)"),
          x.shape(),
          y.shape());
    }
    return binary("sub", Programs.SUB, x, y);
  }

  /// `x − y`
  default Tensor sub(double y) {
    return sub(self().number("sub", y));
  }

  /// `x · y`, element by element
  default Tensor mul(Tensor y) {
    return binary("mul", Programs.MUL, self(), y);
  }

  /// `x · y`
  default Tensor mul(double y) {
    return mul(self().number("mul", y));
  }

  /// `x / y`, element by element
  default Tensor div(Tensor y) {
    return binary("div", Programs.DIV, self(), y);
  }

  /// `x / y`
  default Tensor div(double y) {
    return div(self().number("div", y));
  }

  /// The larger of both; NaN if either is.
  default Tensor maximum(Tensor y) {
    return binary("maximum", Programs.MAXIMUM, self(), y);
  }

  /// The smaller of both; NaN if either is.
  default Tensor minimum(Tensor y) {
    return binary("minimum", Programs.MINIMUM, self(), y);
  }

  /// `−x`
  default Tensor neg() {
    return unary("neg", Programs.NEG);
  }

  /// `|x|`
  default Tensor abs() {
    return unary("abs", Programs.ABS);
  }

  /// −1, 0 or 1
  default Tensor sign() {
    return unary("sign", Programs.SIGN);
  }

  /// `x²`
  default Tensor square() {
    return unary("square", Programs.SQUARE);
  }

  /// `√x`
  default Tensor sqrt() {
    return floating("sqrt", Programs.SQRT);
  }

  /// `eˣ`
  default Tensor exp() {
    return floating("exp", Programs.EXP);
  }

  /// `ln x`
  default Tensor log() {
    return floating("log", Programs.LOG);
  }

  /// `sin x`
  default Tensor sin() {
    return floating("sin", Programs.SIN);
  }

  /// `cos x`
  default Tensor cos() {
    return floating("cos", Programs.COS);
  }

  /// `tanh x`
  default Tensor tanh() {
    return floating("tanh", Programs.TANH);
  }

  /// `1 / (1 + e⁻ˣ)`
  default Tensor sigmoid() {
    return floating("sigmoid", Programs.SIGMOID);
  }

  /// `x` where it is positive, 0 elsewhere; NaN stays NaN.
  default Tensor relu() {
    return unary("relu", Programs.RELU);
  }

  /// `xⁿ` for a whole number `n`, by repeated multiplication.
  default Tensor pow(int n) {
    return evaluate("pow", Program.of(input(0).pow(n)), self())[0];
  }

  /// BOOL: `x < y`
  default Tensor lt(Tensor y) {
    return binary("lt", Programs.LT, self(), y);
  }

  /// BOOL: `x ≤ y`
  default Tensor le(Tensor y) {
    return binary("le", Programs.LE, self(), y);
  }

  /// BOOL: `x > y`
  default Tensor gt(Tensor y) {
    return y.lt(self());
  }

  /// BOOL: `x ≥ y`
  default Tensor ge(Tensor y) {
    return y.le(self());
  }

  /// BOOL: `x = y`, element by element; NaN equals nothing.
  default Tensor eq(Tensor y) {
    return binary("eq", Programs.EQ, self(), y);
  }

  /// BOOL: `x ≠ y`
  default Tensor ne(Tensor y) {
    return binary("ne", Programs.NE, self(), y);
  }

  /// BOOL: `x < y`
  default Tensor lt(double y) {
    return lt(self().number("lt", y));
  }

  /// BOOL: `x ≤ y`
  default Tensor le(double y) {
    return le(self().number("le", y));
  }

  /// BOOL: `x > y`
  default Tensor gt(double y) {
    return gt(self().number("gt", y));
  }

  /// BOOL: `x ≥ y`
  default Tensor ge(double y) {
    return ge(self().number("ge", y));
  }

  /// BOOL: `x = y`; NaN equals nothing.
  default Tensor eq(double y) {
    return eq(self().number("eq", y));
  }

  /// BOOL: `x ≠ y`
  default Tensor ne(double y) {
    return ne(self().number("ne", y));
  }

  private Tensor unary(String operation, Program program) {
    Tensor x = self();
    if (x.dtype() == DType.BOOL) {
      throw new DTypeException(
          Message.of(operation, "needs numbers, found bool")
              .row("shape", x.shape())
              .row("help", "convert with to(DType)"),
          x.shape());
    }
    return evaluate(operation, program, x)[0];
  }

  private Tensor floating(String operation, Program program) {
    return floating(operation, program, self());
  }

  /// Refuses operands none of which is floating-point.
  static Tensor floating(String operation, Program program, Tensor... operands) {
    for (Tensor x : operands) {
      if (x.dtype().isFloating()) {
        return evaluate(operation, program, operands)[0];
      }
    }
    Tensor x = operands[0];
    throw new DTypeException(
        Message.of(operation, "needs floating-point numbers, found " + x.dtype())
            .row("shape", x.shape())
            .row("help", "convert with to(DType.F32)"),
        x.shape());
  }

  private static Tensor binary(String operation, Program program, Tensor x, Tensor y) {
    return evaluate(operation, program, x, y)[0];
  }

  /// Broadcasts the inputs, allocates the outputs and runs the program. What a small tensor costs
  /// is spent here, so equal shapes and dtypes are found first, and the outputs lie in memory as an
  /// input does, if that is row after row.
  static Tensor[] evaluate(String operation, Program program, Tensor... inputs) {
    Device device = Tensor.commonDevice(operation, inputs);
    boolean sameShape = true;
    boolean sameDType = true;
    for (int i = 1; i < inputs.length; i++) {
      sameShape &= inputs[i].shape().equals(inputs[0].shape());
      sameDType &= inputs[i].dtype() == inputs[0].dtype();
    }
    boolean given = sameShape && inputs.length > 0;
    Tensor[] expanded = given ? inputs : expanded(operation, inputs);
    DType promoted =
        sameDType && inputs.length > 0 ? inputs[0].dtype() : Tensor.promote(operation, inputs);
    DType result = resultOf(program, promoted);
    Layout layout = rowMajor(expanded);
    var formulas = program.outputs();
    Tensor[] outputs = new Tensor[formulas.size()];
    for (int i = 0; i < outputs.length; i++) {
      DType dtype = formulas.get(i).isTruth() ? DType.BOOL : result;
      outputs[i] = Tensor.uninitialized(layout, dtype, device);
    }
    device.backend().pointwise(program, expanded, outputs);
    return outputs;
  }

  /// The layout of fresh memory for elements in the shape of `inputs`: that of one of them, if it
  /// will do.
  private static Layout rowMajor(Tensor[] inputs) {
    for (Tensor input : inputs) {
      if (input.layout().isRowMajor()) {
        return input.layout();
      }
    }
    return Layout.contiguous(inputs.length == 0 ? Shape.SCALAR : inputs[0].shape());
  }

  private static Tensor[] expanded(String operation, Tensor[] inputs) {
    Shape shape = Shape.SCALAR;
    for (Tensor input : inputs) {
      shape = Shape.broadcast(operation, shape, input.shape());
    }
    Tensor[] expanded = new Tensor[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      expanded[i] = inputs[i].expand(shape);
    }
    return expanded;
  }

  /// The dtype of what `program` computes of inputs that promote to `dtype`.
  static DType resultOf(Program program, DType dtype) {
    boolean leaves = !dtype.isFloating() && !program.isWhole(dtype == DType.I64 ? 64 : 32);
    return leaves ? DType.F64 : dtype;
  }
}
