package vectorgrad.tensor.spi;

import java.util.function.DoubleUnaryOperator;
import vectorgrad.numerics.Philox;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Distribution;
import vectorgrad.tensor.Seed;

/// The definition of random tensors, in code: which bits of which Philox block become which
/// element, see [Distribution]. Any part of a draw can be made alone, so threads share the work
/// without sharing state.
public final class Draws {
  /// The blocks made at a time: their words stay in the nearest cache.
  private static final int BLOCKS = 64;

  private Draws() {}

  /// Elements `from` up to but without `to` of a draw that begins at `counter`, into the same
  /// places of the Java array of `dtype`.
  public static void fill(
      Distribution distribution,
      Seed seed,
      long counter,
      DType dtype,
      Object draws,
      int from,
      int to) {
    Chunk chunk =
        switch (distribution) {
          case Distribution.Uniform uniform when dtype == DType.F32 ->
              uniform(uniform, (float[]) draws);
          case Distribution.Uniform uniform -> uniform(uniform, (double[]) draws);
          case Distribution.Normal normal -> normal(normal, dtype, draws);
          case Distribution.Inverse inverse -> inverse(inverse, dtype, draws);
          case Distribution.Bernoulli bernoulli -> bernoulli(bernoulli, (byte[]) draws);
          case Distribution.Integers integers -> integers(integers, seed, counter, dtype, draws);
        };
    boolean four =
        distribution instanceof Distribution.Normal
            || (distribution instanceof Distribution.Uniform && dtype == DType.F32);
    int each = four ? 4 : 2; // elements a block
    long[][] words = new long[4][BLOCKS];
    for (int first = from / each; (long) first * each < to; first += BLOCKS) {
      int start = first * each;
      int count = Math.min(BLOCKS, Math.ceilDiv(to - start, each));
      Philox.blocks(seed.key(), 0, counter + first, count, words);
      chunk.put(words, start, Math.max(from, start), start + Math.min(to - start, count * each));
    }
  }

  /// Makes elements `begin` up to but without `end` from the words of blocks whose first element is
  /// `start`.
  private interface Chunk {
    void put(long[][] words, int start, int begin, int end);
  }

  // ---- four elements a block ------------------------------------------------------------------

  private static Chunk uniform(Distribution.Uniform uniform, float[] draws) {
    double low = uniform.low();
    double high = uniform.high();
    float last = below(high);
    return (words, start, begin, end) -> {
      for (int i = begin; i < end; i++) {
        int k = i - start;
        float x = (float) (low + (high - low) * ((words[k & 3][k >> 2] >>> 8) * 0x1p-24));
        draws[i] = x < high ? x : last;
      }
    };
  }

  /// Box–Muller: the radius from the first word of a pair, in (0, 1] so that its logarithm exists,
  /// the angle from the second. `StrictMath`, because the bits must be the same on every machine.
  private static Chunk normal(Distribution.Normal normal, DType dtype, Object draws) {
    double mean = normal.mean();
    double std = normal.std();
    boolean standard = mean == 0 && std == 1; // keeps the sign of zeros
    return (words, start, begin, end) -> {
      for (int k = (begin - start) & ~1; k < end - start; k += 2) {
        long first = words[k & 2][k >> 2];
        long second = words[(k & 2) | 1][k >> 2];
        double radius = Math.sqrt(-2 * StrictMath.log((first + 1) * 0x1p-32));
        double angle = 2 * Math.PI * second * 0x1p-32;
        if (start + k >= begin) {
          double z = radius * StrictMath.cos(angle);
          Elements.set(dtype, draws, start + k, standard ? z : mean + std * z);
        }
        if (start + k + 1 < end) {
          double z = radius * StrictMath.sin(angle);
          Elements.set(dtype, draws, start + k + 1, standard ? z : mean + std * z);
        }
      }
    };
  }

  // ---- two elements a block -------------------------------------------------------------------

  private static Chunk uniform(Distribution.Uniform uniform, double[] draws) {
    double low = uniform.low();
    double high = uniform.high();
    double last = Math.nextDown(high);
    return (words, start, begin, end) -> {
      for (int i = begin; i < end; i++) {
        double x = low + (high - low) * unit(bits(words, i - start));
        draws[i] = x < high ? x : last;
      }
    };
  }

  private static Chunk inverse(Distribution.Inverse inverse, DType dtype, Object draws) {
    DoubleUnaryOperator quantile = inverse.quantile();
    return (words, start, begin, end) -> {
      for (int i = begin; i < end; i++) {
        Elements.set(dtype, draws, i, quantile.applyAsDouble(open(bits(words, i - start))));
      }
    };
  }

  private static Chunk bernoulli(Distribution.Bernoulli bernoulli, byte[] draws) {
    return (words, start, begin, end) -> {
      for (int i = begin; i < end; i++) {
        draws[i] = (byte) (unit(bits(words, i - start)) < bernoulli.p() ? 1 : 0);
      }
    };
  }

  private static Chunk integers(
      Distribution.Integers integers, Seed seed, long counter, DType dtype, Object draws) {
    long n = integers.high() - integers.low(); // as an unsigned number it always fits
    long unfair = Long.remainderUnsigned(-n, n); // 2⁶⁴ mod n
    return (words, start, begin, end) -> {
      for (int i = begin; i < end; i++) {
        long x = bits(words, i - start);
        for (int attempt = 1; Long.compareUnsigned(x * n, unfair) < 0; attempt++) {
          long[][] again = new long[4][1];
          Philox.blocks(seed.key(), attempt, counter + i / 2, 1, again);
          x = bits(again, i % 2);
        }
        Elements.set(dtype, draws, i, integers.low() + Math.unsignedMultiplyHigh(x, n));
      }
    };
  }

  /// The 64 bits of element `k` of the words: the first word above the second.
  private static long bits(long[][] words, int k) {
    int word = 2 * (k & 1);
    return (words[word][k >> 1] << 32) | words[word + 1][k >> 1];
  }

  /// In `[0, 1)`.
  private static double unit(long bits) {
    return (bits >>> 11) * 0x1p-53;
  }

  /// In `(0, 1)`.
  private static double open(long bits) {
    return ((bits >>> 12) + 0.5) * 0x1p-52;
  }

  /// The greatest `float` below `x`.
  private static float below(double x) {
    float nearest = (float) x;
    return nearest < x ? nearest : Math.nextDown(nearest);
  }
}
