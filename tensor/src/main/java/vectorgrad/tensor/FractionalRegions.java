package vectorgrad.tensor;

/// How fractional max pooling chooses the regions of an axis, whose ends form an increasing
/// sequence with steps of `⌊α⌋` and `⌈α⌉`, where α is the size of the axis over the number of
/// regions, which need not be whole.
///
/// | | the steps | |
/// |---|---|---|
/// | random | in random order | any sequence is as likely as any other |
/// | pseudorandom | `aᵢ = ⌊α·(i + u)⌋ − ⌊α·u⌋`, one random u | spread as evenly as can be |
///
/// Disjoint regions are `[aᵢ, aᵢ₊₁)`; overlapping ones are `[aᵢ, aᵢ₊₁]`, which share their ends,
/// and the α of the distance from the first element to the last.
///
/// Source: Graham, *Fractional max-pooling*, 2014, sections 2 and 2.1; here disjoint regions cover
/// the last element too.
public enum FractionalRegions {
  RANDOM_DISJOINT(true, false),
  RANDOM_OVERLAPPING(true, true),
  PSEUDORANDOM_DISJOINT(false, false),
  PSEUDORANDOM_OVERLAPPING(false, true);

  private final boolean random;
  private final boolean overlapping;

  FractionalRegions(boolean random, boolean overlapping) {
    this.random = random;
    this.overlapping = overlapping;
  }

  /// Whether neighbouring regions share an element.
  public boolean overlapping() {
    return overlapping;
  }

  /// `count` regions of an axis of `size` elements, of which there are enough.
  Regions regions(int size, int count, Seed seed) {
    int distance = distance(size);
    int[] starts = new int[count];
    int[] lengths = new int[count];
    int[] order = random ? Tensor.permutation(seed, count).toInts() : new int[0];
    // ⌊α·(i + u)⌋ is the same for α·u rounded down to a multiple of 1 / count, in whole numbers
    double u = Tensor.uniform(seed, 0, Shape.of(1), DType.F64).item();
    long shift = (long) (u * distance);
    for (int i = 0, start = 0; i < count; i++) {
      int end;
      if (random) {
        end = start + distance / count + (order[i] < distance % count ? 1 : 0);
      } else {
        end = (int) (((i + 1L) * distance + shift) / count - shift / count);
      }
      starts[i] = start;
      lengths[i] = end - start + (overlapping ? 1 : 0);
      start = end;
    }
    return new Regions(size, starts, lengths);
  }

  /// What the steps add up to, and so the largest number of regions.
  int distance(int size) {
    return overlapping ? size - 1 : size;
  }
}
