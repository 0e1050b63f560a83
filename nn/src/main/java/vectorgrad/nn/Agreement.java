package vectorgrad.nn;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.IndexException;
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
      Message message =
          Message.of(loss, first + " and " + second + " differ in shape")
              .row("first", a.shape())
              .row("second", b.shape())
              .row("rule", "the shapes are equal; nothing broadcasts in a loss");
      if (a.rank() > 0 && a.size(-1) == 1 && a.squeeze(-1).shape().equals(b.shape())) {
        message.row("help", first + ".squeeze(-1) has one number for each, too");
      } else if (b.rank() > 0 && b.size(-1) == 1 && b.squeeze(-1).shape().equals(a.shape())) {
        message.row("help", second + ".squeeze(-1) has one number for each, too");
      }
      throw new ShapeException(message, a.shape(), b.shape());
    }
  }

  /// What `picked` gives, which reads numbers by `labels` of `classes`; a label that is none of
  /// them is named as such.
  static Variable byLabels(String loss, Tensor labels, int classes, Supplier<Variable> picked) {
    try {
      return picked.get();
    } catch (IndexException e) {
      throw noSuchClass(loss, labels, classes, e);
    }
  }

  private static IndexException noSuchClass(
      String loss, Tensor labels, int classes, IndexException found) {
    long label = found.index();
    boolean fromOne = labels.min().item() == 1 && labels.max().item() == classes;
    String help =
        fromOne
            ? "labels count from 0; these look to count from 1: labels.sub(1)"
            : label < 0 || label == 255
                ? "if it marks what does not count, as padding does: ignoreIndex(" + label + ")"
                : "a last layer of " + (label + 1) + " outputs would have such a class";
    IndexException refused =
        new IndexException(
            Message.of(
                    loss,
                    "label " + label + at(labels, label) + " is no class, there are " + classes)
                .row("labels", labels.shape() + outside(labels, classes))
                .row("rule", "0 <= label < " + classes + ", the size of axis 1 of the scores")
                .row("help", help),
            label,
            classes);
    refused.initCause(found);
    return refused;
  }

  /// Where `number` stands first among `numbers`: ` at (2, 0)`.
  static String at(Tensor numbers, long number) {
    long[] all = numbers.toLongs();
    int place = 0;
    while (all[place] != number) {
      place++;
    }
    int[] index = new int[numbers.rank()];
    for (int axis = index.length - 1; axis >= 0; axis--) {
      index[axis] = place % numbers.size(axis);
      place /= numbers.size(axis);
    }
    return index.length == 0 ? "" : " at " + Shape.of(index);
  }

  /// How many of `numbers` are not from 0 to below `size`: `, 1 of 4 outside`.
  static String outside(Tensor numbers, int size) {
    long wrong = LongStream.of(numbers.toLongs()).filter(n -> n < 0 || n >= size).count();
    return ", " + wrong + " of " + numbers.size() + " outside";
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
      Message message =
          Message.of(loss, "the labels do not fit the " + scores)
              .row(scores, Location.column(rows, labels.shape()) + (flat ? "N C" : "N C …"))
              .row("labels", Location.column(labels.shape(), rows) + (flat ? "N" : "N …"))
              .row(
                  "rule",
                  flat
                      ? "one row of " + scores + " and one label for each example"
                      : "classes lie along axis 1, and each of the other places has a label");
      if (labels.shape().equals(rows)) {
        message.row("help", "of one-hot rows the labels are labels.argmax(1)");
      } else if (rows.rank() >= 2 && labels.shape().equals(rows.with(1, 1))) {
        message.row("help", "labels.squeeze(1)");
      }
      throw new ShapeException(message, rows, labels.shape());
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
