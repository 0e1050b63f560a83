package vectorgrad.tensor;

import java.util.Random;

/// A convolution, of which the shapes and moves are drawn: sizes 1 and primes, strides beyond the
/// kernel, dilated and 1×1 filters, a group for each channel, now and then no picture at all.
final class ConvolutionDraw {
  private static final int[] SIZES = {1, 2, 3, 5, 7, 11};
  final Nasty nasty;
  final Random r;
  final ConvGeometry geometry;
  final Shape input;
  final Shape weight;

  ConvolutionDraw(long seed, int axes, Device device) {
    nasty = new Nasty(seed, device);
    r = nasty.random();
    int[] stride = new int[3];
    int[] padding = new int[3];
    int[] dilation = new int[3];
    int[] xs = new int[axes + 2];
    int[] ws = new int[axes + 2];
    boolean depthwise = r.nextInt(4) == 0;
    boolean pointlike = r.nextInt(6) == 0;
    int groups = 1 + r.nextInt(3);
    xs[0] = r.nextInt(8) == 0 ? 0 : 1 + r.nextInt(3);
    xs[1] = groups * (depthwise ? 1 : 1 + r.nextInt(2));
    ws[0] = groups * (1 + r.nextInt(2));
    ws[1] = xs[1] / groups;
    for (int axis = 0; axis < axes; axis++) {
      int size = SIZES[r.nextInt(axes == 3 ? 4 : SIZES.length)];
      stride[axis] = 1 + r.nextInt(4);
      padding[axis] = r.nextInt(4);
      dilation[axis] = 1 + r.nextInt(3);
      int most = (size + 2 * padding[axis] - 1) / dilation[axis] + 1;
      xs[axis + 2] = size;
      ws[axis + 2] = pointlike ? 1 : 1 + r.nextInt(Math.min(most, axes == 3 ? 3 : 4));
    }
    input = Shape.of(xs);
    weight = Shape.of(ws);
    geometry = geometry(axes, stride, padding, dilation, groups);
  }

  /// One of the floating dtypes.
  DType floating() {
    DType[] dtypes = {DType.F32, DType.F64, DType.F16, DType.BF16};
    return dtypes[r.nextInt(dtypes.length)];
  }

  /// Rounding of sums of at most some hundred products; a half is rounded once more.
  static double accumulated(DType dtype) {
    return switch (dtype) {
      case F64 -> 1e-12;
      case F16 -> 2e-4 + 0x1p-11;
      case BF16 -> 2e-4 + 0x1p-8;
      default -> 2e-4;
    };
  }

  private static ConvGeometry geometry(int axes, int[] s, int[] p, int[] d, int groups) {
    return switch (axes) {
      case 1 -> new Conv1dGeometry(s[0], p[0], d[0], groups);
      case 2 -> new Conv2dGeometry(s[0], s[1], p[0], p[1], d[0], d[1], groups);
      default -> new Conv3dGeometry(s[0], s[1], s[2], p[0], p[1], p[2], d[0], d[1], d[2], groups);
    };
  }
}
