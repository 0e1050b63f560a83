package vectorgrad.cli;

import static vectorgrad.nn.Layers.flatten;
import static vectorgrad.nn.Layers.linear;
import static vectorgrad.nn.Layers.relu;
import static vectorgrad.nn.Layers.sequential;

import java.util.List;
import vectorgrad.data.Pictures;
import vectorgrad.nn.Models;
import vectorgrad.nn.Sequential;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;

/// The networks that can be trained by name.
final class Zoo {
  static final String LENET = "lenet";

  private static final String MLP = "mlp";

  private static final List<String> NAMES = List.of(LENET, MLP);
  private static final int CLASSES = 10;

  /// Hidden units of the MLP.
  private static final int HIDDEN = 128;

  private Zoo() {}

  /// The name as it is written here: `LeNet` is `lenet`.
  ///
  /// @throws UserError if there is no network of that name
  static String named(String name) {
    return Choices.of("train", "network", name, NAMES, known -> known);
  }

  /// The network of that name for such pictures: an MLP with one hidden layer takes any; LeNet is
  /// for 28×28, and has a smaller relative for the digits.
  static Sequential network(String name, Pictures pictures) {
    Shape shape = pictures.train().inputShape();
    int classes = pictures.train().classes().size();
    if (named(name).equals(MLP)) {
      return sequential(flatten(), linear(shape.size(), HIDDEN), relu(), linear(HIDDEN, classes));
    }
    boolean large = shape.equals(Shape.of(1, 28, 28));
    if (classes > CLASSES || !(large || shape.equals(Shape.of(1, 8, 8)))) {
      throw new UserError(
          Message.of("train", name + " has no form for these pictures")
              .row("data", "%s, %s in %d classes".formatted(pictures.name(), shape, classes))
              .row("rule", "(1, 28, 28) or (1, 8, 8), at most " + CLASSES + " classes"));
    }
    return large ? Models.leNet() : Models.digits();
  }
}
