package vectorgrad.accel;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.IntFunction;
import vectorgrad.numerics.BinaryFunction;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Formula.Binary;
import vectorgrad.numerics.Formula.Constant;
import vectorgrad.numerics.Formula.Fma;
import vectorgrad.numerics.Formula.Input;
import vectorgrad.numerics.Formula.Select;
import vectorgrad.numerics.Formula.Unary;
import vectorgrad.numerics.Program;

/// Reads a program as OpenCL C: one line for each of its parts.
///
/// Elementary functions are lowered to primitives, which round the same way on every device, so a
/// GPU computes the very bits of the processor (see [Program#lowered]). Nothing is contracted: `a·b
/// + c` is fused where the formula says so, and nowhere else.
final class FormulaSource {
  private final Numbers numbers;
  private final StringBuilder lines = new StringBuilder();
  private final IdentityHashMap<Formula, String> names = new IdentityHashMap<>();
  private final List<String> results;

  /// @param program lowered
  /// @param prefix of all names, such that several programs fit into one kernel
  /// @param inputs what stands for the input of a number
  FormulaSource(Program program, Numbers numbers, String prefix, IntFunction<String> inputs) {
    this.numbers = numbers;
    int number = 0;
    for (Formula node : program.nodes()) {
      String name = prefix + number++;
      names.put(node, name);
      String type = node.isTruth() ? "int" : numbers.type();
      String value = node instanceof Input input ? inputs.apply(input.index()) : value(node);
      lines.append("  const %s %s = %s;\n".formatted(type, name, value));
    }
    this.results = program.outputs().stream().map(names::get).toList();
  }

  /// Declarations of a constant for each part of the program.
  String lines() {
    return lines.toString();
  }

  /// The names of the constants that are the outputs.
  List<String> results() {
    return results;
  }

  private String value(Formula node) {
    return switch (node) {
      case Input _ -> throw new IllegalArgumentException("an input is named by the caller");
      case Constant c -> numbers.literal(c.value());
      case Unary u -> unary(u, names.get(u.x()));
      case Binary b -> binary(b.function(), names.get(b.a()), names.get(b.b()));
      case Fma f when numbers.isWhole() ->
          wrapped("+", wrapped("*", names.get(f.a()), names.get(f.b())), names.get(f.c()));
      case Fma f -> call("fma", names.get(f.a()), names.get(f.b()), names.get(f.c()));
      case Select s ->
          "%s ? %s : %s"
              .formatted(names.get(s.condition()), names.get(s.then()), names.get(s.otherwise()));
    };
  }

  private String unary(Unary node, String x) {
    return switch (node.function()) {
      case NEGATE -> numbers.isWhole() ? wrapped("-", "0", x) : "-" + x;
      case ABS -> numbers.isWhole() ? "(" + numbers.type() + ") abs(" + x + ")" : call("fabs", x);
      case NOT -> "!" + x;
      case SIGN -> "(%s > 0) - (%s < 0)".formatted(x, x); // of whole numbers
      case SQRT -> call("sqrt", x);
      case FLOOR -> numbers.isWhole() ? x : call("floor", x);
      case RINT -> numbers.isWhole() ? x : call("rint", x);
      case POWER_OF_TWO -> call("vg_power_of_two_" + numbers.type(), x);
      case EXPONENT -> call("vg_exponent_" + numbers.type(), x);
      case SIGNIFICAND -> call("vg_significand_" + numbers.type(), x);
      default -> throw new IllegalArgumentException("not lowered: " + node.function());
    };
  }

  private String binary(BinaryFunction function, String a, String b) {
    boolean whole = numbers.isWhole();
    return switch (function) {
      case ADD -> whole ? wrapped("+", a, b) : a + " + " + b;
      case SUBTRACT -> whole ? wrapped("-", a, b) : a + " - " + b;
      case MULTIPLY -> whole ? wrapped("*", a, b) : a + " * " + b;
      case DIVIDE -> a + " / " + b;
      case MIN -> whole ? call("min", a, b) : call("vg_min_" + numbers.type(), a, b);
      case MAX -> whole ? call("max", a, b) : call("vg_max_" + numbers.type(), a, b);
      case FMOD ->
          whole ? "%s == 0 || %s == -1 ? 0 : %s %% %s".formatted(b, b, a, b) : call("fmod", a, b);
      case LESS -> a + " < " + b;
      case LESS_EQUAL -> a + " <= " + b;
      case EQUAL -> a.equals(b) ? isNumber(a) : a + " == " + b;
      case AND -> a + " & " + b;
      case OR -> a + " | " + b;
      case POW, HYPOT, ATAN2 -> throw new IllegalArgumentException("not lowered: " + function);
    };
  }

  /// `x == x`, of which compilers warn.
  private String isNumber(String x) {
    return numbers.isWhole() ? "1" : "!" + call("isnan", x);
  }

  /// Whole numbers wrap around, which C promises only of those without a sign.
  private String wrapped(String operator, String a, String b) {
    String type = numbers.type();
    return "(%s) ((u%s) %s %s (u%s) %s)".formatted(type, type, a, operator, type, b);
  }

  private static String call(String function, String... arguments) {
    return function + "(" + String.join(", ", arguments) + ")";
  }
}
