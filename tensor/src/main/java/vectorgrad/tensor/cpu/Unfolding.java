package vectorgrad.tensor.cpu;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.Shape;

/// The sizes of a convolution, and the matrix that it multiplies its filters with.
///
/// Unfolded, a picture is a matrix whose column p holds what the filter sees when it is laid at
/// output pixel p, so that the convolution is one matrix product for each picture and group:
///
/// `Y (filters × pixels) = W (filters × depth) · X (depth × pixels)`, depth = channels · kH · kW
///
/// Nobody needs to build X. In a picture that has its border of zeros, row k of X belongs to one
/// place in the filter and column p to one place of the filter, and the two simply add up, whatever
/// stride, padding and dilation are:
///
/// `X[k][p] = picture[row[k] + step[p]]`
final class Unfolding {
  /// Those of more shapes than a network has must not fill the memory.
  private static final int MOST = 64;

  private record Key(Shape x, Shape weight, Conv2dGeometry geometry) {}

  private static final ConcurrentHashMap<Key, Unfolding> KNOWN = new ConcurrentHashMap<>();

  final Conv2dGeometry geometry;
  final int pictures;
  final int channels;
  final int height;
  final int width;
  final int filters;
  final int kernelH;
  final int kernelW;
  final int outHeight;
  final int outWidth;

  /// The picture with its border.
  final int paddedHeight;

  final int paddedWidth;

  /// Channels and filters of one group.
  final int groupChannels;

  final int groupFilters;

  /// Rows and columns of X.
  final int depth;

  final int pixels;

  /// Where each row of X begins in the bordered channels of its group, and what each column adds.
  final int[] row;

  final int[] step;

  /// Those of several pictures, as they were asked for last.
  private volatile int[] steps;

  /// @param x the shape of the pictures: N, C, H, W
  /// @param weight the shape of the filters: O, C / groups, kH, kW
  Unfolding(int[] x, int[] weight, Conv2dGeometry geometry) {
    this.geometry = geometry;
    pictures = x[0];
    channels = x[1];
    height = x[2];
    width = x[3];
    filters = weight[0];
    groupChannels = weight[1];
    kernelH = weight[2];
    kernelW = weight[3];
    groupFilters = filters / geometry.groups();
    outHeight = geometry.outputHeight(height, kernelH);
    outWidth = geometry.outputWidth(width, kernelW);
    paddedHeight = height + 2 * geometry.paddingH();
    paddedWidth = width + 2 * geometry.paddingW();
    depth = groupChannels * kernelH * kernelW;
    pixels = outHeight * outWidth;
    row = new int[depth];
    for (int k = 0; k < depth; k++) {
      int c = k / (kernelH * kernelW);
      int h = k / kernelW % kernelH * geometry.dilationH();
      int w = k % kernelW * geometry.dilationW();
      row[k] = (c * paddedHeight + h) * paddedWidth + w;
    }
    step = new int[pixels];
    for (int p = 0; p < pixels; p++) {
      int h = p / outWidth * geometry.strideH();
      int w = p % outWidth * geometry.strideW();
      step[p] = h * paddedWidth + w;
    }
  }

  /// The same, from the last time it was asked for: every step of a training asks again.
  static Unfolding of(Shape x, Shape weight, Conv2dGeometry geometry) {
    Key key = new Key(x, weight, geometry);
    Unfolding known = KNOWN.get(key);
    if (known == null) {
      if (KNOWN.size() >= MOST) {
        KNOWN.clear();
      }
      known = new Unfolding(x.toArray(), weight.toArray(), geometry);
      KNOWN.put(key, known);
    }
    return known;
  }

  /// Elements of a picture, with and without its border.
  int pictureSize() {
    return channels * height * width;
  }

  int borderedSize() {
    return channels * paddedHeight * paddedWidth;
  }

  /// Elements of the bordered channels of one group.
  int groupSize() {
    return groupChannels * paddedHeight * paddedWidth;
  }

  /// The steps of several bordered pictures that lie one behind the other.
  int[] steps(int count) {
    int[] known = steps;
    if (known == null || known.length != count * pixels) {
      known = new int[count * pixels];
      for (int n = 0; n < count; n++) {
        for (int p = 0; p < pixels; p++) {
          known[n * pixels + p] = n * borderedSize() + step[p];
        }
      }
      steps = known;
    }
    return known;
  }

  /// Columns of X, cut into pieces of at most `width`, each piece a few runs of consecutive steps:
  /// the rows of the output that it touches.
  Runs runs(int width) {
    return new Runs(step, width);
  }

  /// Run r covers columns `at[r]` to `at[r + 1]` or the end of its piece; piece i has runs
  /// `first[i]` up to but without `first[i + 1]`.
  static final class Runs {
    final int[] first;
    final int[] at;

    private Runs(int[] step, int width) {
      int pieces = Math.ceilDiv(step.length, width);
      first = new int[pieces + 1];
      int[] begins = new int[step.length + 1];
      int count = 0;
      for (int p = 0; p < step.length; p++) {
        if (p % width == 0) {
          first[p / width] = count;
        }
        if (p % width == 0 || step[p] != step[p - 1] + 1) {
          begins[count++] = p;
        }
      }
      first[pieces] = count;
      begins[count] = step.length;
      at = Arrays.copyOf(begins, count + 1);
    }
  }
}
