package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.TensorException;

/// Where in a model the computation stands, so that an error can say `at model.3.body`. Each
/// container binds it around the layer it calls; the path itself is only worked out when something
/// went wrong.
///
/// @param outer the location this one is inside of, if any
/// @param owner the record whose component is being called
/// @param component the name of that component, empty for the model as a whole
record Location(Optional<Location> outer, Parameterized owner, String component) {
  private static final String AT = "\n  at     ";
  private static final ScopedValue<Location> HERE = ScopedValue.newInstance();

  /// The output of `layer`, which is the `component` of `owner`, for `x`.
  static Variable step(Parameterized owner, String component, Layer layer, Variable x) {
    Location here = new Location(current(), owner, component);
    try {
      return ScopedValue.where(HERE, here).call(() -> layer.forward(x));
    } catch (TensorException e) {
      throw here.added(e);
    }
  }

  /// The output of the whole `model` for `x`.
  static Variable root(Layer model, Variable x) {
    return current().isPresent()
        ? model.forward(x)
        : ScopedValue.where(HERE, new Location(Optional.empty(), model, ""))
            .call(() -> model.forward(x));
  }

  /// Begins a message of `layer`, with the place of the layer in the model where that is known.
  static Message message(Parameterized layer, String operation, String problem) {
    Message message = Message.of(operation, problem);
    current()
        .flatMap(here -> here.pathOf(layer))
        .filter(path -> !path.isEmpty())
        .ifPresent(path -> message.row("at", "model." + path));
    return message;
  }

  /// A shape padded to the width of itself and `other`, so that the notes behind both line up.
  static String column(Shape shape, Shape other) {
    int width = Math.max(shape.toString().length(), other.toString().length()) + 3;
    return String.format("%-" + width + "s", shape);
  }

  private static Optional<Location> current() {
    return HERE.isBound() ? Optional.of(HERE.get()) : Optional.empty();
  }

  private Parameterized model() {
    return outer.map(Location::model).orElse(owner);
  }

  /// The path of the called component from the model down.
  private String path() {
    String ofOwner = outer.map(o -> o.pathOf(owner).orElse(o.path())).orElse("");
    return ofOwner.isEmpty() || component.isEmpty()
        ? ofOwner + component
        : ofOwner + "." + component;
  }

  /// The path of `layer` in the model: the first one below this location.
  private Optional<String> pathOf(Parameterized layer) {
    if (layer == model()) {
      return Optional.of("");
    }
    String below = path();
    String[] first = new String[1];
    Components.visit(
        model(),
        "",
        (path, value, owner, name) -> {
          if (value == layer && first[0] == null && isAtOrBelow(path, below)) {
            first[0] = path;
          }
        });
    return Optional.ofNullable(first[0]);
  }

  private static boolean isAtOrBelow(String path, String above) {
    return above.isEmpty() || path.equals(above) || path.startsWith(above + ".");
  }

  /// The same error with this place as its first row, unless a more exact one is there already.
  private TensorException added(TensorException e) {
    String text = e.getMessage();
    if (text.contains(AT) || path().isEmpty()) {
      return e;
    }
    int end = text.indexOf('\n') < 0 ? text.length() : text.indexOf('\n');
    String problem = text.substring(Math.min(end, e.operation().length() + 2), end);
    Message message =
        Message.of(e.operation(), problem).row("at", "model." + path() + text.substring(end));
    Shape[] shapes = e.shapes().toArray(new Shape[0]);
    TensorException located =
        switch (e) {
          case ShapeException _ -> new ShapeException(message, shapes);
          case DTypeException _ -> new DTypeException(message, shapes);
          case DeviceException _ -> new DeviceException(message, shapes);
          default -> e;
        };
    located.setStackTrace(e.getStackTrace());
    return located;
  }
}
