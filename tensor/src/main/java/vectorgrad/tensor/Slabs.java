package vectorgrad.tensor;

/// 3-d convolution by 2-d convolution: what a filter sees at once, a slab of kD planes, is a
/// picture with kD times the channels.
///
/// | | shape | as pictures |
/// |---|---|---|
/// | x | (N, C, D, H, W) | (N·oD, C·kD, H, W), every plane copied into each slab it is part of |
/// | weight | (O, C / groups, kD, kH, kW) | (O, C / groups·kD, kH, kW), in place |
/// | y | (N, O, oD, oH, oW) | (N·oD, O, oH, oW) |
///
/// One product of the full depth C·kD·kH·kW does all the sums; the copying costs C·kD reads for
/// 2·O·C·kD·kH·kW flops.
final class Slabs {
  /// Elements of slabs that are made at a time, about.
  private static final int TOGETHER = 1 << 23;

  private Slabs() {}

  static Tensor convolve(Tensor x, Tensor weight, Shape output, Conv3dGeometry g) {
    Tensor result = Tensor.uninitialized(output, x.dtype(), x.device());
    Shape filters = weight.shape();
    Tensor flat = weight.flatten(1, 2);
    int some = together(x.shape(), filters, g);
    for (int n = 0; n < x.size(0); n += some) {
      int count = Math.min(some, x.size(0) - n);
      Tensor y = slabs(x.narrow(0, n, count), filters.get(2), g).conv2d(flat, g.inPlane());
      x.device().backend().copy(planes(y, count), result.narrow(0, n, count));
    }
    return result;
  }

  static Tensor inputGradient(Tensor dy, Tensor weight, Shape input, Conv3dGeometry g) {
    Tensor result = Tensor.uninitialized(input, dy.dtype(), dy.device());
    Shape filters = weight.shape();
    Tensor flat = weight.flatten(1, 2);
    int kernel = filters.get(2);
    int depth = dy.size(2);
    int some = together(input, filters, g);
    for (int n = 0; n < dy.size(0); n += some) {
      int count = Math.min(some, dy.size(0) - n);
      Shape shape = slabs(input.with(0, count), filters, g);
      Tensor dx =
          pictures(dy.narrow(0, n, count))
              .conv2dInputGradient(flat, shape, g.inPlane())
              .reshape(count, depth, input.get(1), kernel, input.get(3), input.get(4))
              .permute(0, 2, 1, 4, 5, 3); // N C oD H W kD
      Tensor folded = Windows.overlapAdd(dx, 2, input.get(2), g.along(0));
      dy.device().backend().copy(folded, result.narrow(0, n, count));
    }
    return result;
  }

  static Tensor weightGradient(Tensor dy, Tensor x, Shape weight, Conv3dGeometry g) {
    Shape flat =
        Shape.of(weight.get(0), weight.get(1) * weight.get(2), weight.get(3), weight.get(4));
    int some = together(x.shape(), weight, g);
    Tensor sum = null;
    for (int n = 0; n < x.size(0); n += some) {
      int count = Math.min(some, x.size(0) - n);
      Tensor slabs = slabs(x.narrow(0, n, count), weight.get(2), g);
      Tensor part = pictures(dy.narrow(0, n, count)).conv2dWeightGradient(slabs, flat, g.inPlane());
      sum = sum == null ? part : sum.add(part);
    }
    return sum.reshape(weight);
  }

  /// How many volumes are cut into slabs at a time; it depends on shapes alone.
  private static int together(Shape x, Shape weight, Conv3dGeometry g) {
    long each = 1;
    for (int axis = 1; axis < 5; axis++) {
      each *= axis == 2 ? g.along(0).outputSize(x.get(2), weight.get(2)) : x.get(axis);
    }
    return Math.clamp(TOGETHER / (each * weight.get(2)), 1, Math.max(1, x.get(0)));
  }

  /// (N, C, D, H, W) as (N·oD, C·kD, H, W).
  private static Tensor slabs(Tensor x, int kernel, Conv3dGeometry g) {
    Tensor windows = Windows.along(x, 2, kernel, g.along(0), 0); // N C oD H W kD
    return windows.permute(0, 2, 1, 5, 3, 4).flatten(2, 3).flatten(0, 1);
  }

  private static Shape slabs(Shape x, Shape weight, Conv3dGeometry g) {
    int kernel = weight.get(2);
    int depth = g.along(0).outputSize(x.get(2), kernel);
    return Shape.of(x.get(0) * depth, x.get(1) * kernel, x.get(3), x.get(4));
  }

  /// (N, O, oD, oH, oW) as (N·oD, O, oH, oW).
  private static Tensor pictures(Tensor y) {
    return y.permute(0, 2, 1, 3, 4).flatten(0, 1);
  }

  /// (N·oD, O, oH, oW) as (N, O, oD, oH, oW).
  private static Tensor planes(Tensor y, int pictures) {
    return y.reshape(pictures, y.size(0) / pictures, y.size(1), y.size(2), y.size(3))
        .permute(0, 2, 1, 3, 4);
  }
}
