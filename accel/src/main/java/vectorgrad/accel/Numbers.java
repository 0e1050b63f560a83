package vectorgrad.accel;

import java.util.Locale;
import vectorgrad.numerics.Precision;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;

/// The numbers that a kernel computes with, under their name in OpenCL C. Elements of other dtypes
/// are converted as they are loaded and stored.
enum Numbers {
  INT(DType.I32),
  LONG(DType.I64),
  FLOAT(DType.F32),
  DOUBLE(DType.F64);

  private final DType dtype;

  Numbers(DType dtype) {
    this.dtype = dtype;
  }

  static Numbers of(DType dtype) {
    return switch (dtype) {
      case I32, U8, BOOL -> INT;
      case I64 -> LONG;
      case F32, F16, BF16 -> FLOAT;
      case F64 -> DOUBLE;
    };
  }

  /// The dtype whose memory holds these numbers as they are.
  DType dtype() {
    return dtype;
  }

  /// The type in OpenCL C.
  String type() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean isWhole() {
    return this == INT || this == LONG;
  }

  /// The program in the operations kernels are made of.
  Program lowered(Program program) {
    return switch (this) {
      case INT, LONG -> program;
      case FLOAT -> program.lowered(Precision.SINGLE);
      case DOUBLE -> program.lowered(Precision.DOUBLE);
    };
  }

  /// How a number is written in OpenCL C, exactly.
  String literal(double value) {
    return switch (this) {
      case INT -> (int) value == Integer.MIN_VALUE ? "(-2147483647-1)" : "(" + (int) value + ")";
      case LONG ->
          (long) value == Long.MIN_VALUE ? "(-9223372036854775807L-1)" : "(" + (long) value + "L)";
      case FLOAT -> floating((float) value, Float.toHexString((float) value) + "f");
      case DOUBLE -> floating(value, Double.toHexString(value));
    };
  }

  private String floating(double value, String hex) {
    if (Double.isNaN(value)) {
      return "((" + type() + ") NAN)";
    } else if (Double.isInfinite(value)) {
      return "((" + type() + ") " + (value < 0 ? "-" : "") + "INFINITY)";
    }
    return "(" + hex + ")";
  }
}
