package vectorgrad.tensor.cpu;

import jdk.incubator.vector.VectorShape;

/// The machine's own opinion, in a class of its own because loading it loads the Vector API.
final class WidestVector {
  private WidestVector() {}

  static int bits() {
    return VectorShape.preferredShape().vectorBitSize();
  }
}
