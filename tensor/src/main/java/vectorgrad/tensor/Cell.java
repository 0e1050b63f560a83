package vectorgrad.tensor;

import java.util.List;
import vectorgrad.numerics.Program;

/// A tensor that may change: the memory of a parameter, of running statistics, of optimizer state.
///
/// Tensors are immutable; a cell is the one place where memory is written in place, so that an
/// optimizer step touches each array once. Every write raises the [#version()], by which a graph
/// notices that a value it saved is gone. Cells live outside every [Scope].
public final class Cell {
  private Tensor value;

  /// A cell with a copy of `initial`.
  public Cell(Tensor initial) {
    this.value = owned(initial);
  }

  /// The present value. It shares the cell's memory, and so shows later writes too; take
  /// [Tensor#copy()] for a snapshot.
  public Tensor value() {
    return value;
  }

  /// How often the value was written or replaced.
  public long version() {
    return value.version();
  }

  /// Replaces the value: in place where shape, dtype and device stay, by a fresh copy otherwise.
  public void set(Tensor replacement) {
    if (replacement.shape().equals(value.shape())
        && replacement.dtype() == value.dtype()
        && replacement.device() == value.device()) {
      value.device().backend().copy(replacement, value);
      value.storage().written();
    } else {
      long next = value.version() + 1;
      value = owned(replacement);
      value.storage().version(next);
    }
  }

  /// Runs a fused elementwise `program` over `inputs` and writes its outputs into `cells`, in place
  /// and in one pass. The inputs may be the cells' own values; scalars among them are broadcast.
  ///
  /// @throws ShapeException if the program has not one output for each cell, or the cells differ in
  ///   shape
  public static void update(Program program, List<Cell> cells, Tensor... inputs) {
    Tensor[] outputs = new Tensor[cells.size()];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = cells.get(i).value;
    }
    if (program.outputs().size() != outputs.length) {
      throw new ShapeException(
          "update",
          "the program has "
              + program.outputs().size()
              + " outputs for "
              + outputs.length
              + " cells");
    }
    Shape shape = outputs[0].shape();
    for (Tensor output : outputs) {
      if (!output.shape().equals(shape)) {
        throw new ShapeException(
            "update", "cells differ in shape, " + shape + " and " + output.shape());
      }
    }
    Device device = Tensor.commonDevice("update", inputs);
    Tensor.expectDevice("update", device, outputs[0]);
    Tensor[] expanded = new Tensor[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      expanded[i] = inputs[i].expand(shape);
    }
    device.backend().pointwise(program, expanded, outputs);
    for (Tensor output : outputs) {
      output.storage().written();
    }
  }

  private static Tensor owned(Tensor tensor) {
    Tensor copy = Scope.outside(tensor::copy);
    copy.storage().ofCell();
    return copy;
  }
}
