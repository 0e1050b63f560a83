package vectorgrad.tensor;

import vectorgrad.numerics.Philox;

/// The key of a stream of random numbers. The generator, Philox4x32-10, has no hidden state: a seed
/// and a counter always give the same numbers, on every device and with any number of threads.
///
/// @param key the 64 bits of the key
public record Seed(long key) {

  /// The seed with the given number.
  public static Seed of(long key) {
    return new Seed(key);
  }

  /// An independent seed for part `index` of the work: an epoch, a layer, a replica. Derived by the
  /// generator itself, from a range of counters that no stream uses.
  public Seed fold(long index) {
    int[] block = new int[4];
    Philox.block(key, -1L, index, block);
    return new Seed(((long) block[0] << 32) | (block[1] & 0xffffffffL));
  }
}
