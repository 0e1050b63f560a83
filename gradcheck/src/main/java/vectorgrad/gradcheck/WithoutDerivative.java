package vectorgrad.gradcheck;

import java.util.Map;
import java.util.TreeMap;

/// Operations on tensors that variables do not have, and why.
public final class WithoutDerivative {
  private static final Map<String, String> REASONS = new TreeMap<>();

  private static void declare(String reason, String... operations) {
    for (String operation : operations) {
      REASONS.put(operation, reason);
    }
  }

  static {
    declare(
        "makes a tensor from nothing: wrap it in Variable.constant or leaf",
        "arange",
        "bernoulli",
        "eye",
        "full",
        "fullLike",
        "linspace",
        "logspace",
        "normal",
        "of",
        "ones",
        "onesLike",
        "permutation",
        "random",
        "scalar",
        "tri",
        "trilIndices",
        "triuIndices",
        "uniform",
        "zeros",
        "zerosLike");
    declare("draws numbers: what is drawn does not move with the odds", "multinomial");
    declare(
        "forgets the product that a derivative reads: a.matmul(b).map(formula)",
        "conv2dThen",
        "matmulThen");
    declare(
        "reads or describes a tensor: ask value()",
        "allclose",
        "contiguous",
        "copy",
        "describe",
        "isRecycled",
        "lasts",
        "itemLong",
        "layout",
        "memory",
        "ofArray",
        "promote",
        "toArray",
        "toBooleans",
        "toBytes",
        "toDoubles",
        "toFloats",
        "toInts",
        "toLongs",
        "version",
        "view",
        "einsumPath");
    declare(
        "answers a question: its output is BOOL",
        "all",
        "any",
        "eq",
        "ge",
        "gt",
        "le",
        "lt",
        "ne",
        "isclose",
        "isfinite",
        "isinf",
        "isnan",
        "logicalAnd",
        "logicalNot",
        "logicalOr",
        "logicalXor");
    declare(
        "gives places or counts, which are whole numbers",
        "argmax",
        "argmin",
        "argsort",
        "argwhere",
        "bincount",
        "countNonzero",
        "histogram",
        "nonzero",
        "oneHot",
        "searchsorted",
        "unique",
        "matrixRank");
    declare(
        "a whole number, whose name says so: x.div(y).floor() passes a gradient of 0 on",
        "floorDivide");
    declare("the formula engine itself: write a Pointwise", "mapAll", "mapRows", "sumOf");
  }

  private WithoutDerivative() {}

  /// The operations by name, each with the reason.
  public static Map<String, String> reasons() {
    return Map.copyOf(REASONS);
  }
}
