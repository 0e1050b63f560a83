package vectorgrad.tensor;

import java.util.Locale;

/// The type of a tensor's elements.
///
/// | dtype | computes in | stored as | bytes |
/// |-------|-------------|-----------|-------|
/// | `F32` | `float` | `float[]` | 4 |
/// | `F64` | `double` | `double[]` | 8 |
/// | `I32` | `int` | `int[]` | 4 |
/// | `BOOL` | truth values | `byte[]` of 0 and 1 | 1 |
///
/// Operations never convert silently: tensors of different dtypes meet only after
/// [Tensor#to(DType)].
public enum DType {
  F32(4),
  F64(8),
  I32(4),
  BOOL(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /// The bytes one element takes in memory.
  public int bytes() {
    return bytes;
  }

  /// Whether the elements are floating-point numbers, and so can have gradients.
  public boolean isFloating() {
    return this == F32 || this == F64;
  }

  /// The dtype in which a formula over operands of this and the `other` dtype computes: the wider
  /// one, in the order `BOOL`, `I32`, `F32`, `F64`.
  public DType promote(DType other) {
    return rank() >= other.rank() ? this : other;
  }

  private int rank() {
    return switch (this) {
      case BOOL -> 0;
      case I32 -> 1;
      case F32 -> 2;
      case F64 -> 3;
    };
  }

  /// The name as it is printed: `f32`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
