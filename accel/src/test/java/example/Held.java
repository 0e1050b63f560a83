package example;

import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A user of a device, whose lines of code hold its memory.
public final class Held {
  private Held() {}

  /// 256 bytes.
  public static Tensor few(Device device) {
    return Tensor.zeros(Shape.of(64), DType.F32, device);
  }

  /// 4096 bytes.
  public static Tensor many(Device device) {
    return Tensor.zeros(Shape.of(1024), DType.F32, device);
  }
}
