package vectorgrad.tensor;

/// Operations that networks are made of: convolutions, pooling, softmax, gather and scatter.
sealed interface Networks permits Tensor {

  private Tensor self() {
    return (Tensor) this;
  }

  /// The cross-correlation of pictures (N, C, H, W) with filters (O, C / groups, kH, kW): (N, O,
  /// oH, oW).
  ///
  /// `y[n, o, h, w] = Σ_c,i,j x[n, c, h·stride + i·dilation − padding, …]·weight[o, c, i, j]`
  ///
  /// Costs 2·N·O·oH·oW·C/groups·kH·kW flops.
  ///
  /// @throws ShapeException if the channels do not fit the filters, or the filters do not fit the
  ///   picture
  default Tensor conv2d(Tensor weight, Conv2dGeometry geometry) {
    Tensor x = self();
    checkConvolution("conv2d", x, weight);
    Device device = Tensor.commonDevice("conv2d", x, weight);
    int groups = geometry.groups();
    if (x.size(1) != weight.size(1) * groups || weight.size(0) % groups != 0) {
      throw new ShapeException(
          pictures(
              "conv2d",
              "the input has %d channels, the filters expect %d"
                  .formatted(x.size(1), weight.size(1) * groups),
              x.shape(),
              weight.shape()),
          x.shape(),
          weight.shape());
    }
    int height = geometry.outputHeight(x.size(2), weight.size(2));
    int width = geometry.outputWidth(x.size(3), weight.size(3));
    if (height < 1 || width < 1) {
      throw new ShapeException(
          pictures(
                  "conv2d",
                  "the filters are larger than the padded picture",
                  x.shape(),
                  weight.shape())
              .row("help", "add padding, or pool less before"),
          x.shape(),
          weight.shape());
    }
    Shape shape = Shape.of(x.size(0), weight.size(0), height, width);
    if (x.size() == 0 || weight.size() == 0) {
      return Tensor.zeros(shape, x.dtype(), device);
    }
    Tensor result = Tensor.uninitialized(shape, x.dtype(), device);
    device.backend().conv2d(x, weight, geometry, result);
    return result;
  }

  /// The gradient of [#conv2d] with respect to its input of the given shape; this is the gradient
  /// of its output, (N, O, oH, oW).
  default Tensor conv2dInputGradient(Tensor weight, Shape input, Conv2dGeometry geometry) {
    Tensor dy = self();
    checkConvolution("conv2dInputGradient", dy, weight);
    checkGradient("conv2dInputGradient", dy, input, weight.shape(), geometry);
    Device device = Tensor.commonDevice("conv2dInputGradient", dy, weight);
    if (dy.size() == 0 || weight.size() == 0) {
      return Tensor.zeros(input, dy.dtype(), device);
    }
    Tensor result = Tensor.uninitialized(input, dy.dtype(), device);
    device.backend().conv2dInputGradient(dy, weight, geometry, result);
    return result;
  }

  /// The gradient of [#conv2d] with respect to its filters of the given shape; this is the gradient
  /// of its output, (N, O, oH, oW), and `x` was its input.
  default Tensor conv2dWeightGradient(Tensor x, Shape weight, Conv2dGeometry geometry) {
    Tensor dy = self();
    checkConvolution("conv2dWeightGradient", dy, x);
    checkGradient("conv2dWeightGradient", dy, x.shape(), weight, geometry);
    Device device = Tensor.commonDevice("conv2dWeightGradient", dy, x);
    if (dy.size() == 0 || x.size() == 0) {
      return Tensor.zeros(weight, dy.dtype(), device);
    }
    Tensor result = Tensor.uninitialized(weight, dy.dtype(), device);
    device.backend().conv2dWeightGradient(dy, x, geometry, result);
    return result;
  }

  /// The largest element of every window of pictures (N, C, H, W), and where it was.
  default MaxPool maxPool2d(PoolGeometry geometry) {
    Tensor x = self();
    if (x.rank() != 4 || !x.dtype().isFloating()) {
      throw new ShapeException(
          Message.of("maxPool2d", "needs floating pictures (N, C, H, W)")
              .row("input", x.shape() + " " + x.dtype()),
          x.shape());
    }
    int height = geometry.outputHeight(x.size(2));
    int width = geometry.outputWidth(x.size(3));
    if (height < 1 || width < 1) {
      throw new ShapeException(
          Message.of("maxPool2d", "the window is larger than the padded picture")
              .row("input", x.shape() + "   N C H W")
              .row("window", Shape.of(geometry.kernelH(), geometry.kernelW())),
          x.shape());
    }
    Shape shape = Shape.of(x.size(0), x.size(1), height, width);
    Tensor values = Tensor.uninitialized(shape, x.dtype(), x.device());
    Tensor indices = Tensor.uninitialized(shape, DType.I32, x.device());
    if (shape.size() > 0) {
      x.device().backend().maxPool2d(x, geometry, values, indices);
    }
    return new MaxPool(values, indices);
  }

  /// `exp(xᵢ) / Σ exp(xⱼ)` along `axis`, computed from `x − max x` so that nothing overflows.
  default Tensor softmax(int axis) {
    return rowwise("softmax", self(), axis, false);
  }

  /// The logarithm of [#softmax], `xᵢ − log Σ exp(xⱼ)`, without a detour through numbers near zero.
  default Tensor logSoftmax(int axis) {
    return rowwise("logSoftmax", self(), axis, true);
  }

  private static Tensor rowwise(String operation, Tensor x, int axis, boolean logarithm) {
    if (!x.dtype().isFloating()) {
      throw new DTypeException(operation, "needs f32 or f64, found " + x.dtype(), x.shape());
    }
    int a = x.shape().axis(axis);
    if (a != x.rank() - 1) {
      int[] order = swapWithLast(x.rank(), a);
      return rowwise(operation, x.permute(order), -1, logarithm).permute(order);
    }
    Tensor result = Tensor.uninitialized(x.shape(), x.dtype(), x.device());
    if (x.size() > 0) {
      x.device().backend().softmax(x, logarithm, result);
    }
    return result;
  }

  /// `result[…, i, …] = this[…, index[…, i, …], …]` along `axis`. `index` is I32 and has this
  /// tensor's shape but for `axis`.
  ///
  /// @throws IndexOutOfBoundsException if an index lies outside the axis
  default Tensor gather(int axis, Tensor index) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    checkIndex("gather", x, a, index);
    Tensor result = Tensor.uninitialized(index.shape(), x.dtype(), x.device());
    if (index.size() > 0) {
      x.device().backend().gather(x, a, index, result);
    }
    return result;
  }

  /// Zeros with this tensor's elements added at the places `index` (I32, of this shape) names along
  /// `axis`, whose size becomes `size`: the adjoint of [#gather]. Elements that meet are added in
  /// row-major order.
  ///
  /// @throws IndexOutOfBoundsException if an index lies outside the axis
  default Tensor scatterAdd(int axis, Tensor index, int size) {
    Tensor x = self();
    int a = x.shape().axis(axis);
    checkIndex("scatterAdd", x, a, index);
    if (!index.shape().equals(x.shape())) {
      throw new ShapeException(
          Message.of("scatterAdd", "the index has another shape than the values")
              .row("values", x.shape())
              .row("index", index.shape()),
          x.shape(),
          index.shape());
    }
    Tensor result = Tensor.zeros(x.shape().with(a, size), x.dtype(), x.device());
    if (x.size() > 0) {
      x.device().backend().scatterAdd(x, a, index, result);
    }
    return result;
  }

  /// The parts of this tensor that the vector `indices` (I32) names along `axis`, in that order, in
  /// a copy.
  default Tensor indexSelect(int axis, Tensor indices) {
    Tensor x = self();
    return x.gather(axis, alongAxis("indexSelect", x.shape(), axis, indices));
  }

  /// Zeros with the parts of this tensor added at the places the vector `indices` names along
  /// `axis`, whose size becomes `size`: the adjoint of [#indexSelect].
  default Tensor indexAdd(int axis, Tensor indices, int size) {
    Tensor x = self();
    return x.scatterAdd(axis, alongAxis("indexAdd", x.shape(), axis, indices), size);
  }

  private static Tensor alongAxis(String operation, Shape shape, int axis, Tensor indices) {
    if (indices.rank() != 1) {
      throw new ShapeException(
          operation, "needs a vector of indices, found " + indices.shape(), shape, indices.shape());
    }
    int a = shape.axis(axis);
    Tensor wide = indices;
    for (int i = a + 1; i < shape.rank(); i++) {
      wide = wide.unsqueeze(wide.rank());
    }
    return wide.expand(shape.with(a, indices.size()));
  }

  private static void checkIndex(String operation, Tensor x, int axis, Tensor index) {
    Tensor.expectDType(operation, DType.I32, index);
    Tensor.commonDevice(operation, x, index);
    if (index.rank() != x.rank() || !index.shape().with(axis, 0).equals(x.shape().with(axis, 0))) {
      throw new ShapeException(
          Message.of(operation, "the index differs from the values outside axis " + axis)
              .row("values", x.shape())
              .row("index", index.shape()),
          x.shape(),
          index.shape());
    }
  }

  private static void checkConvolution(String operation, Tensor x, Tensor weight) {
    Tensor.commonDType(operation, x, weight);
    if (!x.dtype().isFloating()) {
      throw new DTypeException(operation, "needs f32 or f64, found " + x.dtype(), x.shape());
    }
    if (x.rank() != 4 || weight.rank() != 4) {
      throw new ShapeException(
          pictures(operation, "needs four axes on both operands", x.shape(), weight.shape()),
          x.shape(),
          weight.shape());
    }
  }

  private static void checkGradient(
      String operation, Tensor dy, Shape input, Shape weight, Conv2dGeometry g) {
    boolean fits =
        input.rank() == 4
            && weight.rank() == 4
            && input.get(1) == weight.get(1) * g.groups()
            && dy.shape()
                .equals(
                    Shape.of(
                        input.get(0),
                        weight.get(0),
                        g.outputHeight(input.get(2), weight.get(2)),
                        g.outputWidth(input.get(3), weight.get(3))));
    if (!fits) {
      throw new ShapeException(
          pictures(operation, "the gradient does not belong to this convolution", input, weight)
              .row("dy", dy.shape()),
          input,
          weight,
          dy.shape());
    }
  }

  private static Message pictures(String operation, String problem, Shape input, Shape weight) {
    int width = Math.max(input.toString().length(), weight.toString().length());
    return Message.of(operation, problem)
        .row("input", ("%-" + width + "s   N C H W").formatted(input))
        .row("weight", ("%-" + width + "s   out in kH kW").formatted(weight));
  }

  private static int[] swapWithLast(int rank, int axis) {
    int[] order = new int[rank];
    for (int i = 0; i < rank; i++) {
      order[i] = i;
    }
    order[axis] = rank - 1;
    order[rank - 1] = axis;
    return order;
  }
}
