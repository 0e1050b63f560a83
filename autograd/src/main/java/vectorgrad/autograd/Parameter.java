package vectorgrad.autograd;

import java.util.Optional;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A variable that is learnt: the only one that can change. Its value lives in a [Cell] outside
/// every scope; an optimizer writes it in place, which raises its version, so that a backward pass
/// through a graph that saved the earlier value is refused.
public final class Parameter extends Variable {
  private final Cell cell;
  private volatile String name = "";
  private volatile boolean trainable = true;

  private Parameter(Tensor initial) {
    if (!initial.dtype().isFloating()) {
      throw new DTypeException(
          Message.of("Parameter", "needs floating numbers, found " + initial.dtype())
              .row("shape", initial.shape())
              .row("help", "convert with to(DType.F32)"),
          initial.shape());
    }
    cell = new Cell(initial);
  }

  /// A parameter of f32 zeros, to be initialised.
  public static Parameter of(Shape shape) {
    return new Parameter(Tensor.zeros(shape, DType.F32));
  }

  /// A parameter with a copy of `initial`, of floating numbers. One of 16 bits is for use, at half
  /// the memory; optimizers refuse it, since small steps would be lost: see [Autocast].
  public static Parameter of(Tensor initial) {
    return new Parameter(initial);
  }

  @Override
  public Tensor value() {
    return cell.value();
  }

  @Override
  public boolean requiresGrad() {
    return trainable;
  }

  /// The name under which a model holds this parameter, `"0.weight"`; empty as long as none does.
  public String name() {
    return name;
  }

  /// Gives the parameter its name: the first one stays.
  public Parameter name(String first) {
    if (name.isEmpty()) {
      name = first;
    }
    return this;
  }

  /// Replaces the value, in place where shape, dtype and device stay.
  public void set(Tensor value) {
    cell.set(value);
  }

  /// A parameter of its own with a copy of the value and the same settings.
  public Parameter copy() {
    Parameter copy = new Parameter(value());
    copy.name = name;
    copy.trainable = trainable;
    return copy;
  }

  /// How often the present memory was written in place.
  public long version() {
    return cell.version();
  }

  /// The memory, for an optimizer's fused update.
  public Cell cell() {
    return cell;
  }

  /// Whether gradients are computed for this parameter: true unless frozen.
  public boolean trainable() {
    return trainable;
  }

  /// Freezes (`false`) or unfreezes (`true`) the parameter.
  public void trainable(boolean trainable) {
    this.trainable = trainable;
  }

  @Override
  Optional<String> label() {
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }

  @Override
  public String toString() {
    return "Parameter " + (name.isEmpty() ? "" : "\"" + name + "\" ") + value();
  }
}
