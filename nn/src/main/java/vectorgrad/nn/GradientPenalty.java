package vectorgrad.nn;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import vectorgrad.autograd.GradientException;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Holds the slope of a critic near 1 on the way from generated examples to real ones:
///
/// `λ · mean over the examples of (‖∂critic/∂x̂‖ − 1)²`, `x̂ = ε·real + (1 − ε)·generated`, `ε` in
/// [0, 1), one for each example.
///
/// | name | shape |
/// |---|---|
/// | real, generated | (N, …), the same |
/// | critic(x̂) | (N), or (N, 1) |
/// | loss | () |
///
/// It is added to the [GANLoss#WASSERSTEIN] loss of the critic. Its gradient is one of a gradient:
/// the inner backward pass records a history, and the pass of the loss goes through it. Cost: about
/// three times a step of the critic.
///
/// A critic with batch normalisation has no gradient of one example; use layer normalisation.
///
/// Source: I. Gulrajani et al., *Improved training of Wasserstein GANs*, 2017, equation 3.
///
/// @param lambda λ
public record GradientPenalty(double lambda) {
  /// Checks λ.
  ///
  /// @throws IllegalArgumentException if it is negative
  public GradientPenalty {
    Agreement.atLeast("GradientPenalty", "lambda", lambda, 0);
  }

  /// λ = 10.
  public GradientPenalty() {
    this(10);
  }

  /// The penalty at places drawn by `seed` between `real` and `generated` examples (N, …).
  ///
  /// @throws vectorgrad.tensor.ShapeException if they differ in shape
  /// @throws GradientException if the critic does not depend on its input
  public Variable of(UnaryOperator<Variable> critic, Tensor real, Tensor generated, Seed seed) {
    int[] ones = new int[real.rank()];
    Arrays.fill(ones, 1);
    ones[0] = real.size(0);
    Tensor epsilon = Tensor.uniform(seed, 0, Shape.of(ones), real.dtype()).to(real.device());
    return between(critic, real, generated, epsilon);
  }

  /// The penalty at `epsilon`·real + (1 − `epsilon`)·generated.
  Variable between(UnaryOperator<Variable> critic, Tensor real, Tensor generated, Tensor epsilon) {
    Agreement.ofShapes(
        "GradientPenalty",
        "real",
        Variable.constant(real),
        "generated",
        Variable.constant(generated));
    Variable x = Variable.leaf(generated.add(real.sub(generated).mul(epsilon)));
    Variable scores = critic.apply(x);
    if (!scores.requiresGrad()) {
      throw new GradientException(
          Message.of("GradientPenalty", "the critic's scores do not depend on its input")
              .row("why", "it was computed with value(), detached, or inside inference(...)"));
    }
    Variable slopes = scores.sum().backwardWithGraph(x).variable(x).flatten(1);
    return slopes.norm(2, 1).sub(1).square().mean().mul(lambda);
  }
}
