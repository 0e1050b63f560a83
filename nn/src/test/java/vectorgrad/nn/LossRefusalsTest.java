package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import vectorgrad.autograd.GradientException;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.IndexException;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// What losses say to inputs and options that do not fit.
class LossRefusalsTest {
  private static Tensor zeros(int... sizes) {
    return Tensor.zeros(Shape.of(sizes), DType.F64);
  }

  private static Variable of(int... sizes) {
    return Variable.constant(zeros(sizes));
  }

  private static void refused(String message, Class<? extends Exception> type, Executable call) {
    assertEquals(message.strip(), assertThrows(type, call).getMessage());
  }

  @Test
  void nothingBroadcastsInALoss() {
    refused(
        """
        Huber: prediction and target differ in shape
          first  (4, 1)
          second (4)
          rule   the shapes are equal; nothing broadcasts in a loss
          help   prediction.squeeze(-1) has one number for each, too
        """,
        ShapeException.class,
        () -> Losses.huber(of(4, 1), zeros(4)));
    refused(
        """
        TripletMargin: anchor and negative differ in shape
          first  (4, 3)
          second (4, 2)
          rule   the shapes are equal; nothing broadcasts in a loss
        """,
        ShapeException.class,
        () -> Losses.tripletMargin(of(4, 3), of(4, 3), of(4, 2)));
  }

  @Test
  void labelsAreWholeNumbersOneForEachRow() {
    refused(
        """
        CrossEntropy: labels are i32, found f64
          help   labels.to(DType.I32)
          rule   floating targets are probabilities, of the shape of the logits
        """,
        DTypeException.class,
        () -> Losses.crossEntropy(of(4, 3), zeros(4)));
    refused(
        """
        NLL: labels are i32, found f64
          help   labels.to(DType.I32)
        """,
        DTypeException.class,
        () -> Losses.nll(of(4, 3), zeros(4)));
    refused(
        """
        CrossEntropy: the labels do not fit the logits
          logits (2, 3, 5)   N C …
          labels (2, 3)      N …
          rule   classes lie along axis 1, and each of the other places has a label
        """,
        ShapeException.class,
        () -> Losses.crossEntropy(of(2, 3, 5), zeros(2, 3).to(DType.I32)));
  }

  @Test
  void labelsOfAnotherShapeSayHowToReshapeThem() {
    refused(
        """
        CrossEntropy: the labels do not fit the logits
          logits (4, 3)   N C
          labels (4, 1)   N
          rule   one row of logits and one label for each example
          help   labels.squeeze(1)
        """,
        ShapeException.class,
        () -> Losses.crossEntropy(of(4, 3), zeros(4, 1).to(DType.I32)));
    refused(
        """
        NLL: the labels do not fit the log-probabilities
          log-probabilities (4, 3)   N C
          labels (4, 3)   N
          rule   one row of log-probabilities and one label for each example
          help   of one-hot rows the labels are labels.argmax(1)
        """,
        ShapeException.class,
        () -> Losses.nll(of(4, 3), zeros(4, 3).to(DType.I64)));
    refused(
        """
        MSE: prediction and target differ in shape
          first  (4)
          second (4, 1)
          rule   the shapes are equal; nothing broadcasts in a loss
          help   target.squeeze(-1) has one number for each, too
        """,
        ShapeException.class,
        () -> Losses.mse(of(4), zeros(4, 1)));
  }

  @Test
  void aLabelThatIsNoClassIsNamedWithItsPlace() {
    refused(
        """
        CrossEntropy: label 7 at (3) is no class, there are 5
          labels (4), 1 of 4 outside
          rule   0 <= label < 5, the size of axis 1 of the scores
          help   a last layer of 8 outputs would have such a class
        """,
        IndexException.class,
        () -> Losses.crossEntropy(of(4, 5), Tensor.of(0, 4, 1, 7)));
    refused(
        """
        CrossEntropy: label 255 at (0, 1) is no class, there are 3
          labels (1, 2), 1 of 2 outside
          rule   0 <= label < 3, the size of axis 1 of the scores
          help   if it marks what does not count, as padding does: ignoreIndex(255)
        """,
        IndexException.class,
        () -> Losses.crossEntropy(of(1, 3, 2), Tensor.of(0, 255).to(DType.I64).reshape(1, 2)));
    refused(
        """
        NLL: label -100 at (1) is no class, there are 3
          labels (2), 1 of 2 outside
          rule   0 <= label < 3, the size of axis 1 of the scores
          help   if it marks what does not count, as padding does: ignoreIndex(-100)
        """,
        IndexException.class,
        () -> new NLL().ignoreIndex(0).of(of(2, 3), Tensor.of(0, -100)));
    refused(
        """
        MultiMargin: label 3 at (2) is no class, there are 3
          labels (3), 1 of 3 outside
          rule   0 <= label < 3, the size of axis 1 of the scores
          help   labels count from 0; these look to count from 1: labels.sub(1)
        """,
        IndexException.class,
        () -> new MultiMargin().weight(zeros(3)).of(of(3, 3), Tensor.of(1, 2, 3)));
  }

  @Test
  void logitsAreNoProbabilities() {
    refused(
        """
        BinaryCrossEntropy: the probabilities are not between 0 and 1
          found  from -2.0 to 0.5
          help   logits, the outputs of a last layer: binaryCrossEntropyWithLogits
        """,
        IllegalArgumentException.class,
        () -> Losses.binaryCrossEntropy(Variable.leaf(Tensor.of(0.5, -2.0)), zeros(2)));
  }

  @Test
  void weightsFit() {
    refused(
        """
        CrossEntropy: there is not one weight for each class
          weight (2)
          scores (1, 3)
        """,
        ShapeException.class,
        () -> new CrossEntropy().weight(zeros(2)).of(of(1, 3), Tensor.of(1)));
    refused(
        """
        BinaryCrossEntropyWithLogits: the weights do not broadcast to the losses
          weight (4, 2)
          losses (4, 3)
        """,
        ShapeException.class,
        () -> new BinaryCrossEntropyWithLogits().weight(zeros(4, 2)).of(of(4, 3), zeros(4, 3)));
  }

  @Test
  void pairsAndDrawnScoresFit() {
    refused(
        """
        CosineEmbedding: there is not one target for each pair
          a, b   (4, 3)
          target (3)
        """,
        ShapeException.class,
        () -> Losses.cosineEmbedding(of(4, 3), of(4, 3), zeros(3)));
    refused(
        """
        NegativeSampling: there is not a row of drawn scores for each observed one
          scores (4)      N
          drawn  (3, 2)   N K
        """,
        ShapeException.class,
        () -> new NegativeSampling().of(of(4), of(3, 2)));
  }

  @Test
  void varianceIsNotNegative() {
    refused(
        """
        GaussianNLL: a variance is negative
          least  -0.5
          help   let the network predict its logarithm, or end it in softplus()
        """,
        IllegalArgumentException.class,
        () -> Losses.gaussianNLL(of(2), zeros(2), of(2).sub(0.5)));
  }

  @Test
  void anEvidenceBoundAddsUpWhatAnExampleCosts() {
    refused(
        """
        ELBO: the reconstruction has no loss for each example
          losses ()
          mean   (4, 2)
          help   reconstruction(new MSE().reduction(NONE))
        """,
        ShapeException.class,
        () -> new ELBO().reconstruction(new MSE()).of(of(4, 3), zeros(4, 3), of(4, 2), of(4, 2)));
  }

  @Test
  void aPenaltyNeedsACriticOfItsInput() {
    refused(
        """
        GradientPenalty: the critic's scores do not depend on its input
          why    it was computed with value(), detached, or inside inference(...)
        """,
        GradientException.class,
        () ->
            new GradientPenalty()
                .of(x -> x.detach().square(), zeros(2, 3), zeros(2, 3), Seed.of(1)));
    refused(
        """
        GradientPenalty: real and generated differ in shape
          first  (2, 3)
          second (2, 4)
          rule   the shapes are equal; nothing broadcasts in a loss
        """,
        ShapeException.class,
        () -> new GradientPenalty().of(x -> x, zeros(2, 3), zeros(2, 4), Seed.of(1)));
  }

  @Test
  void optionsHaveTheirRange() {
    Class<IllegalArgumentException> type = IllegalArgumentException.class;
    refused("Huber: the delta must be positive, found 0.0", type, () -> new Huber().delta(0));
    refused(
        "SmoothL1: the beta must be at least 0.0, found -1.0", type, () -> new SmoothL1().beta(-1));
    refused("MultiMargin: p must be 1 or 2, found 3", type, () -> new MultiMargin().p(3));
    refused(
        "CosineEmbedding: the margin must be between -1 and 1, found 2.0",
        type,
        () -> new CosineEmbedding().margin(2));
    refused(
        "TripletMargin: the margin must be positive, found -1.0",
        type,
        () -> new TripletMargin().margin(-1));
    refused(
        "TripletMargin: the p must be positive, found NaN",
        type,
        () -> new TripletMargin().p(Double.NaN));
    refused(
        "PoissonNLL: the eps must be at least 0.0, found -1.0",
        type,
        () -> new PoissonNLL().eps(-1));
    refused(
        "GaussianNLL: the eps must be positive, found 0.0", type, () -> new GaussianNLL().eps(0));
    refused("ELBO: the beta must be at least 0.0, found -1.0", type, () -> new ELBO().beta(-1));
    refused(
        "GradientPenalty: the lambda must be at least 0.0, found -1.0",
        type,
        () -> new GradientPenalty(-1));
    refused(
        "CrossEntropy: the label smoothing must be between 0 and 1, found 1.5",
        type,
        () -> new CrossEntropy().labelSmoothing(1.5));
  }
}
