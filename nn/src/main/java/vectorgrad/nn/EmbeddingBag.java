package vectorgrad.nn;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.ScatterReduction;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Bags of words, each as one vector: `y[i] = Σ weight[word]` over the words of bag `i`, or their
/// mean or largest values. A text whose order does not count; the input of word2vec's CBOW.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (N, L), I32 or I64 | N bags of L words |
/// | or words, offsets | (K) and (N), I32 or I64 | bag i is the words from offset i to the next one |
/// | weights | (K), floating | a factor for each word, of a sum only |
/// | weight | (words, size) | begins as N(0, 1); the row of the padding as 0 |
/// | y | (N, size) | |
///
/// Words at the padding index are in no bag. A bag without words is 0. Norms of rows are limited as
/// by [Embedding]. Equal largest values share the gradient; PyTorch gives it to the first.
///
/// Cost: K·size additions, forward and backward; the rows of all K words are made for a moment.
/// Joulin et al. 2016; Mikolov et al. 2013, *Efficient estimation of word representations*.
///
/// @param words the table
/// @param way what becomes of the words of a bag
public record EmbeddingBag(Embedding words, Way way) implements Layer {

  /// What becomes of the words of a bag.
  public enum Way {
    /// Their sum, each times its factor where there are some.
    SUM,
    /// Their mean: PyTorch's default.
    MEAN,
    /// Their largest values, feature by feature.
    MAX
  }

  /// The mean over a table of `words` vectors of the given size, all zeros until it is initialised.
  ///
  /// @throws IllegalArgumentException if a size is not positive
  public EmbeddingBag(int words, int size) {
    this(new Embedding(words, size), Way.MEAN);
  }

  /// A copy, sharing the table, that does this with the words of a bag.
  public EmbeddingBag way(Way other) {
    return new EmbeddingBag(words, other);
  }

  /// A copy, sharing the table, in which this row is in no bag.
  public EmbeddingBag paddingIndex(int row) {
    return new EmbeddingBag(words.paddingIndex(row), way);
  }

  /// A copy, sharing the table, whose rows are at most so long.
  public EmbeddingBag maxNorm(double norm) {
    return new EmbeddingBag(words.maxNorm(norm), way);
  }

  @Override
  public Variable forward(Variable x) {
    Shape shape = x.shape();
    if (shape.rank() != 2) {
      throw new ShapeException(
          Location.message(this, "EmbeddingBag", "the input is no rows of words")
              .row("input", shape)
              .row("rule", "N L, bags of as many words each")
              .row("help", "forward(words, offsets) for bags of different sizes"),
          shape);
    }
    Tensor bags = Tensor.arange(shape.get(0), DType.I32).repeatInterleave(shape.get(1), 0);
    return bags(x.value().flatten(0, 1), bags, shape.get(0), Optional.empty());
  }

  /// Of bags of different sizes.
  ///
  /// @param words of all bags, one bag after the other, (K)
  /// @param offsets where each bag begins, (N): ascending from 0
  /// @throws ShapeException if one of them has not one axis
  /// @throws IllegalArgumentException if the offsets do not ascend from 0 to K
  public Variable forward(Tensor words, Tensor offsets) {
    return bags(words, ofWords(words, offsets), offsets.size(), Optional.empty());
  }

  /// Of bags of different sizes, every word with a factor, such as its rarity.
  ///
  /// @param words of all bags, one bag after the other, (K)
  /// @param offsets where each bag begins, (N): ascending from 0
  /// @param weights the factors, (K)
  /// @throws ShapeException if the factors are not one for each word
  /// @throws IllegalArgumentException if it is no sum, or the offsets do not ascend from 0 to K
  public Variable forward(Tensor words, Tensor offsets, Variable weights) {
    if (way != Way.SUM) {
      throw new IllegalArgumentException(
          Message.of("EmbeddingBag", "factors of words are for sums, not for " + way)
              .row("help", "way(SUM)")
              .toString());
    }
    if (!weights.shape().equals(words.shape())) {
      throw new ShapeException(
          Message.of("EmbeddingBag", "there is not one factor for each word")
              .row("words", words.shape())
              .row("weights", weights.shape()),
          words.shape(),
          weights.shape());
    }
    return bags(words, ofWords(words, offsets), offsets.size(), Optional.of(weights));
  }

  /// The bag of each word.
  private static Tensor ofWords(Tensor words, Tensor offsets) {
    if (words.rank() != 1 || offsets.rank() != 1) {
      throw new ShapeException(
          Message.of("EmbeddingBag", "words and offsets are one axis each")
              .row("words", words.shape())
              .row("offsets", offsets.shape()),
          words.shape(),
          offsets.shape());
    }
    long[] starts = offsets.toLongs();
    int[] bags = new int[words.size()];
    long before = 0;
    for (int bag = 0; bag < starts.length; bag++) {
      if (starts[bag] < before || starts[bag] > bags.length || (bag == 0 && starts[bag] != 0)) {
        throw new IllegalArgumentException(
            Message.of("EmbeddingBag", "offset " + starts[bag] + " of bag " + bag)
                .row("rule", "offsets ascend from 0 to the number of words, " + bags.length)
                .toString());
      }
      before = starts[bag];
      Arrays.fill(bags, (int) before, bags.length, bag);
    }
    return Tensor.of(bags);
  }

  private Variable bags(Tensor flat, Tensor bagOfWord, int count, Optional<Variable> weights) {
    Tensor ofWord = bagOfWord.to(flat.device());
    Variable rows = words.forward(Variable.constant(flat));
    int size = rows.size(1);
    Tensor none = Tensor.zeros(Shape.of(count, 1), rows.dtype(), rows.device());
    Tensor one = Tensor.full(1, Shape.of(flat.size(), 1), rows.dtype(), rows.device());
    if (words.paddingIndex().isPresent()) {
      Tensor padding = flat.eq(words.paddingIndex().getAsInt()).unsqueeze(1);
      rows = rows.maskedFill(padding, way == Way.MAX ? Double.NEGATIVE_INFINITY : 0);
      one = one.maskedFill(padding, 0);
    }
    Tensor sizes = none.indexAdd(0, ofWord, one);
    Variable zeros = Variable.constant(none.expand(count, size));
    return switch (way) {
      case SUM ->
          zeros.indexAdd(
              0, ofWord, weights.isPresent() ? rows.mul(weights.get().unsqueeze(1)) : rows);
      case MEAN ->
          zeros.indexAdd(0, ofWord, rows).div(Variable.constant(sizes.maximum(one(sizes))));
      case MAX ->
          zeros
              .sub(Double.POSITIVE_INFINITY)
              .scatterReduce(
                  0, ofWord.unsqueeze(1).expand(flat.size(), size), rows, ScatterReduction.MAX)
              .maskedFill(sizes.eq(0), 0);
    };
  }

  private static Tensor one(Tensor like) {
    return Tensor.fullLike(like, 1);
  }

  /// The table's parameter under PyTorch's name.
  @Override
  public Map<String, Object> components() {
    return words.components();
  }

  @Override
  public Initializer initializer(String component) {
    return words.initializer(component);
  }

  @Override
  public String label() {
    return words.label().replace("Embedding(", "EmbeddingBag(").replace(")", ", " + way + ")");
  }

  @Override
  public String toString() {
    return tree();
  }
}
