package vectorgrad.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.ShapeException;

/// Layers side by side on the same input, their outputs one behind the other along an axis: `y =
/// [f₁(x), …, fₙ(x)]`, as in an Inception block. The layers are named by their numbers, `0.weight`.
///
/// | | shape |
/// |---|---|
/// | `fᵢ(x)` | (…, Cᵢ, …), alike but for the size of `axis` |
/// | `y` | (…, C₁ + … + Cₙ, …) |
///
/// Cost: that of the layers, and a copy of what they give. Source: Szegedy et al., *Going deeper
/// with convolutions*, 2014.
///
/// @param layers the layers, at least one
/// @param axis the axis that grows; negative ones count from the end
public record Parallel(List<Layer> layers, int axis) implements Layer {

  /// Takes a copy of the list.
  ///
  /// @throws IllegalArgumentException if it is empty
  public Parallel {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("Parallel: needs at least one layer");
    }
  }

  @Override
  public Map<String, Object> components() {
    Map<String, Object> numbered = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      numbered.put(Integer.toString(i), layers.get(i));
    }
    return numbered;
  }

  @Override
  public Variable forward(Variable x) {
    Variable[] outputs = new Variable[layers.size()];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = Location.step(this, Integer.toString(i), layers.get(i), x);
      if (!fits(outputs[0], outputs[i])) {
        throw new ShapeException(
            Location.message(this, "Parallel", "outputs 0 and " + i + " differ beside axis " + axis)
                .row("0", outputs[0].shape())
                .row(Integer.toString(i), outputs[i].shape())
                .row("help", "pad convolutions, so that all keep the size of their input"),
            outputs[0].shape(),
            outputs[i].shape());
      }
    }
    return Variable.concat(axis, outputs);
  }

  private boolean fits(Variable a, Variable b) {
    return a.rank() == b.rank() && a.shape().with(axis, b.size(axis)).equals(b.shape());
  }

  @Override
  public String toString() {
    return tree();
  }
}
