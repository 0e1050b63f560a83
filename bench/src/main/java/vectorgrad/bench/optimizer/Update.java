package vectorgrad.bench.optimizer;

import java.util.List;
import vectorgrad.autograd.Parameter;
import vectorgrad.optim.Adam;
import vectorgrad.optim.Optimizer;
import vectorgrad.optim.Sgd;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// An update by gradients that stay the same.
///
/// Such gradients make the way of every parameter a straight line, and where it is after two steps
/// is easily said: that is what every contender's parameters are held to.
public enum Update {
  /// With a momentum of 0.9: the second step is 1.9 times the first.
  MOMENTUM {
    @Override
    Optimizer optimizer(List<Parameter> parameters) {
      return new Sgd(parameters).learningRate(RATE).momentum(SHARE);
    }

    @Override
    double moved(double gradient) {
      return -RATE * (1 + 1 + SHARE) * gradient;
    }
  },

  /// Each step has the size of the rate, but for ε.
  ADAM {
    @Override
    Optimizer optimizer(List<Parameter> parameters) {
      return new Adam(parameters).learningRate(RATE);
    }

    @Override
    double moved(double gradient) {
      return -2 * RATE * Math.signum(gradient);
    }
  };

  /// The learning rate.
  public static final double RATE = 1e-3;

  /// The momentum of [#MOMENTUM].
  public static final double SHARE = 0.9;

  /// f32, after two steps of 0.001.
  private static final double TOLERANCE = 1e-7;

  abstract Optimizer optimizer(List<Parameter> parameters);

  /// Where a parameter is after two steps from 0.
  abstract double moved(double gradient);

  /// Gradients of either sign, from 0.5 to 1 and from −1 to −0.5: far from ε.
  public static Tensor gradient(int size) {
    float[] uniform = Tensor.uniform(Seed.of(1), 0, Shape.of(size), DType.F32).toFloats();
    for (int i = 0; i < size; i++) {
      uniform[i] = uniform[i] < 0.5f ? uniform[i] - 1 : uniform[i];
    }
    return Tensor.of(uniform);
  }

  /// Refuses parameters that are not where two steps lead: who updates otherwise is not measured.
  public void expect(float[] parameters) {
    float[] gradient = gradient(parameters.length).toFloats();
    for (int i = 0; i < parameters.length; i++) {
      double right = moved(gradient[i]);
      if (!(Math.abs(parameters[i] - right) <= TOLERANCE)) {
        throw new IllegalStateException(
            "%s: a parameter of gradient %s is %s and should be %s"
                .formatted(this, gradient[i], parameters[i], right));
      }
    }
  }
}
