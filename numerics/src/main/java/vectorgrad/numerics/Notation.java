package vectorgrad.numerics;

import java.util.Locale;
import vectorgrad.numerics.Formula.Binary;
import vectorgrad.numerics.Formula.Constant;
import vectorgrad.numerics.Formula.Fma;
import vectorgrad.numerics.Formula.Input;
import vectorgrad.numerics.Formula.Select;
import vectorgrad.numerics.Formula.Unary;

/// The reading of a formula as mathematics: `x/(1 + exp(−x))`. Inputs are x, y, z, x3, x4, …
final class Notation {
  /// Shared parts are written out wherever they occur, which may take forever: longer texts are
  /// cut.
  private static final int LONGEST = 2000;

  // how strongly an operation binds; an argument that binds less is put in brackets
  private static final int CHOICE = 0;
  private static final int COMPARISON = 1;
  private static final int SUM = 2;
  private static final int PRODUCT = 3;
  private static final int SIGN = 4;
  private static final int ATOM = 5;

  private final StringBuilder text = new StringBuilder();
  private final String[] names; // of the first inputs

  private Notation(String[] names) {
    this.names = names;
  }

  static String of(Formula formula, String... names) {
    Notation notation = new Notation(names);
    notation.print(formula, CHOICE);
    return notation.text.toString();
  }

  private void print(Formula f, int atLeast) {
    if (text.length() > LONGEST) {
      text.append('…');
      return;
    }
    boolean brackets = binding(f) < atLeast;
    text.append(brackets ? "(" : "");
    switch (f) {
      case Input i -> text.append(i.index() < names.length ? names[i.index()] : name(i.index()));
      case Constant c -> text.append(number(c.value()));
      case Unary u -> print(u);
      case Binary b -> print(b);
      case Fma m -> {
        print(m.a(), PRODUCT);
        text.append('·');
        print(m.b(), PRODUCT);
        text.append(" + ");
        print(m.c(), SUM);
      }
      case Select s -> {
        print(s.condition(), COMPARISON);
        text.append(" ? ");
        print(s.then(), COMPARISON);
        text.append(" : ");
        print(s.otherwise(), CHOICE);
      }
    }
    text.append(brackets ? ")" : "");
  }

  private static String name(int input) {
    return input < 3 ? "xyz".substring(input, input + 1) : "x" + input;
  }

  private void print(Unary u) {
    if (u.function() == UnaryFunction.NEGATE) {
      text.append('−');
      boolean number = u.x() instanceof Constant; // −2 is a number, −(2) an operation on one
      text.append(number ? "(" : "");
      print(u.x(), SIGN);
      text.append(number ? ")" : "");
    } else {
      text.append(u.function().symbol()).append('(');
      print(u.x(), CHOICE);
      text.append(')');
    }
  }

  private void print(Binary b) {
    String symbol = b.function().symbol();
    int binding = binding(b);
    if (binding == ATOM) {
      text.append(symbol).append('(');
      print(b.a(), CHOICE);
      text.append(", ");
      print(b.b(), CHOICE);
      text.append(')');
      return;
    }
    boolean apart = binding < PRODUCT;
    boolean regroups =
        b.function() == BinaryFunction.SUBTRACT || b.function() == BinaryFunction.DIVIDE;
    print(b.a(), binding == COMPARISON ? SUM : binding);
    text.append(apart ? " " : "").append(symbol).append(apart ? " " : "");
    print(b.b(), regroups || binding == COMPARISON ? binding + 1 : binding);
  }

  private static int binding(Formula f) {
    return switch (f) {
      case Input _ -> ATOM;
      case Constant c -> c.value() < 0 ? SIGN : ATOM;
      case Unary u -> u.function() == UnaryFunction.NEGATE ? SIGN : ATOM;
      case Fma _ -> SUM;
      case Select _ -> CHOICE;
      case Binary b ->
          switch (b.function()) {
            case ADD, SUBTRACT -> SUM;
            case MULTIPLY, DIVIDE -> PRODUCT;
            case MIN, MAX, FMOD, POW, HYPOT, ATAN2 -> ATOM;
            case LESS, LESS_EQUAL, EQUAL, AND, OR -> COMPARISON;
          };
    };
  }

  private static String number(double value) {
    String text =
        value == Math.rint(value) && Math.abs(value) < 1e9
            ? String.format(Locale.ROOT, "%.0f", value)
            : Double.toString(value);
    return text.replace("Infinity", "∞").replace('-', '−');
  }
}
