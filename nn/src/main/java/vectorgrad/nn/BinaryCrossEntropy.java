package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ONE;
import static vectorgrad.numerics.Formula.constant;

import java.util.Optional;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// Binary cross-entropy of targets `t` under probabilities `p`, both in [0, 1]:
///
/// `−t·log p − (1 − t)·log(1 − p)`
///
/// For a network that ends in a sigmoid leave that out and use [BinaryCrossEntropyWithLogits]: a
/// probability that was rounded to 0 or 1 no longer says how wrong it is. Here the logarithms are
/// cut off at −100, as PyTorch's, so the loss stays finite, and the slope `(p − t) / (p·(1 − p))`
/// divides by 10⁻¹² at least.
///
/// | name | shape |
/// |---|---|
/// | probabilities, targets | any, the same |
/// | loss | (), or that shape without a reduction |
///
/// Cost: two logarithms an element, and a pass that looks for numbers outside of [0, 1]; backward
/// keeps both inputs. PyTorch's `BCELoss`.
///
/// @param weight factors that broadcast to the elements; a mean divides by their number, not by the
///   sum of the weights
/// @param reduction mean, sum, none, or the sum over an example
public record BinaryCrossEntropy(Optional<Tensor> weight, Reduction reduction) implements Loss {
  /// The mean over all elements.
  public BinaryCrossEntropy() {
    this(Optional.empty(), Reduction.MEAN);
  }

  /// A copy that multiplies the losses by these weights.
  public BinaryCrossEntropy weight(Tensor weights) {
    return new BinaryCrossEntropy(Optional.of(weights), reduction);
  }

  /// A copy with this reduction.
  public BinaryCrossEntropy reduction(Reduction other) {
    return new BinaryCrossEntropy(weight, other);
  }

  /// @throws vectorgrad.tensor.ShapeException if the shapes differ
  /// @throws IllegalArgumentException if a probability is not between 0 and 1
  @Override
  public Variable of(Variable probabilities, Tensor targets) {
    return of(probabilities, Variable.constant(targets));
  }

  /// The loss against targets that may want a gradient too.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes differ
  /// @throws IllegalArgumentException if a probability is not between 0 and 1
  public Variable of(Variable probabilities, Variable targets) {
    Agreement.ofShapes("BinaryCrossEntropy", probabilities, targets);
    expectProbabilities(probabilities.value());
    Variable losses =
        Autocast.widen(probabilities).map(new OfProbability(), Autocast.widen(targets));
    return reduction.of(Agreement.weighted("BinaryCrossEntropy", losses, weight));
  }

  /// Logits here would make the loss NaN, which shows late and says nothing.
  private static void expectProbabilities(Tensor p) {
    if (p.size() > 0 && (p.min().item() < 0 || p.max().item() > 1)) {
      throw new IllegalArgumentException(
          Message.of("BinaryCrossEntropy", "the probabilities are not between 0 and 1")
              .row("found", "from " + p.min().item() + " to " + p.max().item())
              .row("help", "logits, the outputs of a last layer: binaryCrossEntropyWithLogits")
              .toString());
    }
  }

  /// The loss of one element.
  record OfProbability() implements Pointwise.Binary {
    private static Formula bounded(Formula logarithm) {
      return logarithm.max(constant(-100));
    }

    @Override
    public Formula value(Formula p, Formula t) {
      Formula yes = bounded(p.log());
      Formula no = bounded(p.negate().log1p());
      return t.minus(1).times(no).minus(t.times(yes));
    }

    @Override
    public Formula slopeA(Formula p, Formula t, Formula y) {
      return p.minus(t).over(p.times(ONE.minus(p)).max(constant(1e-12)));
    }

    @Override
    public Formula slopeB(Formula p, Formula t, Formula y) {
      return bounded(p.negate().log1p()).minus(bounded(p.log()));
    }
  }
}
