package vectorgrad.tensor;

import java.util.ArrayList;
import java.util.List;

/// In which order to multiply the operands of [Tensor#einsum], two at a time. Sets of labels are
/// bits of a `long`.
///
/// Joining two operands costs the product of the sizes of all their labels, twice if labels are
/// summed: a multiplication and an addition. A label is summed as soon as no other operand and not
/// the output has it. For few operands the cheapest order is found by dynamic programming over
/// subsets, 3ⁿ steps; for many by always taking the pair whose result saves the most elements. A
/// result that would not fit a Java array is avoided at any cost.
final class ContractionOrder {
  /// Operands up to which all orders are compared.
  private static final int FEW = 10;

  /// Added to the cost of what does not fit an array.
  private static final double TOO_LARGE = 1e250;

  /// Two operands that are joined; results are numbered after the operands, in order.
  record Pair(int left, int right) {}

  private final long[] terms;
  private final long output;
  private final int[] sizes;

  ContractionOrder(long[] terms, long output, int[] sizes) {
    this.terms = terms;
    this.output = output;
    this.sizes = sizes;
  }

  List<Pair> pairs() {
    return terms.length <= FEW ? cheapest() : greedy();
  }

  /// The product of the sizes of labels.
  double size(long labels) {
    double size = 1;
    for (long rest = labels; rest != 0; rest &= rest - 1) {
      size *= sizes[Long.numberOfTrailingZeros(rest)];
    }
    return size;
  }

  /// What joining two operands costs, if the labels `kept` stay.
  double flops(long left, long right, long kept) {
    return size(left | right) * ((left | right) == kept ? 1 : 2);
  }

  private double cost(long left, long right, long kept) {
    return flops(left, right, kept) + (size(kept) > Integer.MAX_VALUE - 8 ? TOO_LARGE : 0);
  }

  private List<Pair> cheapest() {
    int n = terms.length;
    int all = (1 << n) - 1;
    long[] union = new long[all + 1];
    for (int set = 1; set <= all; set++) {
      int lowest = Integer.numberOfTrailingZeros(set);
      union[set] = union[set & (set - 1)] | terms[lowest];
    }
    long[] kept = new long[all + 1];
    double[] flops = new double[all + 1];
    double[] elements = new double[all + 1]; // between; decides among equals
    int[] split = new int[all + 1];
    for (int set = 1; set <= all; set++) {
      kept[set] = union[set] & (union[all ^ set] | output);
      int lowest = set & -set;
      if (set == lowest) {
        continue;
      }
      flops[set] = Double.POSITIVE_INFINITY;
      for (int left = (set - 1) & set; left > 0; left = (left - 1) & set) {
        int right = set ^ left;
        if ((left & lowest) == 0) {
          continue;
        }
        double total = flops[left] + flops[right] + cost(kept[left], kept[right], kept[set]);
        double between = elements[left] + elements[right] + size(kept[set]);
        if (total < flops[set] || (total == flops[set] && between < elements[set])) {
          flops[set] = total;
          elements[set] = between;
          split[set] = left;
        }
      }
    }
    var pairs = new ArrayList<Pair>();
    collect(all, split, pairs);
    return pairs;
  }

  /// The pairs of a set, after those of its parts; returns the number of the result.
  private int collect(int set, int[] split, List<Pair> pairs) {
    if ((set & (set - 1)) == 0) {
      return Integer.numberOfTrailingZeros(set);
    }
    int left = collect(split[set], split, pairs);
    int right = collect(set ^ split[set], split, pairs);
    pairs.add(new Pair(left, right));
    return terms.length + pairs.size() - 1;
  }

  private List<Pair> greedy() {
    var numbers = new ArrayList<Integer>();
    var labels = new ArrayList<Long>();
    for (int i = 0; i < terms.length; i++) {
      numbers.add(i);
      labels.add(terms[i]);
    }
    var pairs = new ArrayList<Pair>();
    while (labels.size() > 1) {
      int bestLeft = 0;
      int bestRight = 1;
      double best = Double.POSITIVE_INFINITY;
      for (int i = 0; i < labels.size(); i++) {
        for (int j = i + 1; j < labels.size(); j++) {
          double growth = growth(labels, i, j);
          if (growth < best) {
            best = growth;
            bestLeft = i;
            bestRight = j;
          }
        }
      }
      long result = kept(labels, bestLeft, bestRight);
      pairs.add(new Pair(numbers.get(bestLeft), numbers.get(bestRight)));
      numbers.remove(bestRight);
      labels.remove(bestRight);
      numbers.set(bestLeft, terms.length + pairs.size() - 1);
      labels.set(bestLeft, result);
    }
    return pairs;
  }

  /// How many more elements there are after joining two; those without a common label come last.
  private double growth(List<Long> labels, int i, int j) {
    long a = labels.get(i);
    long b = labels.get(j);
    double elements = size(kept(labels, i, j));
    double penalty = (a & b) == 0 || elements > Integer.MAX_VALUE - 8 ? TOO_LARGE : 0;
    return elements - size(a) - size(b) + penalty;
  }

  private long kept(List<Long> labels, int i, int j) {
    long others = output;
    for (int k = 0; k < labels.size(); k++) {
      others |= k == i || k == j ? 0 : labels.get(k);
    }
    return (labels.get(i) | labels.get(j)) & others;
  }
}
