package vectorgrad.autograd;

import java.util.Optional;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// What a graph remembers of a variable whose numbers no backward reads: its shape and where it
/// came from. The numbers go as soon as nothing else holds them.
final class Outline extends Variable {
  /// Values of so few elements stay, to be shown by an [Explanation]: they weigh no more than the
  /// outline itself.
  private static final int SMALL = 16;

  private final Optional<Tensor> small;
  private final Shape shape;
  private final DType dtype;
  private final Device device;

  Outline(Variable of, Node node) {
    super(node);
    this.shape = of.shape();
    this.small =
        of instanceof Outline outline
            ? outline.small
            : shape.size() <= SMALL ? Optional.of(of.value()) : Optional.empty();
    this.dtype = of.dtype();
    this.device = of.device();
  }

  /// The numbers, if they are few. They may be gone with their scope all the same.
  Optional<Tensor> small() {
    return small;
  }

  @Override
  public Tensor value() {
    throw new GradientException(
        Message.of("backward", "asks for numbers that the graph did not save")
            .row("shape", shape)
            .row(
                "rule",
                "backward reads what the operation's saved() names, of the rest only shapes"));
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public DType dtype() {
    return dtype;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public String toString() {
    return shape + " " + dtype + ", its numbers let go";
  }
}
