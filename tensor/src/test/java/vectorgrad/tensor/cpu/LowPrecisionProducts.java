package vectorgrad.tensor.cpu;

import vectorgrad.numerics.BFloat16;
import vectorgrad.numerics.Half;

/// What a [LowPrecisionReading] is asked for.
interface LowPrecisionProducts {
  /// A matrix anywhere in an array.
  ///
  /// @param brain bf16, otherwise f16
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  record View(
      short[] data,
      boolean brain,
      int offset,
      int rows,
      int columns,
      int rowStride,
      int columnStride) {
    /// The number at (i, j).
    float at(int i, int j) {
      short bits = data[offset + i * rowStride + j * columnStride];
      return brain ? BFloat16.bitsToFloat(bits) : Half.bitsToFloat(bits);
    }
  }

  /// The product with a vector by the kernel, or by its definition.
  float[] product(boolean naive, View a, float[] x);

  /// The rows of the product of two matrices, each of which may be widened before.
  float[] product(View a, View b, boolean wideA, boolean wideB);

  /// The rows of a matrix as kernels read it.
  float[] near(View a);
}
