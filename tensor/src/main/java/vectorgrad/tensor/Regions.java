package vectorgrad.tensor;

import java.util.stream.IntStream;

/// Regions of one axis, of any lengths, which may overlap: what adaptive and fractional pooling
/// choose from.
final class Regions {
  private final int size;
  private final int[] starts;
  private final int[] lengths;
  private final int widest;
  private final boolean even; // of one length, side by side, from end to end

  Regions(int size, int[] starts, int[] lengths) {
    this.size = size;
    this.starts = starts;
    this.lengths = lengths;
    this.widest = IntStream.of(lengths).max().orElse(0);
    this.even =
        widest * starts.length == size
            && IntStream.range(0, starts.length)
                .allMatch(i -> starts[i] == i * widest && lengths[i] == widest);
  }

  /// Region i from `⌊i·size / count⌋` up to but without `⌈(i + 1)·size / count⌉`.
  static Regions adaptive(int size, int count) {
    int[] starts = new int[count];
    int[] lengths = new int[count];
    for (int i = 0; i < count; i++) {
      starts[i] = (int) ((long) i * size / count);
      lengths[i] = (int) Math.ceilDiv((i + 1L) * size, (long) count) - starts[i];
    }
    return new Regions(size, starts, lengths);
  }

  int count() {
    return starts.length;
  }

  int start(int region) {
    return starts[region];
  }

  int length(int region) {
    return lengths[region];
  }

  /// For every region `widest` places: its own, then places behind the axis.
  private Tensor places(Device device) {
    int[] places = new int[starts.length * widest];
    for (int i = 0; i < places.length; i++) {
      int region = i / widest;
      int k = i % widest;
      places[i] = k < lengths[region] ? starts[region] + k : size;
    }
    return Tensor.of(places).to(device);
  }

  /// The regions' elements in a new axis behind `axis`, which counts regions; short ones are filled
  /// up with `border`.
  private Tensor windows(Tensor x, int axis, double border) {
    return even
        ? x.unflatten(axis, starts.length, widest)
        : x.pad(axis, 0, 1, border)
            .indexSelect(axis, places(x.device()))
            .unflatten(axis, starts.length, widest);
  }

  /// The largest element of every region, and where it is along the axis.
  MaxPool largest(Tensor x, int axis) {
    Tensor windows = windows(x, axis, Double.NEGATIVE_INFINITY);
    Tensor chosen = windows.argmax(axis + 1);
    Tensor values = windows.gather(axis + 1, chosen.unsqueeze(axis + 1)).squeeze(axis + 1);
    Tensor first = Tensor.of(starts).to(x.device());
    for (int i = axis + 1; i < x.rank(); i++) {
      first = first.unsqueeze(first.rank());
    }
    return new MaxPool(values, chosen.add(first));
  }

  /// The sum of every region.
  Tensor sum(Tensor x, int axis) {
    return windows(x, axis, 0).sum(axis + 1);
  }

  /// The adjoint of [#sum]: every element of a region gets it.
  Tensor sumGradient(Tensor dy, int axis) {
    Tensor each = dy.repeatInterleave(widest, axis);
    return even ? each : each.indexAdd(axis, places(dy.device()), size + 1).narrow(axis, 0, size);
  }
}
