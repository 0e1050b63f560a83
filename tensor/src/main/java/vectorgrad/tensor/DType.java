package vectorgrad.tensor;

import java.util.Locale;

/// The type of a tensor's elements.
///
/// | dtype | holds | computes in | stored as | bytes |
/// |-------|-------|-------------|-----------|-------|
/// | `F32` | IEEE 754 binary32 | `float` | `float[]` | 4 |
/// | `F64` | IEEE 754 binary64 | `double` | `double[]` | 8 |
/// | `I32` | whole numbers from −2³¹ | `int` | `int[]` | 4 |
/// | `I64` | whole numbers from −2⁶³ | `long` | `long[]` | 8 |
/// | `U8` | whole numbers 0 … 255 | `int`, stored modulo 256 | `byte[]` | 1 |
/// | `BOOL` | truth values | `int` | `byte[]` of 0 and 1 | 1 |
/// | `F16` | IEEE 754 binary16 | `float`, rounded once | `short[]` of its bits | 2 |
/// | `BF16` | the upper half of a binary32 | `float`, rounded once | `short[]` of its bits | 2 |
///
/// Where dtypes meet in an operation, it computes in the smallest dtype that holds all the numbers
/// of both ([#promote]):
///
/// | | `BOOL` | `U8` | `I32` | `I64` | `F16` | `BF16` | `F32` | `F64` |
/// |---|---|---|---|---|---|---|---|---|
/// | **`BOOL`** | `BOOL` | `U8` | `I32` | `I64` | `F16` | `BF16` | `F32` | `F64` |
/// | **`U8`** | `U8` | `U8` | `I32` | `I64` | `F16` | `BF16` | `F32` | `F64` |
/// | **`I32`** | `I32` | `I32` | `I32` | `I64` | `F64` | `F64` | `F64` | `F64` |
/// | **`I64`** | `I64` | `I64` | `I64` | `I64` | – | – | – | – |
/// | **`F16`** | `F16` | `F16` | `F64` | – | `F16` | `F32` | `F32` | `F64` |
/// | **`BF16`** | `BF16` | `BF16` | `F64` | – | `F32` | `BF16` | `F32` | `F64` |
/// | **`F32`** | `F32` | `F32` | `F64` | – | `F32` | `F32` | `F32` | `F64` |
/// | **`F64`** | `F64` | `F64` | `F64` | – | `F64` | `F64` | `F64` | `F64` |
///
/// This is NumPy's table but for `I64` with a float, which no dtype holds: NumPy takes `F64`, which
/// loses what is above 2⁵³, and here it is refused. What loses something is written out, by
/// [Tensor#to(DType)]. `BF16`, which NumPy has not, is that of ml_dtypes.
public enum DType {
  F32(4),
  F64(8),
  I32(4),
  I64(8),
  U8(1),
  BOOL(1),
  F16(2),
  BF16(2);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /// The bytes one element takes in memory.
  public int bytes() {
    return bytes;
  }

  /// Whether the elements are floating-point numbers: `F32`, `F64`, `F16`, `BF16`.
  public boolean isFloating() {
    return this == F32 || this == F64 || isHalf();
  }

  /// Whether the elements are floating-point numbers of 16 bits, which are computed with in `F32`.
  public boolean isHalf() {
    return this == F16 || this == BF16;
  }

  /// Whether the elements are whole numbers: `I32`, `I64`, `U8`. Truth values are none.
  public boolean isInteger() {
    return this == I32 || this == I64 || this == U8;
  }

  /// The dtype that products and windows of such elements are computed in, to be rounded once:
  /// `F32` for halves, itself for the others.
  public DType widened() {
    return isHalf() ? F32 : this;
  }

  /// Whether there is a dtype that holds all numbers of this and the `other` one.
  public boolean promotesWith(DType other) {
    return this == I64 ? !other.isFloating() : other != I64 || !isFloating();
  }

  /// The smallest dtype that holds all numbers of this and the `other` one, in which an operation
  /// on both computes: see the table above.
  ///
  /// @throws DTypeException for `I64` and a floating dtype, since there is none
  public DType promote(DType other) {
    if (this == other || other == BOOL) {
      return this;
    } else if (this == BOOL) {
      return other;
    } else if (isFloating() == other.isFloating()) {
      return bytes == other.bytes ? F32 /* F16 and BF16 */ : bytes > other.bytes ? this : other;
    } else if (!promotesWith(other)) {
      throw new DTypeException(
          Message.of("promote", "no dtype holds both " + this + " and " + other)
              .row("help", "convert one of them, perhaps with to(DType.F64)"));
    }
    DType whole = isFloating() ? other : this;
    return whole == I32 ? F64 : whole == this ? other : this;
  }

  /// The name as it is printed: `f32`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
