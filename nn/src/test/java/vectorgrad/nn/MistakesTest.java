package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static vectorgrad.nn.Layers.*;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.IndexException;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// The mistakes that people make with layers, and what they are told: what is wrong, where in the
/// model, with which values, and what would cure it.
class MistakesTest {
  private static Tensor x(int... sizes) {
    return Tensor.normal(Seed.of(1), 0, Shape.of(sizes), DType.F32);
  }

  private static void refused(
      Class<? extends RuntimeException> type, String message, Executable mistake) {
    assertEquals(message.strip(), assertThrows(type, mistake).getMessage());
  }

  private static void refused(
      Class<? extends RuntimeException> type, String message, Sequential model, Tensor x) {
    refused(type, message, () -> model.forward(x));
  }

  // ---- shapes -----------------------------------------------------------------------------------

  @Test
  void aForgottenFlattenIsNamed() {
    refused(
        ShapeException.class,
        """
        Linear: the input has 6 features, the weight expects 288
          at     model.1
          input  (2, 8, 6, 6)   … in
          weight (10, 288)      out in
          help   flatten() before it makes (2, 288) of the input
        """,
        sequential(conv2d(1, 8, 3), linear(288, 10)),
        x(2, 1, 8, 8));
  }

  @Test
  void wrongFeaturesAfterFlattenSayWhichLayerWouldFit() {
    refused(
        ShapeException.class,
        """
        Linear: the input has 288 features, the weight expects 100
          at     model.2
          input  (2, 288)    … in
          weight (10, 100)   out in
          help   linear(288, 10) would take this input
        """,
        sequential(conv2d(1, 8, 3), flatten(), linear(100, 10)),
        x(2, 1, 8, 8));
  }

  @Test
  void aLayerInsideOthersIsFoundByItsPath() {
    refused(
        ShapeException.class,
        """
        Linear: the input has 3 features, the weight expects 4
          at     model.1.body.1
          input  (1, 3)   … in
          weight (4, 4)   out in
          help   linear(3, 4) would take this input
        """,
        sequential(linear(3, 3), residual(relu(), linear(4, 4))),
        x(1, 3));
  }

  @Test
  void aPictureWithoutABatchSaysHowToMakeOne() {
    refused(
        ShapeException.class,
        """
        Conv2d: the input has 3 axes instead of 4
          at     model.0
          input  (1, 8, 8)      N C H W
          weight (8, 1, 3, 3)   out in kH kW
          help   one example alone is x.unsqueeze(0)
        """,
        sequential(conv2d(1, 8, 3)),
        x(1, 8, 8));
  }

  @Test
  void picturesWithTheirChannelsLastSayHowToMoveThem() {
    refused(
        ShapeException.class,
        """
        Conv2d: the input has 9 channels, the filters expect 3
          at     model.0
          input  (2, 9, 9, 3)   N C H W
          weight (8, 3, 3, 3)   out in kH kW
          help   the channels look to be last: x.movedim(-1, 1)
        """,
        sequential(conv2d(3, 8, 3)),
        x(2, 9, 9, 3));
  }

  @Test
  void layersOfChannelsNameBothNumbers() {
    refused(
        ShapeException.class,
        """
        glu: axis 1 has no two halves, its size is 3
          at     model.0
          input  (1, 3)
          help   the layer before has twice the features that are wanted
        """,
        sequential(glu(1)),
        x(1, 3));
    refused(
        ShapeException.class,
        """
        pixelShuffle: the input is not made of squares of 4
          at     model.0
          input  (1, 3, 2, 2)
          rule   N C·r² H W, with r = 2
        """,
        sequential(pixelShuffle(2)),
        x(1, 3, 2, 2));
    refused(
        ShapeException.class,
        """
        globalAvgPool: the input has no places
          at     model.0
          input  (2, 3)
          rule   N C …, at least 3 axes
        """,
        sequential(globalAvgPool()),
        x(2, 3));
    refused(
        ShapeException.class,
        """
        PReLU: the input has no channels, and there are 3 weights
          at     model.0
          input  (3)
          rule   axis 1 holds the channels: N C …
        """,
        sequential(prelu(3)),
        x(3));
  }

  // ---- types ------------------------------------------------------------------------------------

  @Test
  void wholeNumbersAreSentToAnEmbeddingOrConverted() {
    Tensor whole = x(4, 3, 3).to(DType.I64);
    for (Layer layer : new Layer[] {linear(3, 2), conv1d(3, 2, 1), batchNorm(3), rmsNorm(3)}) {
      refused(
          DTypeException.class,
          layer.getClass().getSimpleName()
              + """
              : the input is i64, not floating-point
                at     model.0
                input  (4, 3, 3)
                help   x.to(DType.F32); numbers that stand for words go through embedding(…)
              """,
          sequential(layer),
          whole);
    }
    refused(
        DTypeException.class,
        """
        LayerNorm: the input is bool, not floating-point
          at     model.0
          input  (4, 3)
          help   x.to(DType.F32)
        """,
        sequential(layerNorm(3)),
        x(4, 3).gt(0));
  }

  @Test
  void wordsThatHaveNoRowAreNamedWithTheirPlace() {
    refused(
        IndexException.class,
        """
        Embedding: word 5 at (1, 0) has no row, there are 5
          at     model.0
          input  (2, 2), 1 of 4 outside
          rule   0 <= word < 5, the size of axis 0 of the weight
        """,
        sequential(embedding(5, 4)),
        Tensor.of(1, 2, 5, 0).reshape(2, 2));
    refused(
        IndexException.class,
        """
        Embedding: word -1 at (1) has no row, there are 5
          at     model.0
          input  (2), 1 of 2 outside
          rule   0 <= word < 5, the size of axis 0 of the weight
        """,
        sequential(embedding(5, 4).maxNorm(1)),
        Tensor.of(1, -1));
    refused(
        DTypeException.class,
        """
        Embedding: rows are numbered by i32 or i64, not bool
          at     model.0
          input  (3)
          help   x.to(DType.I32)
        """,
        sequential(embedding(5, 4)),
        x(3).gt(0));
  }

  @Test
  void bagsOfWordsSayHowTheyAreGiven() {
    EmbeddingBag bag = embeddingBag(5, 4);
    Tensor words = Tensor.of(1, 2, 3);
    refused(
        ShapeException.class,
        """
        EmbeddingBag: the input is no rows of words
          input  (3)
          rule   N L, bags of as many words each
          help   forward(words, offsets) for bags of different sizes
        """,
        () -> bag.forward(words));
    refused(
        IllegalArgumentException.class,
        """
        EmbeddingBag: offset 4 of bag 1
          rule   offsets ascend from 0 to the number of words, 3
        """,
        () -> bag.forward(words, Tensor.of(0, 4)));
    refused(
        IllegalArgumentException.class,
        """
        EmbeddingBag: offset 1 of bag 0
          rule   offsets ascend from 0 to the number of words, 3
        """,
        () -> bag.forward(words, Tensor.of(1)));
    refused(
        ShapeException.class,
        """
        EmbeddingBag: words and offsets are one axis each
          words  (3)
          offsets (1, 1)
        """,
        () -> bag.forward(words, Tensor.of(0).reshape(1, 1)));
    Variable factors = Variable.constant(x(2));
    refused(
        IllegalArgumentException.class,
        """
        EmbeddingBag: factors of words are for sums, not for MEAN
          help   way(SUM)
        """,
        () -> bag.forward(words, Tensor.of(0), factors));
    refused(
        ShapeException.class,
        """
        EmbeddingBag: there is not one factor for each word
          words  (3)
          weights (2)
        """,
        () -> bag.way(EmbeddingBag.Way.SUM).forward(words, Tensor.of(0), factors));
  }

  // ---- what a layer is made of ------------------------------------------------------------------

  private static void notPositive(String message, Supplier<Layer> mistake) {
    refused(IllegalArgumentException.class, message, mistake::get);
  }

  @Test
  void sizesArePositive() {
    notPositive(
        """
        Linear: sizes must be positive, found 3 and -2
          rule   the sizes are (in, out)
        """,
        () -> linear(3, -2));
    notPositive(
        """
        Embedding: sizes must be positive, found 0 and 4
          rule   the sizes are (words, size)
        """,
        () -> embedding(0, 4));
    notPositive(
        """
        LayerNorm: sizes must be positive, found none
          rule   the sizes are those of the last axes, normalised together
        """,
        Layers::layerNorm);
    notPositive(
        """
        GroupNorm: sizes must be positive, found 0 and 4
          rule   the sizes are (groups, channels)
        """,
        () -> groupNorm(0, 4));
    notPositive(
        """
        pixelShuffle: sizes must be positive, found 0
          rule   the sizes are (r), how many times as high and wide the pictures become
        """,
        () -> pixelShuffle(0));
    notPositive(
        """
        PReLU: sizes must be positive, found 0
          rule   the sizes are (channels)
        """,
        () -> prelu(0));
    notPositive(
        """
        LearnedPositions: sizes must be positive, found -3 and 4
          rule   the sizes are (places, width)
        """,
        () -> learnedPositions(-3, 4));
  }

  @Test
  void probabilitiesAreBetweenZeroAndOne() {
    refused(
        IllegalArgumentException.class,
        "Dropout: the probability must be between 0 and 1, found -0.1",
        () -> dropout(-0.1));
  }

  @Test
  void theShareOfTheNewestBatchIsOne() {
    refused(
        IllegalArgumentException.class,
        """
        InstanceNorm: the momentum must be between 0 and 1, found 1.5
          rule   it is the share of the newest batch: 1 − Keras's momentum
        """,
        () -> instanceNorm(3).momentum(1.5));
  }

  @Test
  void aLayerThatASequenceDoesNotHaveIsNamed() {
    refused(
        IndexOutOfBoundsException.class,
        "Sequential: there is no layer 5 among 1",
        () -> sequential(relu()).get(5));
    refused(
        IndexOutOfBoundsException.class,
        "Sequential: there is no layer -1 among 0",
        () -> sequential().replaceHead(relu()));
  }
}
