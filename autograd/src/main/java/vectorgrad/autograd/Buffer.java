package vectorgrad.autograd;

import vectorgrad.tensor.Cell;
import vectorgrad.tensor.Tensor;

/// A tensor that belongs to a layer, changes, and is learnt by no optimizer: running statistics,
/// the state of a random stream. Saved with checkpoints, written only by a forward pass in training
/// mode.
public final class Buffer {
  private final Cell cell;

  /// A buffer with a copy of `initial`.
  public Buffer(Tensor initial) {
    cell = new Cell(initial);
  }

  /// The present value.
  public Tensor value() {
    return cell.value();
  }

  /// Replaces the value, in place where shape, dtype and device stay.
  public void set(Tensor value) {
    Journal.note(this);
    cell.set(value);
  }

  /// The memory, for fused updates.
  public Cell cell() {
    Journal.note(this);
    return cell;
  }

  @Override
  public String toString() {
    return "Buffer " + value().shape() + " " + value().dtype();
  }
}
