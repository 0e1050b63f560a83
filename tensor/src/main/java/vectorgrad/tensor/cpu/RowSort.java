package vectorgrad.tensor.cpu;

import java.util.Arrays;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.Walk;

/// The order of the elements along an axis, a row at a time, rows in parallel.
///
/// The idea: a `long` holds a 32-bit key above the element's place. The keys are whole numbers that
/// order as the elements do, and no two of these longs are equal, so any sort of longs keeps equal
/// elements in order. What remains in the lower half is the answer. Short rows are left to the
/// JDK's sort, long ones are dealt into heaps by one digit of the key after the other.
///
/// Keys of 64 bits are sorted by their upper half first. Runs that are equal there are sorted again
/// by the lower half.
final class RowSort {
  private static final int ELEMENTS_OF_A_TASK = 1 << 13;

  /// Up to which share of a row its first elements are picked out instead of sorting all.
  private static final int PICK_BELOW = 8;

  /// From which length on dealing is faster than the JDK's sort.
  private static final int DEAL_FROM = 512;

  private static final int DIGIT_BITS = 11;
  private static final int DIGITS = 1 << DIGIT_BITS;

  private final int n;
  private final int taken;
  private final int step;
  private final long flip; // all ones turn the order of keys round
  private long[] packed;
  private long[] dealt;
  private final long[] keys;

  private RowSort(Tensor x, int axis, boolean descending, int taken) {
    this.n = x.size(axis);
    this.step = x.layout().stride(axis);
    this.taken = taken;
    this.flip = descending ? -1 : 0;
    this.packed = new long[n];
    this.dealt = new long[n < DEAL_FROM ? 0 : n];
    this.keys = x.dtype().bytes() == 8 ? new long[n] : new long[0];
  }

  /// The places of the first elements in order, as many as the output has along `axis`.
  static void argsort(Tensor x, int axis, boolean descending, Tensor output) {
    int taken = output.size(axis);
    int[] places = (int[]) output.memory();
    int outputStep = output.layout().stride(axis);
    Walk walk = Walk.over(x.layout().select(axis, 0), output.layout().select(axis, 0));
    int rows = walk.elements();
    int together = Math.max(1, ELEMENTS_OF_A_TASK / x.size(axis));
    Workers.parallel(
        Math.ceilDiv(rows, together),
        task -> {
          RowSort row = new RowSort(x, axis, descending, taken);
          walk.forEachElement(
              task * together,
              Math.min(rows, (task + 1) * together),
              at -> {
                long[] sorted = row.sort(x.memory(), at[0]);
                for (int i = 0, place = at[1]; i < taken; i++, place += outputStep) {
                  places[place] = (int) sorted[i];
                }
              });
        });
  }

  private long[] sort(Object memory, int first) {
    switch (memory) {
      case float[] x -> {
        for (int i = 0, p = first; i < n; i++, p += step) {
          packed[i] = pack(key(x[p]) ^ flip, i);
        }
      }
      case int[] x -> {
        for (int i = 0, p = first; i < n; i++, p += step) {
          packed[i] = pack(x[p] ^ flip, i);
        }
      }
      case double[] x -> {
        for (int i = 0, p = first; i < n; i++, p += step) {
          keys[i] = key(x[p]) ^ flip;
        }
      }
      case long[] x -> {
        for (int i = 0, p = first; i < n; i++, p += step) {
          keys[i] = x[p] ^ flip;
        }
      }
      case Object other -> throw new IllegalArgumentException("sorts numbers, not " + other);
    }
    if (keys.length > 0) {
      sortLongKeys();
    } else if (taken <= n / PICK_BELOW) {
      pick();
    } else {
      sortPacked();
    }
    return packed;
  }

  private static long pack(long key, int place) {
    return key << 32 | place;
  }

  /// By the upper halves; the lower ones are in rising order already. Each digit, from the lowest
  /// to the highest, deals all longs into as many heaps, in the order they come; so what an earlier
  /// digit decided still holds among equals of a later one.
  private void sortPacked() {
    if (n < DEAL_FROM) {
      Arrays.sort(packed);
      return;
    }
    int[] next = new int[DIGITS + 1]; // the next place of each heap
    for (int shift = 32; shift < 64; shift += DIGIT_BITS) {
      Arrays.fill(next, 0);
      for (int i = 0; i < n; i++) {
        next[digit(packed[i], shift) + 1]++;
      }
      if (next[digit(packed[0], shift) + 1] == n) {
        continue; // the digit is the same everywhere
      }
      for (int heap = 0; heap < DIGITS; heap++) {
        next[heap + 1] += next[heap];
      }
      for (int i = 0; i < n; i++) {
        long value = packed[i];
        dealt[next[digit(value, shift)]++] = value;
      }
      long[] swap = packed;
      packed = dealt;
      dealt = swap;
    }
  }

  /// The digit that begins at bit `shift`, with the sign turned, as negative numbers come first.
  private static int digit(long packed, int shift) {
    return (int) ((packed ^ Long.MIN_VALUE) >>> shift) & (DIGITS - 1);
  }

  /// By the upper halves, and where they are equal by the lower ones, whose sign bit is turned
  /// because it is no sign.
  private void sortLongKeys() {
    for (int i = 0; i < n; i++) {
      packed[i] = pack(keys[i] >> 32, i);
    }
    sortPacked();
    for (int from = 0, to; from < taken; from = to) {
      for (to = from + 1; to < n && packed[to] >> 32 == packed[from] >> 32; to++) {}
      if (to - from > 1) {
        for (int i = from; i < to; i++) {
          int place = (int) packed[i];
          packed[i] = pack((int) keys[place] ^ Integer.MIN_VALUE, place);
        }
        Arrays.sort(packed, from, to);
      }
    }
  }

  /// Collects what is below the largest of the best so far in twice as many places as are wanted;
  /// when these are full, sorts them and forgets the worse half.
  private void pick() {
    int room = 2 * taken;
    int found = Math.min(n, room);
    long limit = Long.MAX_VALUE;
    for (int i = found; i < n; i++) {
      if (found == room) {
        Arrays.sort(packed, 0, room);
        found = taken;
        limit = packed[taken - 1];
      }
      if (packed[i] < limit) {
        packed[found++] = packed[i];
      }
    }
    Arrays.sort(packed, 0, found);
  }

  /// A whole number that orders as `x` does: the bits of a positive float do, those of a negative
  /// one do in reverse; zeros become one, and NaN the largest number.
  private static int key(float x) {
    int bits = x == 0 ? 0 : Float.floatToRawIntBits(x);
    return Float.isNaN(x) ? Integer.MAX_VALUE : bits ^ (bits >> 31 & Integer.MAX_VALUE);
  }

  private static long key(double x) {
    long bits = x == 0 ? 0 : Double.doubleToRawLongBits(x);
    return Double.isNaN(x) ? Long.MAX_VALUE : bits ^ (bits >> 63 & Long.MAX_VALUE);
  }
}
