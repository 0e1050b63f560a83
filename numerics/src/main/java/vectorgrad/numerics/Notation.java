package vectorgrad.numerics;

import vectorgrad.numerics.Formula.*;

/// The reading of a formula as mathematics.
final class Notation {
  private Notation() {}

  static String of(Formula f) {
    return print(f, 0);
  }

  private static String print(Formula f, int outer) {
    return switch (f) {
      case Input i ->
          switch (i.index()) {
            case 0 -> "x";
            case 1 -> "y";
            case 2 -> "z";
            default -> "x" + i.index();
          };
      case Constant c ->
          c.value() == Math.rint(c.value()) && Math.abs(c.value()) < 1e15
              ? Long.toString((long) c.value())
              : Double.toString(c.value());
      case Unary u when u.function() == UnaryFunction.NEGATE -> "−" + print(u.x(), 3);
      case Unary u -> u.function().symbol() + "(" + print(u.x(), 0) + ")";
      case Binary b when b.function() == BinaryFunction.MIN || b.function() == BinaryFunction.MAX ->
          b.function().symbol() + "(" + print(b.a(), 0) + ", " + print(b.b(), 0) + ")";
      case Binary b -> {
        int p =
            switch (b.function()) {
              case ADD, SUBTRACT -> 1;
              case MULTIPLY, DIVIDE -> 2;
              default -> 0;
            };
        String s =
            b.function() == BinaryFunction.MULTIPLY
                ? "·"
                : b.function() == BinaryFunction.DIVIDE ? "/" : " " + b.function().symbol() + " ";
        String t =
            print(b.a(), p)
                + s
                + print(
                    b.b(),
                    b.function() == BinaryFunction.SUBTRACT || b.function() == BinaryFunction.DIVIDE
                        ? p + 1
                        : p);
        yield p < outer ? "(" + t + ")" : t;
      }
      case Fma m -> {
        String t = print(m.a(), 2) + "·" + print(m.b(), 2) + " + " + print(m.c(), 1);
        yield 1 < outer ? "(" + t + ")" : t;
      }
      case Select s ->
          "("
              + print(s.condition(), 1)
              + " ? "
              + print(s.then(), 1)
              + " : "
              + print(s.otherwise(), 1)
              + ")";
    };
  }
}
