package vectorgrad.numerics;

/// The counter-based random number generator Philox4x32-10.
///
/// Ten rounds of multiplying and mixing turn a 128-bit counter and a 64-bit key into 128 random
/// bits. There is no state: any block can be drawn at any time, on any device, and is always the
/// same.
///
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011).
public final class Philox {
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final long LOWER_HALF = 0xffffffffL;
  private static final int WEYL_0 = 0x9E3779B9; // golden ratio
  private static final int WEYL_1 = 0xBB67AE85; // √3 − 1

  private Philox() {}

  /// Writes the block of `key` at the 128-bit counter `(counterHigh, counterLow)` into `four`
  /// words, the first from the counter's lowest word.
  public static void block(long key, long counterHigh, long counterLow, int[] four) {
    int c0 = (int) counterLow;
    int c1 = (int) (counterLow >>> 32);
    int c2 = (int) counterHigh;
    int c3 = (int) (counterHigh >>> 32);
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < 10; round++) {
      long p0 = MULTIPLIER_0 * (c0 & LOWER_HALF);
      long p1 = MULTIPLIER_1 * (c2 & LOWER_HALF);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    four[0] = c0;
    four[1] = c1;
    four[2] = c2;
    four[3] = c3;
  }

  /// Writes `count` blocks of `key`, of the counters from `(counterHigh, counterLow)` on, into
  /// `words`: word `w` of block `b` into the lower half of `words[w][b]`, the upper half is zero.
  ///
  /// The same as [#block] for each, but round by round over all blocks at once, which the compiler
  /// turns into vector code: twice as fast.
  public static void blocks(
      long key, long counterHigh, long counterLow, int count, long[][] words) {
    for (int b = 0; b < count; b++) {
      words[0][b] = (counterLow + b) & LOWER_HALF;
      words[1][b] = (counterLow + b) >>> 32;
      words[2][b] = counterHigh & LOWER_HALF;
      words[3][b] = counterHigh >>> 32;
    }
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < 10; round++) {
      round(words[0], words[1], words[2], words[3], k0 & LOWER_HALF, k1 & LOWER_HALF, count);
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
  }

  /// One round over all blocks, in whose `long`s only the lower halves are used.
  private static void round(
      long[] c0, long[] c1, long[] c2, long[] c3, long k0, long k1, int count) {
    for (int b = 0; b < count; b++) {
      long p0 = MULTIPLIER_0 * (c0[b] & LOWER_HALF);
      long p1 = MULTIPLIER_1 * (c2[b] & LOWER_HALF);
      c0[b] = (p1 >>> 32) ^ c1[b] ^ k0;
      c1[b] = p1 & LOWER_HALF;
      c2[b] = (p0 >>> 32) ^ c3[b] ^ k1;
      c3[b] = p0 & LOWER_HALF;
    }
  }
}
