package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static vectorgrad.tensor.ConvolutionsContract.dot;
import static vectorgrad.tensor.ConvolutionsContract.forEachProduct;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// What transposed convolutions and folding must compute: they are adjoints, and every product of
/// the definition is added to the place it belongs to.
abstract class TransposedContract {
  abstract Device device();

  private static Tensor transposed(Tensor x, Tensor w, ConvGeometry geometry, int[] p) {
    boolean none = p[0] == 0 && p[1] == 0 && p[2] == 0;
    return switch (geometry) {
      case Conv1dGeometry g -> none ? x.convTranspose1d(w, g) : x.convTranspose1d(w, g, p[0]);
      case Conv2dGeometry g -> none ? x.convTranspose2d(w, g) : x.convTranspose2d(w, g, p[0], p[1]);
      case Conv3dGeometry g ->
          none ? x.convTranspose3d(w, g) : x.convTranspose3d(w, g, p[0], p[1], p[2]);
    };
  }

  private static Tensor inputGradient(Tensor dy, Tensor w, Shape input, ConvGeometry geometry) {
    return switch (geometry) {
      case Conv1dGeometry g -> dy.convTranspose1dInputGradient(w, input, g);
      case Conv2dGeometry g -> dy.convTranspose2dInputGradient(w, input, g);
      case Conv3dGeometry g -> dy.convTranspose3dInputGradient(w, input, g);
    };
  }

  private static Tensor weightGradient(Tensor dy, Tensor x, Shape weight, ConvGeometry geometry) {
    return switch (geometry) {
      case Conv1dGeometry g -> dy.convTranspose1dWeightGradient(x, weight, g);
      case Conv2dGeometry g -> dy.convTranspose2dWeightGradient(x, weight, g);
      case Conv3dGeometry g -> dy.convTranspose3dWeightGradient(x, weight, g);
    };
  }

  @Property(tries = 80)
  @Checks({
    "convTranspose1d",
    "convTranspose2d",
    "convTranspose3d",
    "convTranspose1dInputGradient",
    "convTranspose2dInputGradient",
    "convTranspose3dInputGradient",
    "convTranspose1dWeightGradient",
    "convTranspose2dWeightGradient",
    "convTranspose3dWeightGradient"
  })
  void everyProductIsAddedWhereItBelongs(@ForAll long seed) {
    for (int axes = 1; axes <= 3; axes++) {
      checkProducts(seed, axes);
    }
  }

  private void checkProducts(long seed, int axes) {
    var draw = new ConvolutionDraw(seed, axes, device());
    ConvGeometry g = draw.geometry;
    Shape input = g.output(draw.input, draw.weight);
    Shape output = draw.input;
    int[] added = new int[3];
    for (int axis = 0; axis < axes; axis++) {
      Sliding along = g.along(axis);
      int least = along.inputSize(input.get(axis + 2), draw.weight.get(axis + 2));
      int most = Math.max(along.stride(), along.dilation());
      added[axis] = Math.max(draw.r.nextInt(most), 1 - least);
      if (added[axis] >= most) {
        return; // the padding leaves nothing
      }
      output = output.with(axis + 2, least + added[axis]);
    }
    DType dtype = draw.floating();
    Tensor x = draw.nasty.tensor(input, dtype);
    Tensor w = draw.nasty.tensor(draw.weight, dtype);
    Tensor dy = draw.nasty.tensor(output, dtype);
    Model mx = Model.of(x);
    Model mw = Model.of(w);
    Model mdy = Model.of(dy);
    double[] y = new double[dy.size()];
    double[] dx = new double[x.size()];
    double[] dw = new double[w.size()];
    Layout large = Layout.contiguous(output);
    Layout small = Layout.contiguous(input);
    Layout filters = Layout.contiguous(draw.weight);
    forEachProduct(
        output,
        draw.weight,
        g,
        (atY, atW, atX) -> {
          for (int axis = 2; axis < atX.length; axis++) {
            if (atX[axis] >= input.get(axis)) {
              return; // a place that only the output padding has
            }
          }
          y[large.at(atY)] += mx.get(atX) * mw.get(atW);
          dx[small.at(atX)] += mdy.get(atY) * mw.get(atW);
          dw[filters.at(atW)] += mdy.get(atY) * mx.get(atX);
        });
    double tolerance = ConvolutionDraw.accumulated(dtype);
    Model.of(Tensor.of(y, output)).assertMatches(transposed(x, w, g, added), tolerance);
    Model.of(Tensor.of(dx, input)).assertMatches(inputGradient(dy, w, input, g), tolerance);
    Model.of(Tensor.of(dw, draw.weight))
        .assertMatches(weightGradient(dy, x, draw.weight, g), tolerance);
  }

  @Property(tries = 60)
  @Checks({"convTranspose1d", "convTranspose2d", "convTranspose3d"})
  void transposedIsTheAdjoint(@ForAll long seed) {
    for (int axes = 1; axes <= 3; axes++) {
      var draw = new ConvolutionDraw(seed, axes, device());
      ConvGeometry g = draw.geometry;
      Shape small = g.output(draw.input, draw.weight);
      int[] added = new int[3]; // what the stride rounded down, which may be a little too much
      for (int axis = 0; axis < axes; axis++) {
        added[axis] =
            draw.input.get(axis + 2)
                - g.along(axis).inputSize(small.get(axis + 2), draw.weight.get(axis + 2));
      }
      Tensor x = draw.nasty.tensor(draw.input, DType.F64);
      Tensor w = draw.nasty.tensor(draw.weight, DType.F64);
      Tensor y = draw.nasty.tensor(small, DType.F64);
      double product = dot(ConvolutionsContract.forward(x, w, g), y);
      double scale = Math.max(1, Math.abs(product)) * 1e-10;
      assertEquals(product, dot(x, transposed(y, w, g, added)), scale);
    }
  }

  @Property(tries = 80)
  @Checks({"unfold", "fold"})
  void unfoldingShowsWhatTheFilterSees(@ForAll long seed) {
    var draw = new ConvolutionDraw(seed, 2, device());
    var g = ((Conv2dGeometry) draw.geometry).groups(1);
    DType[] dtypes = DType.values();
    DType dtype = dtypes[draw.r.nextInt(dtypes.length)];
    Tensor x = draw.nasty.tensor(draw.input, dtype);
    int kH = draw.weight.get(2);
    int kW = draw.weight.get(3);
    int rows = g.outputHeight(x.size(2), kH);
    int columns = g.outputWidth(x.size(3), kW);
    Model m = Model.of(x);
    Tensor patches = x.unfold(kH, kW, g);
    new Model(
            Shape.of(x.size(0), x.size(1) * kH * kW, rows * columns),
            at -> {
              int h = at[2] / columns * g.strideH() - g.paddingH();
              int w = at[2] % columns * g.strideW() - g.paddingW();
              h += at[1] / kW % kH * g.dilationH();
              w += at[1] % kW * g.dilationW();
              boolean inside = h >= 0 && w >= 0 && h < x.size(2) && w < x.size(3);
              return inside ? m.get(at[0], at[1] / (kH * kW), h, w) : 0;
            })
        .assertMatches(patches, 0);
    Tensor real = draw.nasty.tensor(draw.input, DType.F64);
    Tensor y = draw.nasty.tensor(patches.shape(), DType.F64);
    double product = dot(real.unfold(kH, kW, g), y);
    Tensor folded = y.fold(x.size(2), x.size(3), kH, kW, g);
    assertEquals(product, dot(real, folded), Math.max(1, Math.abs(product)) * 1e-10);
    // whole numbers fold exactly: every element times the patches it is in
    Tensor whole = draw.nasty.tensor(draw.input, DType.I32);
    Tensor ones = Tensor.ones(whole.shape(), DType.I32).to(device());
    Model.of(whole.mul(ones.unfold(kH, kW, g).fold(x.size(2), x.size(3), kH, kW, g)))
        .assertMatches(whole.unfold(kH, kW, g).fold(x.size(2), x.size(3), kH, kW, g), 0);
  }

  @Property(tries = 60)
  @Checks({"unfold", "conv2d"})
  void aConvolutionIsAProductWithThePatches(@ForAll long seed) {
    var draw = new ConvolutionDraw(seed, 2, device());
    var g = ((Conv2dGeometry) draw.geometry).groups(1);
    Tensor x = draw.nasty.tensor(draw.input, DType.F64);
    Tensor w = draw.nasty.tensor(draw.weight.with(1, x.size(1)), DType.F64);
    Tensor y = w.flatten(1).matmul(x.unfold(w.size(2), w.size(3), g));
    Shape shape = g.output(x.shape(), w.shape());
    Model.of(y.reshape(shape))
        .assertMatches(x.conv2d(w, g), ConvolutionDraw.accumulated(DType.F64));
  }
}
