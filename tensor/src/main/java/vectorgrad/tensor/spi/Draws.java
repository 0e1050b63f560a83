package vectorgrad.tensor.spi;

import vectorgrad.numerics.Philox;
import vectorgrad.tensor.Seed;

/// The definition of random tensors: which bits of which Philox block become which element. Any
/// part of a draw can be made alone, so threads share the work without sharing state.
public final class Draws {
  private Draws() {}

  /// Elements `from` up to but without `to` of a draw in f32 that begins at `counter`. A block
  /// makes four.
  public static void fill(
      Distribution distribution, Seed seed, long counter, float[] draws, int from, int to) {
    int[] block = new int[4];
    for (int i = from - from % 4; i < to; i += 4) {
      Philox.block(seed.key(), 0, counter + i / 4, block);
      for (int word = 0; word < 4; word++) {
        if (i + word >= from && i + word < to) {
          draws[i + word] =
              switch (distribution) {
                case UNIFORM -> (block[word] >>> 8) * 0x1p-24f;
                case NORMAL -> (float) normal(word, block[word & 2], block[word | 1]);
              };
        }
      }
    }
  }

  /// Elements `from` up to but without `to` of a draw in f64 that begins at `counter`. A block
  /// makes two uniform numbers or four normal ones.
  public static void fill(
      Distribution distribution, Seed seed, long counter, double[] draws, int from, int to) {
    int[] block = new int[4];
    int each = distribution == Distribution.UNIFORM ? 2 : 4;
    for (int i = from - from % each; i < to; i += each) {
      Philox.block(seed.key(), 0, counter + i / each, block);
      for (int part = 0; part < each; part++) {
        if (i + part >= from && i + part < to) {
          draws[i + part] =
              switch (distribution) {
                case UNIFORM -> {
                  long word = ((long) block[2 * part] << 32) | (block[2 * part + 1] & 0xffffffffL);
                  yield (word >>> 11) * 0x1p-53;
                }
                case NORMAL -> normal(part, block[part & 2], block[part | 1]);
              };
        }
      }
    }
  }

  /// Box–Muller: the radius from the first word, in (0, 1] so that its logarithm exists, the angle
  /// from the second. `StrictMath`, because the bits must be the same on every machine.
  private static double normal(int part, int first, int second) {
    double radius = Math.sqrt(-2 * StrictMath.log(((first & 0xffffffffL) + 1) * 0x1p-32));
    double angle = 2 * Math.PI * (second & 0xffffffffL) * 0x1p-32;
    return radius * (part % 2 == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle));
  }
}
