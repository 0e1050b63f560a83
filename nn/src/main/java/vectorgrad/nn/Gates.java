package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;

/// The products of a [RecurrentCell]: gate by gate for the definitions, all gates at once for what
/// runs.
final class Gates {
  private Gates() {}

  /// One gate before its squashing: `x·W_ihᵀ + b_ih + h·W_hhᵀ + b_hh`, with its rows of each.
  static Variable one(RecurrentCell cell, Variable x, Variable hidden, int gate) {
    return ofInput(cell, x, gate).add(ofHidden(cell, hidden, gate));
  }

  static Variable ofInput(RecurrentCell cell, Variable x, int gate) {
    return one(x, cell.weightIh(), cell.biasIh(), gate, cell.hiddenSize());
  }

  static Variable ofHidden(RecurrentCell cell, Variable hidden, int gate) {
    return one(hidden, cell.weightHh(), cell.biasHh(), gate, cell.hiddenSize());
  }

  private static Variable one(
      Variable x, Parameter weight, Optional<Parameter> bias, int gate, int size) {
    Variable product = x.matmul(weight.narrow(0, gate * size, size).transpose());
    return bias.isEmpty() ? product : product.add(bias.get().narrow(0, gate * size, size));
  }

  /// `x·W_ihᵀ + (b_ih + b_hh)`, for every gate.
  static Variable ofInputWithBothBiases(RecurrentCell cell, Variable x) {
    Variable product = Autocast.widen(new Linear(cell.weightIh(), Optional.empty()).forward(x));
    return cell.biasIh().isEmpty()
        ? product
        : product.add(cell.biasIh().get().add(cell.biasHh().orElseThrow()));
  }

  /// `h·W_hhᵀ`, for every gate.
  static Variable ofHidden(RecurrentCell cell, Variable hidden) {
    return Variable.apply(new Linear.TimesTransposed(), hidden, cell.weightHh());
  }
}
