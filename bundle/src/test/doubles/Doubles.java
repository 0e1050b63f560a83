package doubles;

import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// What is computed in f64 by kernels that are made while a program runs.
public final class Doubles {
  private Doubles() {}

  /// How far a product, a convolution and a softmax are from the same in f32.
  public static double difference() {
    Tensor a = Tensor.normal(Seed.of(1), 0, Shape.of(70, 90), DType.F64);
    Tensor b = Tensor.normal(Seed.of(2), 0, Shape.of(90, 50), DType.F64);
    Tensor x = Tensor.normal(Seed.of(3), 0, Shape.of(2, 4, 9, 9), DType.F64);
    Tensor w = Tensor.normal(Seed.of(4), 0, Shape.of(8, 4, 3, 3), DType.F64);
    Tensor y = Tensor.concat(0, product(a, b), product(x, w));
    Tensor single = y.to(DType.F32);
    Tensor same =
        Tensor.concat(
            0,
            product(a.to(DType.F32), b.to(DType.F32)),
            product(x.to(DType.F32), w.to(DType.F32)));
    return single.sub(same).abs().max().item();
  }

  private static Tensor product(Tensor x, Tensor y) {
    Tensor result = x.rank() == 2 ? x.matmul(y) : x.conv2d(y, Conv2dGeometry.DEFAULT);
    return result.softmax(-1).flatten(0);
  }
}
