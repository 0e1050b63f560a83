package vectorgrad.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What stands between NumPy's brackets, as text: `1:, ::-1, ..., 3, None`. It is applied to a
/// layout from left to right and gives a view.
record Subscript(String text) {
  private static final String PLACE = "([+-]?\\d+)?\\s*";
  private static final Pattern RANGE =
      Pattern.compile(PLACE + "(:)\\s*" + PLACE + "(?::\\s*" + PLACE + ")?");
  private static final Pattern INDEX = Pattern.compile("[+-]?\\d+");
  private static final String REST = "...";
  private static final String NEW_AXIS = "None";

  Layout applyTo(Layout layout) {
    String[] parts = text.isBlank() ? new String[0] : text.split(",", -1);
    int rest = layout.shape().rank() - named(parts);
    if (rest < 0) {
      throw new ShapeException(
          Message.of("slice", "\"" + text + "\" names " + named(parts) + " axes")
              .row("shape", layout.shape()),
          layout.shape());
    }
    Layout view = layout;
    int axis = 0;
    for (String part : parts) {
      String place = part.strip();
      Matcher range = RANGE.matcher(place);
      if (place.equals(REST)) {
        axis += rest;
      } else if (place.equals(NEW_AXIS)) {
        view = view.unsqueeze(axis++);
      } else if (INDEX.matcher(place).matches()) {
        view = view.select(axis, number(place));
      } else if (range.matches()) {
        view = view.slice(axis, slice(range).within(view.shape().get(axis)));
        axis++;
      } else {
        throw notAPlace(place);
      }
    }
    return view;
  }

  /// How many axes the parts name: all but a new axis and the dots, which stand once at most.
  private int named(String[] parts) {
    int named = 0;
    int dots = 0;
    for (String part : parts) {
      String place = part.strip();
      dots += place.equals(REST) ? 1 : 0;
      named += place.equals(REST) || place.equals(NEW_AXIS) ? 0 : 1;
    }
    if (dots > 1) {
      throw new ShapeException("slice", "\"" + text + "\" has more than one " + REST);
    }
    return named;
  }

  /// What is left out reaches to the ends of the axis, which are exchanged for a negative step.
  private Slice slice(Matcher range) {
    int step = range.group(4) == null ? 1 : number(range.group(4));
    int from = range.group(1) == null ? (step < 0 ? Slice.END : 0) : number(range.group(1));
    int to = range.group(3) == null ? (step < 0 ? Slice.START : Slice.END) : number(range.group(3));
    return new Slice(from, to, step);
  }

  private int number(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException tooLarge) {
      throw notAPlace(digits);
    }
  }

  private ShapeException notAPlace(String place) {
    return new ShapeException(
        Message.of("slice", "\"" + place + "\" names no place of an axis")
            .row("text", "\"" + text + "\"")
            .row(
                "rule",
                "an index 3, a range from:to:step, ... for the axes between, None for a new one"));
  }
}
