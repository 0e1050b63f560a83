package vectorgrad.data;

import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;

/// Many arrays of one shape that can be read one by one: the inputs of a [Dataset], or its numeric
/// targets.
///
/// Loaders read from a thread of their own, so an implementation that reads files or draws random
/// numbers must not depend on the calling thread or on the order of the calls.
public interface Samples {
  /// The number of samples.
  int count();

  /// The shape of each of them: (C, H, W) for pictures, (F) for rows of features.
  Shape shape();

  /// Writes sample `index`, row-major, to `target` from `offset` on.
  void read(int index, float[] target, int offset);

  /// Samples stored as unsigned bytes and read as `byte / full`: 47 MB instead of 188 MB for the
  /// train pictures of MNIST.
  ///
  /// @param values all samples one behind the other; not copied
  /// @param full the byte that is read as 1: 255 for pictures
  /// @throws ShapeException if the values are not a whole number of samples
  static Samples of(byte[] values, Shape shape, int full) {
    int size = shape.size();
    int count = count(values.length, shape);
    float[] readings = new float[256];
    for (int b = 0; b < readings.length; b++) {
      readings[b] = (float) b / full;
    }
    return new Samples() {
      @Override
      public int count() {
        return count;
      }

      @Override
      public Shape shape() {
        return shape;
      }

      @Override
      public void read(int index, float[] target, int offset) {
        int from = index * size;
        for (int i = 0; i < size; i++) {
          target[offset + i] = readings[values[from + i] & 0xff];
        }
      }
    };
  }

  /// Samples stored as they are read.
  ///
  /// @param values all samples one behind the other; not copied
  /// @throws ShapeException if the values are not a whole number of samples
  static Samples of(float[] values, Shape shape) {
    int size = shape.size();
    int count = count(values.length, shape);
    return new Samples() {
      @Override
      public int count() {
        return count;
      }

      @Override
      public Shape shape() {
        return shape;
      }

      @Override
      public void read(int index, float[] target, int offset) {
        System.arraycopy(values, index * size, target, offset, size);
      }
    };
  }

  private static int count(int length, Shape shape) {
    int size = shape.size();
    if (size == 0 || length % size != 0) {
      throw new ShapeException(
          "Samples", length + " values are not a whole number of samples of shape " + shape, shape);
    }
    return length / size;
  }
}
