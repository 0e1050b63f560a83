package vectorgrad.nn;

import java.util.function.Function;
import vectorgrad.autograd.Variable;

/// A function without parameters as a layer, `y = function(x)`, with a name for printing. Shapes
/// and cost are the function's. What PyTorch writes as a module of three lines is a line of
/// [Layers#sequential] here.
///
/// @param name what it does, in a word
/// @param function the output for an input
public record Lambda(String name, Function<Variable, Variable> function) implements Layer {

  /// Refuses a function that holds a parameter, which would never be trained.
  ///
  /// @throws IllegalArgumentException if the function holds a parameter, a buffer or a layer
  public Lambda {
    Components.refuseHiddenCells(function.getClass());
  }

  @Override
  public Variable forward(Variable x) {
    return function.apply(x);
  }

  @Override
  public String label() {
    return "Lambda(" + name + ")";
  }

  @Override
  public String toString() {
    return tree();
  }
}
