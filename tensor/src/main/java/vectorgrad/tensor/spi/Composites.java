package vectorgrad.tensor.spi;

import static vectorgrad.numerics.Formula.input;

import java.util.Arrays;
import java.util.List;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Layout;
import vectorgrad.tensor.Pool1dGeometry;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.RowProgram;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// What the larger verbs mean, in terms of the smaller ones: a convolution is a product of two
/// views summed over three axes. Slow, short, and the definition that fast kernels are held to.
final class Composites {
  static final Program IDENTITY = Program.of(input(0));
  private static final Program PRODUCT = Program.of(input(0).times(input(1)));
  private static final Formula IS_NAN = input(0).equalTo(input(0)).not();

  private Composites() {}

  /// Batch, M and N stay, K is summed: `C[m, n] = Σ_k A[m, k]·B[k, n]` with A repeated along N, B
  /// along M and C along K, all by stride 0.
  ///
  /// A view has no more elements than an array, so what has more is done by halves of the rows.
  static void matmul(Backend backend, Tensor a, Tensor b, Tensor output) {
    int rank = a.rank();
    int rows = a.size(-2);
    if ((long) output.size() * a.size(-1) > Integer.MAX_VALUE - 8 && rows > 1) {
      int half = rows / 2;
      int axis = rank - 2;
      matmul(backend, a.slice(axis, 0, half), b, output.slice(axis, 0, half));
      matmul(backend, a.slice(axis, half, rows), b, output.slice(axis, half, rows));
      return;
    }
    int[] sizes = new int[rank + 1];
    for (int axis = 0; axis < rank; axis++) {
      sizes[axis] = a.size(axis);
    }
    sizes[rank] = b.size(-1);
    Shape mkn = Shape.of(sizes);
    multiplyAndSum(
        backend,
        a.unsqueeze(rank).expand(mkn),
        b.unsqueeze(rank - 2).expand(mkn),
        output.unsqueeze(rank - 1).expand(mkn));
  }

  /// Every operand in the shape (N, G, O/G, oH, oW, C/G, kH, kW); the last three axes are summed.
  static void conv2d(Backend backend, Tensor x, Tensor weight, Conv2dGeometry g, Tensor output) {
    Tensor windows = windows(x, weight.size(2), weight.size(3), g); // N C oH oW kH kW
    Shape all = convolutionShape(windows.shape(), weight.shape(), g);
    multiplyAndSum(
        backend,
        inputView(windows, g).expand(all),
        weightView(weight, g).expand(all),
        outputView(output, g).expand(all));
  }

  /// As [#conv2d], with the batch and the places summed instead.
  static void conv2dWeightGradient(
      Backend backend, Tensor dy, Tensor x, Conv2dGeometry g, Tensor output) {
    Tensor windows = windows(x, output.size(2), output.size(3), g);
    Shape all = convolutionShape(windows.shape(), output.shape(), g);
    multiplyAndSum(
        backend,
        inputView(windows, g).expand(all),
        outputView(dy, g).expand(all),
        weightView(output, g).expand(all));
  }

  /// A convolution of the gradient, spread out by the stride and padded, with the filters turned by
  /// half a turn: each input pixel collects from all the windows that saw it.
  static void conv2dInputGradient(
      Backend backend, Tensor dy, Tensor weight, Conv2dGeometry g, Tensor output) {
    int kH = weight.size(2);
    int kW = weight.size(3);
    int marginH = g.dilationH() * (kH - 1);
    int marginW = g.dilationW() * (kW - 1);
    int height = output.size(2);
    int width = output.size(3);
    Tensor spread =
        Tensor.zeros(
            Shape.of(
                dy.size(0),
                dy.size(1),
                height + 2 * g.paddingH() + marginH,
                width + 2 * g.paddingW() + marginW),
            dy.dtype(),
            dy.device());
    if (dy.shape().size() > 0) {
      Tensor places =
          spread
              .slice(2, marginH, marginH + (dy.size(2) - 1) * g.strideH() + 1, g.strideH())
              .slice(3, marginW, marginW + (dy.size(3) - 1) * g.strideW() + 1, g.strideW());
      backend.copy(dy, places);
    }
    Tensor seen =
        spread
            .slice(2, g.paddingH(), g.paddingH() + height + marginH, 1)
            .slice(3, g.paddingW(), g.paddingW() + width + marginW, 1)
            .window(2, kH, 1, g.dilationH())
            .window(3, kW, 1, g.dilationW()); // N O H W kH kW
    // N G 1 H W O/G kH kW · 1 G C/G 1 1 O/G kH kW -> N G C/G H W
    Tensor turned = weightView(weight.flip(2).flip(3), g); // 1 G O/G 1 1 C/G kH kW
    Tensor swapped = turned.permute(0, 1, 5, 3, 4, 2, 6, 7);
    Tensor input = inputView(seen, g);
    Shape all =
        Shape.of(
            output.size(0),
            g.groups(),
            weight.size(1),
            height,
            width,
            weight.size(0) / g.groups(),
            kH,
            kW);
    multiplyAndSum(
        backend, input.expand(all), swapped.expand(all), outputView(output, g).expand(all));
  }

  /// The largest value of every window, and then the smallest place that holds it. Places are
  /// computed in float64, which counts exactly beyond any array's length.
  static void maxPool2d(Backend backend, Tensor x, PoolGeometry g, Tensor values, Tensor indices) {
    int height = x.size(2);
    int width = x.size(3);
    Tensor windows = windows(x, g, Double.NEGATIVE_INFINITY);
    Shape all = windows.shape();
    Tensor largest = values.unsqueeze(4).unsqueeze(5).expand(all);
    backend.reduce(IDENTITY, Reduction.MAX, new Tensor[] {windows}, largest);
    // padding must never be chosen, even where everything is −∞
    int beyond = height * width;
    Tensor plane = Tensor.arange(beyond, DType.F64).reshape(1, 1, height, width).to(x.device());
    Tensor places = windows(plane, g, beyond).expand(all);
    Formula chosen = input(0).equalTo(input(1)).or(IS_NAN).then(input(2), Formula.constant(beyond));
    Tensor first = Tensor.zeros(values.shape(), DType.F64, x.device());
    backend.reduce(
        Program.of(chosen),
        Reduction.MIN,
        new Tensor[] {windows, largest, places},
        first.unsqueeze(4).unsqueeze(5).expand(all));
    backend.copy(first, indices);
  }

  static void mapRows(
      Backend backend, RowProgram program, Tensor[] inputs, Tensor[] sums, Tensor output) {
    Tensor[] known = Arrays.copyOf(inputs, inputs.length + sums.length);
    System.arraycopy(sums, 0, known, inputs.length, sums.length);
    int sum = 0;
    for (List<RowProgram.Part> stage : program.sums()) {
      for (RowProgram.Part part : stage) {
        Tensor[] read =
            Arrays.stream(part.sources()).mapToObj(k -> known[k]).toArray(Tensor[]::new);
        backend.reduce(part.program(), Reduction.SUM, read, sums[sum++]);
      }
    }
    backend.pointwise(program.map(), known, new Tensor[] {output});
  }

  static void softmax(Tensor x, boolean logarithm, Tensor output) {
    Tensor shifted = x.sub(x.max(true, -1));
    Tensor sum = shifted.exp().sum(true, -1);
    Tensor result = logarithm ? shifted.sub(sum.log()) : shifted.exp().div(sum);
    x.device().backend().copy(result, output);
  }

  static void attention(
      Tensor query, Tensor key, Tensor value, boolean causal, Tensor output, Tensor numbers) {
    Tensor s = query.matmul(repeated(key, query).transpose());
    Tensor unseen = seen(s, causal).logicalNot();
    Tensor most = s.maskedFill(unseen, Double.NEGATIVE_INFINITY).max(true, -1);
    Tensor nothing = unseen.all(true, -1);
    Tensor m = most.maskedFill(nothing, 0);
    Tensor powers = s.sub(m).div(Math.sqrt(query.size(-1))).exp().maskedFill(unseen, 0);
    Tensor l = powers.sum(true, -1).maskedFill(nothing, 1);
    Backend backend = query.device().backend();
    backend.copy(powers.div(l).matmul(repeated(value, query)), output);
    backend.copy(Tensor.concat(-1, m, l), numbers);
  }

  /// The chain rule through the product with the values, the softmax and the scores.
  static void attentionGradient(
      Tensor dy,
      Tensor query,
      Tensor key,
      Tensor value,
      boolean causal,
      Tensor output,
      Tensor numbers,
      Tensor[] gradients) {
    double root = Math.sqrt(query.size(-1));
    Tensor keys = repeated(key, query);
    Tensor s = query.matmul(keys.transpose());
    Tensor powers = s.sub(numbers.narrow(-1, 0, 1)).div(root).exp();
    Tensor weights =
        powers.div(numbers.narrow(-1, 1, 1)).maskedFill(seen(s, causal).logicalNot(), 0);
    Tensor dWeights = dy.matmul(repeated(value, query).transpose());
    Tensor ds = weights.mul(dWeights.sub(dy.mul(output).sum(true, -1))).div(root);
    Backend backend = query.device().backend();
    backend.copy(ds.matmul(keys), gradients[0]);
    backend.copy(joined(ds.transpose().matmul(query), key), gradients[1]);
    backend.copy(joined(weights.transpose().matmul(dy), value), gradients[2]);
  }

  /// Which keys a query sees.
  private static Tensor seen(Tensor scores, boolean causal) {
    int queries = scores.size(-2);
    int keys = scores.size(-1);
    Tensor last = Tensor.arange(queries, DType.I32).add(causal ? keys - queries : keys);
    return Tensor.arange(keys, DType.I32)
        .le(last.reshape(queries, 1))
        .to(scores.device())
        .expand(scores.shape());
  }

  /// A head of keys or values for every head of queries.
  private static Tensor repeated(Tensor shared, Tensor query) {
    return shared.repeatInterleave(query.size(1) / shared.size(1), 1);
  }

  /// The sum over the heads of queries that share a head: the adjoint of [#repeated].
  private static Tensor joined(Tensor x, Tensor shared) {
    int heads = shared.size(1);
    return x.reshape(x.size(0), heads, x.size(1) / heads, x.size(2), x.size(3)).sum(2);
  }

  static void argmax(Backend backend, Tensor x, int axis, Tensor output) {
    int size = x.size(axis);
    Tensor largest = x.max(true, axis);
    DType counts = x.dtype().isFloating() ? DType.F64 : DType.I64;
    int[] alongAxis = new int[x.rank()];
    java.util.Arrays.fill(alongAxis, 1);
    alongAxis[axis] = size;
    Tensor places = Tensor.arange(size, counts).reshape(alongAxis).to(x.device());
    Formula chosen = input(0).equalTo(input(1)).or(IS_NAN).then(input(2), Formula.constant(size));
    Tensor first = Tensor.zeros(output.shape(), counts, x.device());
    backend.reduce(
        Program.of(chosen),
        Reduction.MIN,
        new Tensor[] {x, largest.expand(x.shape()), places.expand(x.shape())},
        first.unsqueeze(axis).expand(x.shape()));
    backend.copy(first, output);
  }

  private static void multiplyAndSum(Backend backend, Tensor a, Tensor b, Tensor output) {
    backend.reduce(PRODUCT, Reduction.SUM, new Tensor[] {a, b}, output);
  }

  /// (N, C, H, W) as (N, C, oH, oW, kH, kW): a view, once the picture is padded with zeros.
  private static Tensor windows(Tensor x, int kernelH, int kernelW, Conv2dGeometry g) {
    return x.pad(2, g.paddingH(), g.paddingH())
        .pad(3, g.paddingW(), g.paddingW())
        .window(2, kernelH, g.strideH(), g.dilationH())
        .window(3, kernelW, g.strideW(), g.dilationW());
  }

  /// The same for a pooling, whose windows may overhang the end; the border has the given value.
  private static Tensor windows(Tensor x, PoolGeometry g, double border) {
    return windows(windows(x, 2, g.height(), border), 3, g.width(), border);
  }

  private static Tensor windows(Tensor x, int axis, Pool1dGeometry g, double border) {
    return x.pad(axis, g.padding(), g.after(x.size(axis)), border)
        .window(axis, g.kernel(), g.stride(), g.dilation());
  }

  private static Shape convolutionShape(Shape windows, Shape weight, Conv2dGeometry g) {
    return Shape.of(
        windows.get(0),
        g.groups(),
        weight.get(0) / g.groups(),
        windows.get(2),
        windows.get(3),
        weight.get(1),
        weight.get(2),
        weight.get(3));
  }

  /// (N, G·C, H, W, kH, kW) as (N, G, 1, H, W, C, kH, kW).
  private static Tensor inputView(Tensor windows, Conv2dGeometry g) {
    return splitAxis(windows, 1, g.groups()).permute(0, 1, 3, 4, 2, 5, 6).unsqueeze(2);
  }

  /// (G·O, C, kH, kW) as (1, G, O, 1, 1, C, kH, kW).
  private static Tensor weightView(Tensor weight, Conv2dGeometry g) {
    return splitAxis(weight, 0, g.groups()).unsqueeze(2).unsqueeze(2).unsqueeze(0);
  }

  /// (N, G·O, H, W) as (N, G, O, H, W, 1, 1, 1).
  private static Tensor outputView(Tensor output, Conv2dGeometry g) {
    return splitAxis(output, 1, g.groups()).unsqueeze(5).unsqueeze(6).unsqueeze(7);
  }

  /// One axis as two, `parts` and the rest: always a view.
  private static Tensor splitAxis(Tensor x, int axis, int parts) {
    Layout layout = x.layout();
    int rank = x.rank();
    int[] sizes = new int[rank + 1];
    int[] strides = new int[rank + 1];
    for (int i = 0; i <= rank; i++) {
      int old = i <= axis ? i : i - 1;
      sizes[i] = x.size(old);
      strides[i] = layout.stride(old);
    }
    int part = x.size(axis) / parts;
    sizes[axis] = parts;
    strides[axis] = layout.stride(axis) * part;
    sizes[axis + 1] = part;
    return x.view(Layout.of(Shape.of(sizes), layout.offset(), strides));
  }
}
