package vectorgrad.tensor.cpu;

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
      int columnStride) {}

  /// The product by the kernel, or by its definition.
  float[] product(boolean naive, View a, float[] x);
}
