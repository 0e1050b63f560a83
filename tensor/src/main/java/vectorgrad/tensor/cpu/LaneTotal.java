package vectorgrad.tensor.cpu;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import vectorgrad.numerics.BinaryFunction;
import vectorgrad.numerics.Formula;

/// Emits how the lanes of some vectors become one number: halves with halves, as in [Fold].
///
/// Of a vector the last four lanes are taken out one by one. Sixteen cost 15 ns more where rows are
/// in the cache, and 100 or more where they come from memory: nothing is read ahead for so long
/// (softmax backward, rows of 1024 floats, Zen 4, AVX-512).
///
/// @param joining how two lanes are joined
record LaneTotal(
    CodeBuilder code, Arithmetic arithmetic, VectorOperations operations, BinaryFunction joining) {

  /// Whether `output` is `lane ⊕ value` still, or a choice between both: not if it was simplified
  /// to something else.
  static boolean joins(Formula output) {
    return output instanceof Formula.Select
        || (output instanceof Formula.Binary b
            && switch (b.function()) {
              case ADD, SUBTRACT, MULTIPLY, MIN, MAX -> true;
              default -> false;
            });
  }

  /// How the lanes of `output` are joined in the end. What is subtracted was negative before it was
  /// added.
  static BinaryFunction joining(Formula output) {
    if (!(output instanceof Formula.Binary b)) {
      return BinaryFunction.MAX;
    }
    return b.function() == BinaryFunction.SUBTRACT ? BinaryFunction.ADD : b.function();
  }

  /// What changes no number that it is joined with: −0 in sums.
  static double identity(BinaryFunction joining) {
    return switch (joining) {
      case ADD -> -0.0;
      case MULTIPLY -> 1;
      case MAX -> Double.NEGATIVE_INFINITY;
      default -> Double.POSITIVE_INFINITY;
    };
  }

  /// Joins vectors in local variables, whose values are lost.
  ///
  /// @param scratch the local of an array in which a vector has room
  /// @param begin the local of the index where it has
  /// @return the local of the total
  int of(int[] vectors, int scratch, int begin) {
    join(vectors, operations);
    VectorOperations narrow = operations.narrowest();
    int whole = vectors[0];
    int[] parts = {whole};
    if (narrow.lanes() < operations.lanes()) {
      operations.get(whole);
      code.aload(scratch).iload(begin);
      operations.store(false);
      parts = new int[operations.lanes() / narrow.lanes()];
      for (int p = 0; p < parts.length; p++) {
        narrow.species();
        code.aload(scratch).iload(begin).loadConstant(p * narrow.lanes()).iadd();
        narrow.load(false);
        parts[p] = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(parts[p]);
      }
      join(parts, narrow);
    }
    return oneByOne(parts[0], narrow);
  }

  /// Joins vectors in the first of them.
  private void join(int[] vectors, VectorOperations operations) {
    for (int half = vectors.length / 2; half > 0; half /= 2) {
      for (int v = 0; v < half; v++) {
        operations.get(vectors[v]);
        code.aload(vectors[v + half]);
        operations.binary(joining);
        code.astore(vectors[v]);
      }
    }
  }

  private int oneByOne(int vector, VectorOperations narrow) {
    TypeKind kind = arithmetic.kind();
    int[] numbers = new int[narrow.lanes()];
    for (int l = 0; l < numbers.length; l++) {
      numbers[l] = code.allocateLocal(kind);
      narrow.get(vector);
      code.loadConstant(l);
      narrow.lane();
      code.storeLocal(kind, numbers[l]);
    }
    ScalarOperations scalar = new ScalarOperations(code, arithmetic);
    for (int half = numbers.length / 2; half > 0; half /= 2) {
      for (int l = 0; l < half; l++) {
        code.loadLocal(kind, numbers[l]).loadLocal(kind, numbers[l + half]);
        scalar.binary(joining);
        code.storeLocal(kind, numbers[l]);
      }
    }
    return numbers[0];
  }
}
