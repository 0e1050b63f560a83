package vectorgrad.nn;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;

/// A part of a network with one input and one output. Its parameters are those of its components
/// ([Parameterized]), so a layer is a record and its `forward`:
///
/// ```java
/// record Scaled(Parameter scale, Layer body) implements Layer {
///   public Variable forward(Variable x) { return body.forward(x).mul(scale); }
/// }
/// ```
///
/// A layer without parameters may be a lambda: `sequential(linear(4, 8), x -> x.mul(2))`. What has
/// more inputs or outputs implements [Parameterized] alone and names its own method.
@FunctionalInterface
public interface Layer extends Parameterized {

  /// The output for `x`. Whether it is recorded, and whether layers such as [Dropout] are in
  /// training or in use, is the present [vectorgrad.autograd.Mode].
  Variable forward(Variable x);

  /// The output for a tensor that wants no gradient: a batch of data.
  default Variable forward(Tensor x) {
    return Location.root(this, Variable.constant(x));
  }

  @Override
  default Layer initialize(Seed seed) {
    Parameterized.super.initialize(seed);
    return this;
  }

  @Override
  default Layer initialize(Seed seed, BiFunction<String, Parameter, Initializer> rule) {
    Parameterized.super.initialize(seed, rule);
    return this;
  }

  @Override
  default Layer to(Device device) {
    Parameterized.super.to(device);
    return this;
  }

  @Override
  default Layer to(DType dtype) {
    Parameterized.super.to(dtype);
    return this;
  }

  @Override
  default Layer freeze() {
    Parameterized.super.freeze();
    return this;
  }

  @Override
  default Layer unfreeze() {
    Parameterized.super.unfreeze();
    return this;
  }

  @Override
  default Layer freeze(Predicate<String> filter) {
    Parameterized.super.freeze(filter);
    return this;
  }

  @Override
  default Layer unfreeze(Predicate<String> filter) {
    Parameterized.super.unfreeze(filter);
    return this;
  }

  @Override
  default Layer copyWeights(Parameterized from) {
    Parameterized.super.copyWeights(from);
    return this;
  }

  @Override
  default Layer copyWeights(Parameterized from, Function<String, Optional<String>> mapping) {
    Parameterized.super.copyWeights(from, mapping);
    return this;
  }

  @Override
  default Layer copy() {
    return (Layer) Parameterized.super.copy();
  }
}
