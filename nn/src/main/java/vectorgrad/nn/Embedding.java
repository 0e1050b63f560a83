package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.input;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.IndexException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A table of vectors, one for each word: `y[…, :] = weight[x[…], :]`.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | any, I32 or I64 | which rows |
/// | weight | (words, size) | begins as N(0, 1); the row of the padding as 0 |
/// | y | (x…, size) | |
///
/// The row at the padding index gets no gradient. With a largest norm, rows that are looked up and
/// longer are first scaled down to it, in the weight itself where the pass is a training one
/// (PyTorch writes in use too), without a gradient through the scaling.
///
/// Cost: the rows are copied; backward adds theirs into zeros of the weight's shape, and keeps x.
///
/// @param weight the table
/// @param paddingIndex the row that stands for nothing, if any
/// @param maxNorm the largest norm of a row, if any
/// @param normType p of the norm; 2 by default
public record Embedding(
    Parameter weight, OptionalInt paddingIndex, OptionalDouble maxNorm, double normType)
    implements Layer {
  private static final Program SHRINK =
      Program.of(input(0).greaterThan(input(1)).then(input(1).over(input(0).plus(1e-7)), ONE));

  /// Checks the padding index and the norm.
  ///
  /// @throws IllegalArgumentException if there is no such row, or the norm is not positive
  public Embedding {
    int words = weight.size(0);
    if (paddingIndex.isPresent()
        && (paddingIndex.getAsInt() < 0 || paddingIndex.getAsInt() >= words)) {
      throw new IllegalArgumentException(
          Message.of("Embedding", "there is no padding row " + paddingIndex.getAsInt())
              .row("rule", "0 <= paddingIndex < " + words + ", the number of words")
              .toString());
    }
    if (maxNorm.isPresent() && !(maxNorm.getAsDouble() > 0)) {
      throw new IllegalArgumentException(
          Message.of(
                  "Embedding", "the largest norm must be positive, found " + maxNorm.getAsDouble())
              .toString());
    }
  }

  /// A table of `words` vectors of the given size, all zeros until it is initialised.
  ///
  /// @throws IllegalArgumentException if a size is not positive
  public Embedding(int words, int size) {
    Sizes.expect("Embedding", "(words, size)", words, size);
    this(Parameter.of(Shape.of(words, size)), OptionalInt.empty(), OptionalDouble.empty(), 2);
  }

  /// A copy, sharing the table, in which this row stands for nothing.
  public Embedding paddingIndex(int row) {
    return new Embedding(weight, OptionalInt.of(row), maxNorm, normType);
  }

  /// A copy, sharing the table, whose rows are at most so long.
  public Embedding maxNorm(double norm) {
    return maxNorm(norm, 2);
  }

  /// A copy, sharing the table, whose rows are at most so long by the p-norm.
  public Embedding maxNorm(double norm, double p) {
    return new Embedding(weight, paddingIndex, OptionalDouble.of(norm), p);
  }

  @Override
  public Variable forward(Variable x) {
    Tensor words = x.value();
    if (words.dtype() != DType.I32 && words.dtype() != DType.I64) {
      throw new DTypeException(
          Location.message(this, "Embedding", "rows are numbered by i32 or i64, not " + x.dtype())
              .row("input", words.shape())
              .row("help", "x.to(DType.I32)"),
          words.shape());
    }
    try {
      return lookedUp(words);
    } catch (IndexException e) {
      throw noSuchRow(words, e);
    }
  }

  private IndexException noSuchRow(Tensor words, IndexException found) {
    long word = found.index();
    int rows = weight.size(0);
    IndexException refused =
        new IndexException(
            Location.message(
                    this,
                    "Embedding",
                    "word " + word + Agreement.at(words, word) + " has no row, there are " + rows)
                .row("input", words.shape() + Agreement.outside(words, rows))
                .row("rule", "0 <= word < " + rows + ", the size of axis 0 of the weight"),
            word,
            rows);
    refused.initCause(found);
    return refused;
  }

  private Variable lookedUp(Tensor words) {
    Tensor flat = words.reshape(words.size());
    Tensor factors =
        maxNorm.isPresent() ? factors(flat) : Tensor.ones(Shape.of(1, 1), weight.dtype());
    boolean shrinks = maxNorm.isPresent() && factors.min().item() < 1;
    if (shrinks && Mode.current().training()) {
      Tensor rows = weight.value().indexSelect(0, flat).mul(factors);
      weight.set(weight.value().indexPut(rows, false, flat));
      shrinks = false;
    }
    Variable rows = weight.indexSelect(0, flat);
    if (shrinks) {
      rows = rows.mul(Variable.constant(factors));
    }
    if (paddingIndex.isPresent()) {
      Tensor padding = flat.eq(paddingIndex.getAsInt()).reshape(words.size(), 1);
      rows = Variable.where(padding, rows.detach(), rows);
    }
    int[] sizes = Arrays.copyOf(words.shape().toArray(), words.rank() + 1);
    sizes[words.rank()] = weight.size(1);
    return rows.reshape(sizes);
  }

  /// What every row is multiplied by to be short enough.
  private Tensor factors(Tensor words) {
    Tensor lengths = weight.value().indexSelect(0, words).norm(normType, true, 1);
    return Tensor.map(SHRINK, lengths, Tensor.fullLike(lengths, maxNorm.orElseThrow()));
  }

  @Override
  public Initializer initializer(String component) {
    Initializer normal = Initializer.normal(0, 1);
    return (present, seed) -> {
      Tensor drawn = normal.initial(present, seed);
      return paddingIndex.isEmpty()
          ? drawn
          : drawn.indexPut(
              Tensor.zeros(Shape.of(present.size(1)), present.dtype(), present.device()),
              false,
              Tensor.of(paddingIndex.getAsInt()).to(present.device()));
    };
  }

  @Override
  public String label() {
    return "Embedding("
        + weight.size(0)
        + ", "
        + weight.size(1)
        + (paddingIndex.isPresent() ? ", padding index " + paddingIndex.getAsInt() : "")
        + (maxNorm.isPresent() ? ", max norm " + maxNorm.getAsDouble() : "")
        + ")";
  }

  @Override
  public String toString() {
    return tree();
  }
}
