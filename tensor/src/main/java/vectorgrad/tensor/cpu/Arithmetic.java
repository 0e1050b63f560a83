package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import vectorgrad.numerics.BinaryFunction;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Precision;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;

/// The numbers an emitted kernel computes with. Operands of other dtypes are converted as they are
/// loaded and stored.
@SuppressWarnings(
    "ImmutableEnumChecker") // a ClassDesc never changes, though it is not annotated so
enum Arithmetic {
  INT(TypeKind.INT, CD_int),
  FLOAT(TypeKind.FLOAT, CD_float),
  DOUBLE(TypeKind.DOUBLE, CD_double);

  private final TypeKind kind;
  private final ClassDesc type;

  Arithmetic(TypeKind kind, ClassDesc type) {
    this.kind = kind;
    this.type = type;
  }

  TypeKind kind() {
    return kind;
  }

  ClassDesc type() {
    return type;
  }

  /// The arithmetic of `program` on operands of the given dtypes: that of the widest input, of the
  /// widest output where there is no input. Whole numbers are computed with as such where the
  /// program stays among them (sums, products, comparisons, choices), and in float64, which holds
  /// them all, where it divides or takes roots.
  static Arithmetic of(Program program, Signature signature) {
    int outputs = program.outputs().size();
    int inputs = signature.operands() - outputs;
    DType widest = DType.BOOL;
    for (int k = 0; k < (inputs == 0 ? outputs : inputs); k++) {
      widest = widest.promote(signature.dtype(k));
    }
    Arithmetic arithmetic = of(widest);
    boolean whole = program.nodes().stream().allMatch(Arithmetic::staysWhole);
    return arithmetic == INT && !whole ? DOUBLE : arithmetic;
  }

  /// The arithmetic that numbers of this dtype need no conversion for.
  static Arithmetic of(DType dtype) {
    return switch (dtype) {
      case F32 -> FLOAT;
      case F64 -> DOUBLE;
      case I32, BOOL -> INT;
    };
  }

  /// The program in the operations kernels are made of.
  Program lowered(Program program) {
    return switch (this) {
      case INT -> program;
      case FLOAT -> program.lowered(Precision.SINGLE);
      case DOUBLE -> program.lowered(Precision.DOUBLE);
    };
  }

  private static boolean staysWhole(Formula node) {
    return switch (node) {
      case Formula.Input _ -> true;
      case Formula.Constant c -> c.value() == (int) c.value();
      case Formula.Unary u ->
          switch (u.function()) {
            case NEGATE, ABS, SIGN, NOT -> true;
            default -> false;
          };
      case Formula.Binary b -> b.function() != BinaryFunction.DIVIDE;
      case Formula.Fma _, Formula.Select _ -> true;
    };
  }
}
