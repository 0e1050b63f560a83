package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Precision;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.spi.Elements;

/// The numbers an emitted kernel computes with. Operands of other dtypes are converted as they are
/// loaded and stored.
@SuppressWarnings(
    "ImmutableEnumChecker") // a ClassDesc never changes, though it is not annotated so
enum Arithmetic {
  INT(TypeKind.INT, CD_int),
  LONG(TypeKind.LONG, CD_long),
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

  boolean isWhole() {
    return this == INT || this == LONG;
  }

  /// The arithmetic of `program` on operands of the given dtypes, see [Elements#computedIn]. What
  /// is only moved is moved as it is: the bits of halves are whole numbers then.
  static Arithmetic of(Program program, Signature signature) {
    if (movesHalves(program, signature)) {
      return INT;
    }
    List<DType> dtypes = new ArrayList<>();
    for (int k = 0; k < signature.operands(); k++) {
      dtypes.add(signature.dtype(k));
    }
    int inputs = dtypes.size() - program.outputs().size();
    return of(
        Elements.computedIn(
            program, dtypes.subList(0, inputs), dtypes.subList(inputs, dtypes.size())));
  }

  private static boolean movesHalves(Program program, Signature signature) {
    DType dtype = signature.dtype(0);
    boolean moves = dtype.isHalf();
    for (Formula output : program.outputs()) {
      moves &= output instanceof Formula.Input;
    }
    for (int k = 1; k < signature.operands(); k++) {
      moves &= signature.dtype(k) == dtype;
    }
    return moves;
  }

  /// The arithmetic that numbers of this dtype are computed in.
  static Arithmetic of(DType dtype) {
    return switch (dtype) {
      case F32, F16, BF16 -> FLOAT;
      case F64 -> DOUBLE;
      case I32, U8, BOOL -> INT;
      case I64 -> LONG;
    };
  }

  /// The dtype whose memory holds these numbers as they are.
  DType dtype() {
    return switch (this) {
      case INT -> DType.I32;
      case LONG -> DType.I64;
      case FLOAT -> DType.F32;
      case DOUBLE -> DType.F64;
    };
  }

  /// The program in the operations kernels are made of.
  Program lowered(Program program) {
    return switch (this) {
      case INT, LONG -> program;
      case FLOAT -> program.lowered(Precision.SINGLE);
      case DOUBLE -> program.lowered(Precision.DOUBLE);
    };
  }
}
