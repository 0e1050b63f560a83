package vectorgrad.nn;

import static vectorgrad.numerics.Formula.ONE;

import java.util.Optional;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Pointwise;
import vectorgrad.autograd.Variable;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Tensor;

/// Binary cross-entropy of targets `t` in [0, 1] under the sigmoid of logits `z`:
///
/// `−t·log σ(z) − (1 − t)·log(1 − σ(z)) = t·softplus(−z) + (1 − t)·softplus(z)`
///
/// with `softplus(z) = log(1 + eᶻ) = max(z, 0) + log(1 + e^−|z|)`. Nothing overflows, and no two
/// large numbers cancel: a confident right answer has the tiny loss `e^−|z|`, not 0. The gradient
/// is `σ(z) − t`. The naive form is infinite in f32 from a logit of 17 on, where `1 − σ(z)` rounds
/// to 0, and its gradient NaN.
///
/// | name | shape |
/// |---|---|
/// | logits, targets | any, the same |
/// | loss | (), or that shape without a reduction |
///
/// Cost: an exponential and a logarithm an element, in one pass; backward keeps both inputs.
/// PyTorch's `BCEWithLogitsLoss`.
///
/// With a weight `w` and a weight of positives `p` it is `w·(p·t·softplus(−z) + (1 −
/// t)·softplus(z))`.
///
/// @param weight factors that broadcast to the elements; a mean divides by their number, not by the
///   sum of the weights
/// @param posWeight factors of the positive part that broadcast to the elements, one for each class
///   as a rule: above 1 for more recall, below 1 for more precision
/// @param reduction mean, sum, none, or the sum over an example
public record BinaryCrossEntropyWithLogits(
    Optional<Tensor> weight, Optional<Tensor> posWeight, Reduction reduction) implements Loss {
  /// The mean over all elements.
  public BinaryCrossEntropyWithLogits() {
    this(Optional.empty(), Optional.empty(), Reduction.MEAN);
  }

  /// A copy that multiplies the losses by these weights.
  public BinaryCrossEntropyWithLogits weight(Tensor weights) {
    return new BinaryCrossEntropyWithLogits(Optional.of(weights), posWeight, reduction);
  }

  /// A copy that multiplies what positive targets cost by these weights.
  public BinaryCrossEntropyWithLogits posWeight(Tensor weights) {
    return new BinaryCrossEntropyWithLogits(weight, Optional.of(weights), reduction);
  }

  /// A copy with this reduction.
  public BinaryCrossEntropyWithLogits reduction(Reduction other) {
    return new BinaryCrossEntropyWithLogits(weight, posWeight, other);
  }

  /// @throws vectorgrad.tensor.ShapeException if the shapes differ
  @Override
  public Variable of(Variable logits, Tensor targets) {
    return of(logits, Variable.constant(targets));
  }

  /// The loss against targets that may want a gradient too.
  ///
  /// @throws vectorgrad.tensor.ShapeException if the shapes differ
  public Variable of(Variable logits, Variable targets) {
    String name = "BinaryCrossEntropyWithLogits";
    Agreement.ofShapes(name, logits, targets);
    Variable losses =
        posWeight
            .map(p -> {
              Variable positive = logits.neg().softplus().mul(targets);
              Variable negative = logits.softplus().mul(targets.neg().add(1));
              return positive.mul(Agreement.broadcast(name, p, positive)).add(negative);
            })
            .orElseGet(() ->
                Autocast.widen(logits)
                    .map(new OfLogit(), Autocast.widen(targets))); // in one kernel
    return reduction.of(Agreement.weighted(name, losses, weight));
  }

  /// The definition, to be read and to be tested against: right for small logits. Where the sigmoid
  /// rounds to 0 or 1 it takes the logarithm of 0.
  static Variable naive(Variable logits, Variable targets) {
    Variable p = logits.sigmoid();
    Variable yes = targets.mul(p.log());
    Variable no = targets.neg().add(1).mul(p.neg().add(1).log());
    return yes.add(no).neg().mean();
  }

  /// The loss of one element: `t·softplus(−z) + (1 − t)·softplus(z)`, `d/dz = (1 − t)·σ(z) −
  /// t·σ(−z)`, which cancels nothing, and `d/dt = −z`.
  record OfLogit() implements Pointwise.Binary {
    @Override
    public Formula value(Formula z, Formula t) {
      Formula both = z.abs().negate().exp().log1p(); // shared by softplus(−z) and softplus(z)
      Formula positive = z.negate().max(Formula.ZERO).plus(both);
      Formula negative = z.max(Formula.ZERO).plus(both);
      return t.times(positive).plus(ONE.minus(t).times(negative));
    }

    @Override
    public Formula slopeA(Formula z, Formula t, Formula y) {
      return ONE.minus(t).times(z.sigmoid()).minus(t.times(z.negate().sigmoid()));
    }

    @Override
    public Formula slopeB(Formula z, Formula t, Formula y) {
      return z.negate();
    }
  }
}
