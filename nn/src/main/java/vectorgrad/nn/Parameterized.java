package vectorgrad.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import vectorgrad.autograd.Buffer;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Seed;

/// A record whose components hold [Parameter]s and [Buffer]s, directly or further down. The
/// record's declaration is all there is to write: names, counting, initial values, moving,
/// freezing, copying and printing follow from its components.
///
/// ```java
/// record Block(Conv2d conv1, Conv2d conv2, Optional<Linear> head) implements Parameterized {}
/// // conv1.weight, conv1.bias, conv2.weight, conv2.bias, head.weight, head.bias
/// ```
///
/// Components are looked into in declaration order: parameters, buffers, other `Parameterized`, and
/// the elements of an `Optional` (under its component's name), of a collection or an array (under
/// `name.0`, `name.1`, …) and of a map (under `name.key`). Everything else is a plain setting.
///
/// **Sharing.** A parameter reachable by several paths is one parameter: it is listed, counted,
/// initialised and updated once, under its first name. [#aliases()] lists the other names, and
/// [#copy()] keeps the sharing.
///
/// **Access.** Components are read by reflection. A record that is public in an exported package,
/// or lives on the class path, needs nothing; otherwise its module must open the package.
public interface Parameterized {

  /// The components by name, in declaration order. A record's own by default; a list-like record
  /// such as [Sequential] gives its elements numbers instead.
  ///
  /// @throws java.lang.reflect.InaccessibleObjectException if the record's module does not open its
  ///   package, naming the line to add
  default Map<String, Object> components() {
    return Components.of(this);
  }

  /// How the cell under `component` (a name relative to this record, such as `bias`) begins: by
  /// default with the value it was made with. Layers override it to state their distribution.
  default Initializer initializer(String component) {
    return Initializer.keep();
  }

  /// The name and settings in one line, as [#tree()] shows them: `Conv2d(1, 32, 5×5)`.
  default String label() {
    return Components.label(this);
  }

  /// The parameters by name, each under the first name that leads to it, in declaration order. Each
  /// parameter is told this name, so that errors and optimizer state can use it.
  default Map<String, Parameter> namedParameters() {
    Map<String, Parameter> named = Components.cells(this, Parameter.class);
    named.forEach((name, parameter) -> parameter.name(name));
    return named;
  }

  /// The buffers (state that no optimizer touches) by name, each under the first name that leads to
  /// it.
  default Map<String, Buffer> namedBuffers() {
    return Components.cells(this, Buffer.class);
  }

  /// The first name of every parameter and buffer that has several, with the other names that lead
  /// to it.
  default Map<String, List<String>> aliases() {
    return Components.aliases(this);
  }

  /// The parameters, each once, in declaration order: what an optimizer takes.
  default List<Parameter> parameters() {
    return List.copyOf(namedParameters().values());
  }

  /// The parameters whose name passes `filter`: `parameters(name -> name.endsWith("bias"))`.
  default List<Parameter> parameters(Predicate<String> filter) {
    List<Parameter> chosen = new ArrayList<>();
    namedParameters()
        .forEach((name, parameter) -> {
          if (filter.test(name)) {
            chosen.add(parameter);
          }
        });
    return List.copyOf(chosen);
  }

  /// How many numbers the parameters hold together, each parameter counted once.
  default long parameterCount() {
    return parameters().stream().mapToLong(parameter -> parameter.shape().size()).sum();
  }

  /// Gives every parameter and buffer its initial value, drawn from the distribution its layer
  /// states. Each draws from a seed of its own, folded from `seed` and its **name**: what one cell
  /// gets does not depend on which others there are, so a new head leaves the body's values as they
  /// were.
  ///
  /// @return this
  default Parameterized initialize(Seed seed) {
    Components.initialize(this, seed);
    return this;
  }

  /// As [#initialize(Seed)], with the distribution of each parameter chosen by `rule` from its name
  /// and shape; buffers begin as their layers state, and so do parameters that the rule gives
  /// [Initializer#keep()].
  ///
  /// ```java
  /// model.initialize(Seed.of(1), (name, p) ->
  ///     name.endsWith("weight") ? Initializer.xavierUniform() : Initializer.zeros());
  /// ```
  ///
  /// @return this
  default Parameterized initialize(Seed seed, BiFunction<String, Parameter, Initializer> rule) {
    Components.initialize(this, seed);
    namedParameters()
        .forEach((name, parameter) ->
            parameter.set(
                rule.apply(name, parameter)
                    .initial(parameter.value(), Components.seedFor(seed, name))));
    return this;
  }

  /// Moves every parameter and buffer to `device`, in place: whoever holds the cells sees them
  /// there.
  ///
  /// @return this
  default Parameterized to(Device device) {
    namedParameters().values().forEach(cell -> cell.set(cell.value().to(device)));
    namedBuffers().values().forEach(cell -> cell.set(cell.value().to(device)));
    return this;
  }

  /// Converts every parameter, and every buffer of floating-point numbers, to `dtype`, in place.
  ///
  /// In `F16` or `BF16` a model takes half the memory, and at a batch of one about half the time:
  /// for use, not for training, where the steps of an optimizer need the digits of F32 and
  /// [vectorgrad.autograd.Autocast] rounds what is computed. Inputs are converted to the same
  /// dtype, or stay F32 for activations in F32.
  ///
  /// @param dtype a floating-point type
  /// @return this
  /// @throws vectorgrad.tensor.DTypeException if `dtype` is not floating-point
  default Parameterized to(DType dtype) {
    Components.expectFloating(dtype);
    namedParameters().values().forEach(cell -> cell.set(cell.value().to(dtype)));
    for (Buffer cell : namedBuffers().values()) {
      if (cell.value().dtype().isFloating()) {
        cell.set(cell.value().to(dtype));
      }
    }
    return this;
  }

  /// Takes every parameter out of training: no gradient is computed for it and no optimizer changes
  /// it.
  ///
  /// @return this
  default Parameterized freeze() {
    parameters().forEach(parameter -> parameter.trainable(false));
    return this;
  }

  /// Puts every parameter back into training.
  ///
  /// @return this
  default Parameterized unfreeze() {
    parameters().forEach(parameter -> parameter.trainable(true));
    return this;
  }

  /// Takes the parameters whose name passes `filter` out of training: `freeze(name ->
  /// name.startsWith("body."))`. The others stay as they are.
  ///
  /// @return this
  default Parameterized freeze(Predicate<String> filter) {
    parameters(filter).forEach(parameter -> parameter.trainable(false));
    return this;
  }

  /// Puts the parameters whose name passes `filter` back into training.
  ///
  /// @return this
  default Parameterized unfreeze(Predicate<String> filter) {
    parameters(filter).forEach(parameter -> parameter.trainable(true));
    return this;
  }

  /// Takes over the values of every parameter and buffer of `from`, which has the same names and
  /// shapes.
  ///
  /// @return this
  /// @throws IllegalArgumentException with the table of differences, and nothing is changed
  default Parameterized copyWeights(Parameterized from) {
    return copyWeights(from, Optional::of);
  }

  /// Takes over values for transfer learning: `mapping` says, for the name of each parameter and
  /// buffer here, the name of the one in `from` whose value it takes, or nothing to leave it as it
  /// is. Values are converted to the dtype and device that are here.
  ///
  /// ```java
  /// model.copyWeights(pretrained, name ->       // all but the head
  ///     name.startsWith("head.") ? Optional.empty() : Optional.of("backbone." + name));
  /// ```
  ///
  /// @return this
  /// @throws IllegalArgumentException with the table of differences, if names are missing in `from`
  ///   or shapes differ, and nothing is changed
  default Parameterized copyWeights(
      Parameterized from, Function<String, Optional<String>> mapping) {
    Transfer.copy(this, from, mapping);
    return this;
  }

  /// A deep copy: the same records over fresh parameters and buffers with the same values. What was
  /// one parameter by two paths is one parameter in the copy too.
  default Parameterized copy() {
    return Components.copy(this);
  }

  /// The structure in lines: every record with its settings, the shapes of its own parameters and
  /// how many numbers they hold. A shared parameter is counted where it comes first.
  default String tree() {
    return Tree.of(this);
  }
}
