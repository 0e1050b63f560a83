package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// What losses expect of their inputs.
final class Agreement {
  private Agreement() {}

  /// Sees to it that prediction and target have one shape.
  static void ofShapes(String loss, Variable prediction, Variable target) {
    ofShapes(loss, "prediction", prediction, "target", target);
  }

  static void ofShapes(String loss, String first, Variable a, String second, Variable b) {
    if (!a.shape().equals(b.shape())) {
      throw new ShapeException(
          Message.of(loss, first + " and " + second + " differ in shape")
              .row("first", a.shape())
              .row("second", b.shape())
              .row("rule", "the shapes are equal; nothing broadcasts in a loss"),
          a.shape(),
          b.shape());
    }
  }

  /// Sees to it that there is a label for each row of `scores`: (N, C, …) and (N, …).
  static void ofLabels(String loss, String scores, Shape rows, Tensor labels) {
    DType dtype = labels.dtype();
    if (dtype != DType.I32 && dtype != DType.I64) {
      throw new DTypeException(
          Message.of(loss, "labels are i32, found " + dtype).row("help", "labels.to(DType.I32)"));
    }
    boolean fits =
        rows.rank() >= 2
            && labels.rank() >= 1
            && labels.unsqueeze(1).shape().equals(rows.with(1, 1));
    if (!fits) {
      boolean flat = rows.rank() == 2;
      throw new ShapeException(
          Message.of(loss, "the labels do not fit the " + scores)
              .row(scores, Location.column(rows, labels.shape()) + (flat ? "N C" : "N C …"))
              .row("labels", Location.column(labels.shape(), rows) + (flat ? "N" : "N …"))
              .row(
                  "rule",
                  flat
                      ? "one row of " + scores + " and one label for each example"
                      : "classes lie along axis 1, and each of the other places has a label"),
          rows,
          labels.shape());
    }
  }

  /// The weights of the classes in the dtype of what they weigh.
  ///
  /// @throws ShapeException if there is not one for each
  static Optional<Tensor> classWeights(String loss, Optional<Tensor> weights, Variable of) {
    return weights.map(w -> {
      if (w.rank() != 1 || w.size() != of.size(1)) {
        throw new ShapeException(
            Message.of(loss, "there is not one weight for each class")
                .row("weight", w.shape())
                .row("scores", of.shape()),
            w.shape(),
            of.shape());
      }
      return w.to(of.dtype()).to(of.device());
    });
  }

  /// The losses, each times its weight, which broadcasts.
  ///
  /// @throws ShapeException if there are more weights than losses
  static Variable weighted(String loss, Variable losses, Optional<Tensor> weight) {
    return weight.map(w -> losses.mul(broadcast(loss, w, losses))).orElse(losses);
  }

  /// A weight that broadcasts to the losses, in their dtype.
  static Variable broadcast(String loss, Tensor weight, Variable losses) {
    Shape shape = losses.shape();
    boolean fits = weight.rank() <= shape.rank();
    for (int i = 1; fits && i <= weight.rank(); i++) {
      int size = weight.size(weight.rank() - i);
      fits = size == 1 || size == shape.get(shape.rank() - i);
    }
    if (!fits) {
      throw new ShapeException(
          Message.of(loss, "the weights do not broadcast to the losses")
              .row("weight", weight.shape())
              .row("losses", shape),
          weight.shape(),
          shape);
    }
    return Variable.constant(weight.to(losses.dtype()).to(losses.device()));
  }

  /// Sees to it that an option is a number from `least` on, and finite.
  static void atLeast(String loss, String option, double value, double least) {
    if (!(value >= least && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s: the %s must be at least %s, found %s".formatted(loss, option, least, value));
    }
  }

  /// Sees to it that an option is a positive number.
  static void positive(String loss, String option, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s: the %s must be positive, found %s".formatted(loss, option, value));
    }
  }
}
