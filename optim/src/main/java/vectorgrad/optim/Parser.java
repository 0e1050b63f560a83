package vectorgrad.optim;

import java.util.Arrays;
import java.util.function.Supplier;
import vectorgrad.tensor.Message;

/// Reads a schedule from left to right, one method for each rule of the grammar, and says what is
/// wrong with a text that is none.
final class Parser {
  private final String text;
  private int at;

  Parser(String text) {
    this.text = text;
  }

  Schedule parse() {
    Schedule schedule = chain();
    if (peek() != 0) {
      throw wrong(
          "nothing belongs here", at, "parts are joined by then: warmup(500) then cosine(10000)");
    }
    return schedule;
  }

  private Schedule chain() {
    Schedule all = unit();
    int place = here();
    while (word("then")) {
      if (all.length() == Schedule.ENDLESS) {
        throw wrong(
            "nothing comes after a schedule that does not end",
            place,
            "give it a length: exponential(0.99) until 1000 then cosine(500)");
      }
      all = all.then(unit());
      place = here();
    }
    return all;
  }

  private Schedule unit() {
    Schedule unit = primary();
    while (true) {
      if (word("times") || sign('*')) {
        unit = unit.times(real("a factor"));
      } else if (word("until")) {
        int place = here();
        double steps = real("a number of steps");
        Schedule before = unit;
        unit = made(place, "", () -> before.until(Notation.whole(steps)));
      } else {
        return unit;
      }
    }
  }

  private Schedule primary() {
    int place = here();
    if (sign('(')) {
      Schedule inner = chain();
      expect(")", "");
      return inner;
    }
    char c = peek();
    if (c == '.' || (c >= '0' && c <= '9')) {
      double value = real("a number");
      return sign('*') ? primary().times(value) : Schedule.constant(value);
    }
    String name = name();
    if (name.isEmpty()) {
      throw wrong(
          c == 0 ? "a schedule is missing" : "a schedule does not begin with " + c,
          place,
          "write for example warmup(500) then cosine(10000)");
    }
    Notation.Kind kind = Notation.kinds().get(name);
    if (kind == null) {
      throw unknown(name, place);
    }
    expect("(", "");
    double[] values = values(kind, place);
    return made(place, kind.signature(), () -> kind.make().apply(values));
  }

  private double[] values(Notation.Kind kind, int place) {
    int count = kind.settings().size();
    double[] values = new double[count];
    Arrays.fill(values, Double.NaN);
    int given = 0;
    boolean byName = false;
    while (!sign(')')) {
      if (given > 0 || byName) {
        expect(",", " or )");
      }
      int start = here();
      String name = name();
      int i = name.isEmpty() ? given : kind.settings().indexOf(name);
      if (i < 0) {
        throw wrong(kind.name() + " has no " + name, start, kind.signature());
      }
      if (name.isEmpty() && byName) {
        throw wrong("numbers in order come before those by name", start, kind.signature());
      }
      if (i >= count && !kind.many()) {
        throw wrong(kind.name() + " takes no more numbers", start, kind.signature());
      }
      if (i < count && !Double.isNaN(values[i])) {
        throw wrong(name + " is said twice", start, kind.signature());
      }
      values = i < values.length ? values : Arrays.copyOf(values, i + 1);
      if (name.isEmpty()) {
        given++;
        values[i] = real("a number");
      } else {
        byName = true;
        values[i] = kind.isFlag(i) ? flag() : named(name);
      }
    }
    for (int i = 0; i < count; i++) {
      if (Double.isNaN(values[i])) {
        if (kind.defaults().get(i).isEmpty()) {
          throw wrong(kind.name() + " lacks " + kind.settings().get(i), place, kind.signature());
        }
        values[i] = kind.fallback(i, values);
      }
    }
    return values;
  }

  private double named(String name) {
    if (!sign('=')) {
      throw wrong(name + " lacks its number", here(), "write for example " + name + "=0.5");
    }
    return real("a number");
  }

  /// `linear`, `linear=yes` or `linear=no`.
  private double flag() {
    if (!sign('=')) {
      return 1;
    }
    int place = here();
    return switch (name()) {
      case "yes" -> 1;
      case "no" -> 0;
      default -> throw wrong("yes or no is expected", place, "its name alone means yes");
    };
  }

  /// Makes a schedule, and says where it was refused if it is.
  private Schedule made(int place, String help, Supplier<Schedule> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException e) {
      String problem = e.getMessage().lines().findFirst().orElse("").replace("Schedule: ", "");
      throw wrong(problem, place, help.isEmpty() ? "cosine(1000) until 500" : help);
    }
  }

  private IllegalArgumentException unknown(String name, int place) {
    String help =
        name.equals("plateau")
            ? "it needs a metric, which only a program has: new Plateau(schedule)"
            : Message.nearest(name, Notation.kinds().keySet())
                .map(kind -> "did you mean " + Notation.kinds().get(kind).signature() + "?")
                .orElseGet(() -> "there are " + String.join(", ", Notation.kinds().keySet()));
    return wrong("there is no schedule " + name, place, help);
  }

  // ---- words ----------------------------------------------------------------------------------

  private int here() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private char peek() {
    return here() < text.length() ? text.charAt(at) : 0;
  }

  private boolean sign(char c) {
    boolean found = peek() == c;
    at += found ? 1 : 0;
    return found;
  }

  private void expect(String c, String other) {
    if (!sign(c.charAt(0))) {
      String found = peek() == 0 ? "the end" : String.valueOf(peek());
      throw wrong(
          "expected " + c + other + " but found " + found, at, "write for example cosine(10000)");
    }
  }

  private boolean word(String word) {
    int start = here();
    boolean found = name().equals(word);
    at = found ? at : start;
    return found;
  }

  private String name() {
    int start = here();
    while (at < text.length()
        && (Character.isLetter(text.charAt(at))
            || (at > start && Character.isDigit(text.charAt(at))))) {
      at++;
    }
    return text.substring(start, at);
  }

  private double real(String what) {
    int start = here();
    while (at < text.length() && isPartOfNumber(start)) {
      at++;
    }
    try {
      return Double.parseDouble(text.substring(start, at).replace("_", ""));
    } catch (NumberFormatException e) {
      at = start;
      throw wrong(what + " is missing", start, "numbers are written 500, 10_000, 0.1 or 1e-3");
    }
  }

  private boolean isPartOfNumber(int start) {
    char c = text.charAt(at);
    boolean afterExponent = at > start && "eE".indexOf(text.charAt(at - 1)) >= 0;
    return (c >= '0' && c <= '9')
        || "._eE".indexOf(c) >= 0
        || ("+-".indexOf(c) >= 0 && (at == start || afterExponent));
  }

  private IllegalArgumentException wrong(String problem, int place, String help) {
    return new IllegalArgumentException(
        "schedule: %s, at column %d%n  %s%n  %s^%n  %-6s %s"
            .formatted(problem, place + 1, text, " ".repeat(place), "help", help)
            .replace("\r", ""));
  }
}
