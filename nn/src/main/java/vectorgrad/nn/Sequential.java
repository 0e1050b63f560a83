package vectorgrad.nn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Seed;

/// Layers one after the other: `y = fₙ(…f₂(f₁(x)))`. The layers are named by their numbers,
/// `0.weight`, as PyTorch names them. Errors inside tell the path: `at model.0`. Shapes: what each
/// gives is what the next one takes. Cost: that of the layers, nothing of its own, and less where a
/// layer can [Finish] what it writes with the activation behind it.
///
/// @param layers the layers, first to last
public record Sequential(List<Layer> layers) implements Layer {

  /// Takes a copy of the list.
  public Sequential {
    layers = List.copyOf(layers);
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
    Variable y = x;
    for (int i = 0; i < layers.size(); i++) {
      boolean isLast = i + 1 == layers.size();
      Optional<Activation> next =
          isLast ? Optional.empty() : Finishing.activation(layers.get(i + 1));
      String place = Integer.toString(i);
      if (next.isPresent() && layers.get(i) instanceof Finish layer) {
        y = Location.step(this, place, before -> layer.forward(before, next.get()), y);
        i++; // done as well
      } else {
        y = Location.step(this, place, layers.get(i), y);
      }
    }
    return y;
  }

  /// The layer at `index`; negative ones count from the end.
  ///
  /// @throws IndexOutOfBoundsException if there is none
  public Layer get(int index) {
    return layers.get(layer(index));
  }

  /// The layers `from` up to but without `to` as a network of their own, sharing the parameters;
  /// their names begin at 0 again. Negative places count from the end: `slice(0, -1)` is all but
  /// the head.
  public Sequential slice(int from, int to) {
    return new Sequential(layers.subList(place(from), place(to)));
  }

  private int place(int index) {
    return index < 0 ? index + layers.size() : index;
  }

  private int layer(int index) {
    if (place(index) < 0 || place(index) >= layers.size()) {
      throw new IndexOutOfBoundsException(
          "Sequential: there is no layer " + index + " among " + layers.size());
    }
    return place(index);
  }

  /// A network with the layer at `index` (negative: from the end) replaced, sharing the others: a
  /// new head on an old body.
  public Sequential replace(int index, Layer layer) {
    List<Layer> changed = new ArrayList<>(layers);
    changed.set(layer(index), layer);
    return new Sequential(changed);
  }

  /// A network with the last layer replaced, sharing the others: what was learnt for one task, used
  /// for another.
  ///
  /// ```java
  /// var model = trained.replaceHead(linear(512, 3)); // three classes now
  /// model.slice(0, -1).freeze();                     // learn the head alone
  /// ```
  public Sequential replaceHead(Layer head) {
    return replace(-1, head);
  }

  @Override
  public Sequential initialize(Seed seed) {
    Layer.super.initialize(seed);
    return this;
  }

  @Override
  public Sequential initialize(Seed seed, BiFunction<String, Parameter, Initializer> rule) {
    Layer.super.initialize(seed, rule);
    return this;
  }

  @Override
  public Sequential to(Device device) {
    Layer.super.to(device);
    return this;
  }

  @Override
  public Sequential to(DType dtype) {
    Layer.super.to(dtype);
    return this;
  }

  @Override
  public Sequential freeze() {
    Layer.super.freeze();
    return this;
  }

  @Override
  public Sequential unfreeze() {
    Layer.super.unfreeze();
    return this;
  }

  @Override
  public Sequential copy() {
    return (Sequential) Layer.super.copy();
  }

  @Override
  public String toString() {
    return tree();
  }
}
