package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.ZERO;

import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// The usual losses, each the mean over all examples, for `import static vectorgrad.nn.Losses.*`.
public final class Losses {
  private static final CrossEntropy CROSS_ENTROPY = new CrossEntropy();

  private Losses() {}

  /// Cross-entropy of I32 labels (N) under the softmax of logits (N, C): [CrossEntropy].
  ///
  /// @throws vectorgrad.tensor.ShapeException if there is not one label for each row of logits
  /// @throws vectorgrad.tensor.DTypeException if the labels are not I32
  public static Variable crossEntropy(Variable logits, Tensor labels) {
    return CROSS_ENTROPY.of(logits, labels);
  }

  /// [#crossEntropy(Variable, Tensor)] against labels smoothed by `labelSmoothing`.
  public static Variable crossEntropy(Variable logits, Tensor labels, double labelSmoothing) {
    return CROSS_ENTROPY.labelSmoothing(labelSmoothing).of(logits, labels);
  }

  /// Mean squared error: the mean of `(prediction − target)²` over all elements. The shapes must be
  /// equal: a target that broadcasts is a mistake here more often than not.
  public static Variable mse(Variable prediction, Variable target) {
    expectEqual("mse", prediction, target);
    return prediction.sub(target).square().mean();
  }

  /// Mean squared error against a fixed target.
  public static Variable mse(Variable prediction, Tensor target) {
    return mse(prediction, Variable.constant(target));
  }

  /// Mean absolute error: the mean of `|prediction − target|`. Its slope at 0 is 0.
  public static Variable mae(Variable prediction, Variable target) {
    expectEqual("mae", prediction, target);
    return prediction.sub(target).abs().mean();
  }

  /// Mean absolute error against a fixed target.
  public static Variable mae(Variable prediction, Tensor target) {
    return mae(prediction, Variable.constant(target));
  }

  /// Binary cross-entropy of targets `t` in [0, 1] under the sigmoid of logits `z`: the mean of
  /// `max(z, 0) − z·t + log(1 + e^−|z|)`, which no logit makes overflow.
  public static Variable binaryCrossEntropyWithLogits(Variable logits, Variable targets) {
    expectEqual("binaryCrossEntropyWithLogits", logits, targets);
    return logits.map(new BinaryCrossEntropy(), targets).mean();
  }

  /// Binary cross-entropy against fixed targets.
  public static Variable binaryCrossEntropyWithLogits(Variable logits, Tensor targets) {
    return binaryCrossEntropyWithLogits(logits, Variable.constant(targets));
  }

  private static void expectEqual(String operation, Variable prediction, Variable target) {
    Shape found = prediction.shape();
    Shape wanted = target.shape();
    if (!found.equals(wanted)) {
      throw new ShapeException(
          Message.of(operation, "prediction and target differ in shape")
              .row("found", found)
              .row("target", wanted)
              .row("rule", "the shapes are equal; nothing broadcasts in a loss"),
          found,
          wanted);
    }
  }

  /// `max(z, 0) − z·t + log(1 + e^−|z|)`, `d/dz = σ(z) − t`, `d/dt = −z`.
  ///
  /// Far from 0, `1 + e` loses the small `e = e^−|z|`; Kahan's quotient `log(u)·e / (u − 1)` with
  /// the rounded `u = 1 + e` gives it back.
  public record BinaryCrossEntropy() implements Pointwise.Binary {
    @Override
    public Formula value(Formula z, Formula t) {
      Formula e = z.abs().negate().exp();
      Formula u = ONE.plus(e);
      Formula log1p = u.equalTo(ONE).then(e, u.log().times(e).over(u.minus(ONE)));
      return z.max(ZERO).minus(z.times(t)).plus(log1p);
    }

    @Override
    public Formula slopeA(Formula z, Formula t, Formula y) {
      return z.sigmoid().minus(t);
    }

    @Override
    public Formula slopeB(Formula z, Formula t, Formula y) {
      return z.negate();
    }
  }
}
