package vectorgrad.tensor.cpu;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [LowPrecisionMatrixVector] with vectors.
final class VectorLowPrecision {
  private static final VectorShape SHAPE = VectorShape.forBitSize(Lanes.bits());
  private static final VectorSpecies<Float> SPECIES = VectorSpecies.of(float.class, SHAPE);
  private static final VectorSpecies<Short> SHORTS = VectorSpecies.of(short.class, SHAPE);
  private static final Class<? extends FloatVector> EXACT =
      SPECIES.vectorType().asSubclass(FloatVector.class);
  private static final Class<? extends ShortVector> EXACT_SHORTS =
      SHORTS.vectorType().asSubclass(ShortVector.class);
  private static final Class<? extends IntVector> EXACT_INTS =
      VectorSpecies.of(int.class, SHAPE).vectorType().asSubclass(IntVector.class);
  private static final int LANES = SPECIES.length();
  private static final int PAIRS = LowPrecisionMatrixVector.PAIRS;

  private static final int SUMS = 2 * PAIRS;

  /// Pairs after which the next sums take their turn, before the rows leave the cache. Where a
  /// vector holds all sums of even elements, there are no next ones.
  private static final int CHUNK = PAIRS > LANES ? 128 * PAIRS : Integer.MAX_VALUE / 2;

  private VectorLowPrecision() {}

  private static FloatVector load(float[] from, int at) {
    return EXACT.cast(FloatVector.fromArray(SPECIES, from, at));
  }

  private static ShortVector loadShorts(short[] from, int at) {
    return EXACT_SHORTS.cast(ShortVector.fromArray(SHORTS, from, at));
  }

  private static FloatVector all(float value) {
    return EXACT.cast(FloatVector.broadcast(SPECIES, value));
  }

  // ---- widening -------------------------------------------------------------------------------

  private static IntVector pairs(short[] a, int at) {
    return pairs(loadShorts(a, at));
  }

  private static IntVector pairs(ShortVector shorts) {
    return EXACT_INTS.cast(shorts.reinterpretAsInts());
  }

  private static FloatVector floats(IntVector bits) {
    return EXACT.cast(bits.reinterpretAsFloats());
  }

  private static FloatVector evenBrains(IntVector pairs) {
    return floats(pairs.lanewise(VectorOperators.LSHL, 16));
  }

  private static FloatVector oddBrains(IntVector pairs) {
    return floats(pairs.and(0xffff0000));
  }

  private static FloatVector evenHalves(IntVector pairs) {
    return upperHalves(pairs.lanewise(VectorOperators.LSHL, 16));
  }

  private static FloatVector oddHalves(IntVector pairs) {
    return upperHalves(pairs);
  }

  /// The f16 in the upper half of each int, unless it is ∞ or NaN. Shifted by 3, exponent and
  /// fraction are where those of an f32 are, and the number, subnormal or not, is 2¹¹² times too
  /// small.
  private static FloatVector upperHalves(IntVector halves) {
    return floats(halves.lanewise(VectorOperators.ASHR, 3).and(0x8fffe000)).mul(0x1p112f);
  }

  // ---- rows -----------------------------------------------------------------------------------

  /// Makes the sums of `pairs` pairs of four rows, each `apart` behind the other: for each row
  /// those of even elements, then those of odd ones. The rows read x once. Tells whether all
  /// elements were finite, if they are f16, and the sums count.
  static boolean dots(
      short[] a, boolean brain, int at, int apart, float[] x, int pairs, float[] sums) {
    if (pairs == 0) {
      Arrays.fill(sums, 0, 4 * SUMS, 0f);
    }
    boolean finite = true;
    for (int begin = 0; begin < pairs; begin += CHUNK) {
      int end = Math.min(begin + CHUNK, pairs);
      for (int s = 0; s < PAIRS; s += LANES) {
        if (brain) {
          dotsOfBrains(a, at, apart, x, pairs, begin, end, sums, s);
        } else {
          finite &= dotsOfHalves(a, at, apart, x, pairs, begin, end, sums, s);
          int third = at + 2 * apart;
          finite &= dotsOfHalves(a, third, apart, x, pairs, begin, end, sums, 2 * SUMS + s);
        }
      }
    }
    return finite;
  }

  private static void dotsOfBrains(
      short[] a, int at, int apart, float[] x, int odd, int begin, int end, float[] sums, int s) {
    int s1 = s + SUMS;
    int s2 = s1 + SUMS;
    int s3 = s2 + SUMS;
    FloatVector e0 = all(0);
    FloatVector o0 = e0;
    FloatVector e1 = e0;
    FloatVector o1 = e0;
    FloatVector e2 = e0;
    FloatVector o2 = e0;
    FloatVector e3 = e0;
    FloatVector o3 = e0;
    if (begin > 0) {
      e0 = load(sums, s);
      o0 = load(sums, s + PAIRS);
      e1 = load(sums, s1);
      o1 = load(sums, s1 + PAIRS);
      e2 = load(sums, s2);
      o2 = load(sums, s2 + PAIRS);
      e3 = load(sums, s3);
      o3 = load(sums, s3 + PAIRS);
    }
    for (int p = begin + s; p < end; p += PAIRS) {
      FloatVector even = load(x, p);
      FloatVector uneven = load(x, odd + p);
      int l = at + 2 * p;
      IntVector v0 = pairs(a, l);
      e0 = evenBrains(v0).fma(even, e0);
      o0 = oddBrains(v0).fma(uneven, o0);
      l += apart;
      IntVector v1 = pairs(a, l);
      e1 = evenBrains(v1).fma(even, e1);
      o1 = oddBrains(v1).fma(uneven, o1);
      l += apart;
      IntVector v2 = pairs(a, l);
      e2 = evenBrains(v2).fma(even, e2);
      o2 = oddBrains(v2).fma(uneven, o2);
      l += apart;
      IntVector v3 = pairs(a, l);
      e3 = evenBrains(v3).fma(even, e3);
      o3 = oddBrains(v3).fma(uneven, o3);
    }
    e0.intoArray(sums, s);
    o0.intoArray(sums, s + PAIRS);
    e1.intoArray(sums, s1);
    o1.intoArray(sums, s1 + PAIRS);
    e2.intoArray(sums, s2);
    o2.intoArray(sums, s2 + PAIRS);
    e3.intoArray(sums, s3);
    o3.intoArray(sums, s3 + PAIRS);
  }

  /// Of two rows, not four: C2 would not inline more of the widening of f16.
  private static boolean dotsOfHalves(
      short[] a, int at, int apart, float[] x, int odd, int begin, int end, float[] sums, int s) {
    int next = s + SUMS;
    FloatVector e0 = all(0);
    FloatVector o0 = e0;
    FloatVector e1 = e0;
    FloatVector o1 = e0;
    if (begin > 0) {
      e0 = load(sums, s);
      o0 = load(sums, s + PAIRS);
      e1 = load(sums, next);
      o1 = load(sums, next + PAIRS);
    }
    ShortVector largest = EXACT_SHORTS.cast(ShortVector.zero(SHORTS));
    for (int p = begin + s % SUMS; p < end; p += PAIRS) {
      FloatVector even = load(x, p);
      FloatVector uneven = load(x, odd + p);
      ShortVector h0 = loadShorts(a, at + 2 * p);
      ShortVector h1 = loadShorts(a, at + 2 * p + apart);
      largest = largest.max(h0.and((short) 0x7fff)).max(h1.and((short) 0x7fff));
      IntVector v0 = pairs(h0);
      IntVector v1 = pairs(h1);
      e0 = evenHalves(v0).fma(even, e0);
      o0 = oddHalves(v0).fma(uneven, o0);
      e1 = evenHalves(v1).fma(even, e1);
      o1 = oddHalves(v1).fma(uneven, o1);
    }
    e0.intoArray(sums, s);
    o0.intoArray(sums, s + PAIRS);
    e1.intoArray(sums, next);
    o1.intoArray(sums, next + PAIRS);
    return largest.reduceLanes(VectorOperators.MAX) < 0x7c00;
  }

  /// The odd sums are joined to the even ones last.
  static float join(float[] sums, int from) {
    return VectorMatrixVector.join(sums, from, PAIRS)
        + VectorMatrixVector.join(sums, from + PAIRS, PAIRS);
  }

  // ---- columns --------------------------------------------------------------------------------

  /// How many of the pairs among `rows` elements fill vectors.
  static int wholePairs(int rows) {
    return SPECIES.loopBound(rows / 2);
  }

  /// Adds `depth` columns of bf16, each `stride` behind the other, to the sums of `whole` pairs;
  /// several at a time. The sums of odd elements begin at `odd`.
  static void gatherBrains(
      short[] a, int at, int stride, float[] x, int depth, float[] sums, int whole, int odd) {
    int k = 0;
    for (; k + 4 <= depth; k += 4) {
      fourBrains(a, at + k * stride, stride, x, k, sums, whole, odd);
    }
    for (; k < depth; k++) {
      oneBrain(a, at + k * stride, x[k], sums, whole, odd);
    }
  }

  /// As [#gatherBrains], of f16. Tells whether all elements were finite, and the sums count. A
  /// method of its own: where the two were one, and bf16 had come first, the JIT compiler inlined
  /// less of this and made it six times as slow.
  static boolean gatherHalves(
      short[] a, int at, int stride, float[] x, int depth, float[] sums, int whole, int odd) {
    boolean finite = true;
    int k = 0;
    for (; k + 2 <= depth; k += 2) {
      finite &= twoHalves(a, at + k * stride, stride, x, k, sums, whole, odd);
    }
    for (; k < depth; k++) {
      finite &= oneHalf(a, at + k * stride, x[k], sums, whole, odd);
    }
    return finite;
  }

  private static void fourBrains(
      short[] a, int column, int stride, float[] x, int k, float[] sums, int whole, int odd) {
    FloatVector x0 = all(x[k]);
    FloatVector x1 = all(x[k + 1]);
    FloatVector x2 = all(x[k + 2]);
    FloatVector x3 = all(x[k + 3]);
    int c1 = column + stride;
    int c2 = c1 + stride;
    int c3 = c2 + stride;
    for (int p = 0; p < whole; p += LANES) {
      FloatVector even = load(sums, p);
      FloatVector uneven = load(sums, odd + p);
      IntVector v0 = pairs(a, column + 2 * p);
      even = x0.fma(evenBrains(v0), even);
      uneven = x0.fma(oddBrains(v0), uneven);
      IntVector v1 = pairs(a, c1 + 2 * p);
      even = x1.fma(evenBrains(v1), even);
      uneven = x1.fma(oddBrains(v1), uneven);
      IntVector v2 = pairs(a, c2 + 2 * p);
      even = x2.fma(evenBrains(v2), even);
      uneven = x2.fma(oddBrains(v2), uneven);
      IntVector v3 = pairs(a, c3 + 2 * p);
      x3.fma(evenBrains(v3), even).intoArray(sums, p);
      x3.fma(oddBrains(v3), uneven).intoArray(sums, odd + p);
    }
  }

  /// Of two columns, not four: C2 would not inline more of the widening of f16.
  private static boolean twoHalves(
      short[] a, int column, int stride, float[] x, int k, float[] sums, int whole, int odd) {
    FloatVector x0 = all(x[k]);
    FloatVector x1 = all(x[k + 1]);
    int next = column + stride;
    ShortVector largest = EXACT_SHORTS.cast(ShortVector.zero(SHORTS));
    for (int p = 0; p < whole; p += LANES) {
      ShortVector h0 = loadShorts(a, column + 2 * p);
      ShortVector h1 = loadShorts(a, next + 2 * p);
      largest = largest.max(h0.and((short) 0x7fff)).max(h1.and((short) 0x7fff));
      IntVector v0 = pairs(h0);
      IntVector v1 = pairs(h1);
      FloatVector even = x0.fma(evenHalves(v0), load(sums, p));
      FloatVector uneven = x0.fma(oddHalves(v0), load(sums, odd + p));
      x1.fma(evenHalves(v1), even).intoArray(sums, p);
      x1.fma(oddHalves(v1), uneven).intoArray(sums, odd + p);
    }
    return largest.reduceLanes(VectorOperators.MAX) < 0x7c00;
  }

  private static void oneBrain(
      short[] a, int column, float factor, float[] sums, int whole, int odd) {
    FloatVector x = all(factor);
    for (int p = 0; p < whole; p += LANES) {
      IntVector v = pairs(a, column + 2 * p);
      x.fma(evenBrains(v), load(sums, p)).intoArray(sums, p);
      x.fma(oddBrains(v), load(sums, odd + p)).intoArray(sums, odd + p);
    }
  }

  private static boolean oneHalf(
      short[] a, int column, float factor, float[] sums, int whole, int odd) {
    FloatVector x = all(factor);
    ShortVector largest = EXACT_SHORTS.cast(ShortVector.zero(SHORTS));
    for (int p = 0; p < whole; p += LANES) {
      ShortVector h = loadShorts(a, column + 2 * p);
      largest = largest.max(h.and((short) 0x7fff));
      IntVector v = pairs(h);
      x.fma(evenHalves(v), load(sums, p)).intoArray(sums, p);
      x.fma(oddHalves(v), load(sums, odd + p)).intoArray(sums, odd + p);
    }
    return largest.reduceLanes(VectorOperators.MAX) < 0x7c00;
  }
}
