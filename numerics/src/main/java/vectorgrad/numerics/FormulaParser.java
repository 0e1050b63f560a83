package vectorgrad.numerics;

import static java.util.Map.entry;
import static vectorgrad.numerics.Formula.constant;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a formula by recursive descent: one method for each line of the grammar.
///
/// ```
/// choice     = comparison [ "?" choice ":" choice ]
/// comparison = sum [ ("<" | "<=" | ">" | ">=" | "=" | "and" | "or") sum ]
/// sum        = product { ("+" | "-") product }
/// product    = signed { ("*" | "/") signed }
/// signed     = "-" signed | power
/// power      = atom [ "^" signed ]
/// atom       = number | name | name "(" choice { "," choice } ")" | "(" choice ")"
/// ```
final class FormulaParser {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?<number>(\\d+\\.?\\d*|\\.\\d+)([eE][+\\-−]?\\d+)?)|\\s*(?<name>\\p{L}\\w*)"
              + "|\\s*(?<sign><=|>=|==|[-+*/^(),?:<>=≤≥−·√∞])");

  private static final Map<String, UnaryOperator<Formula>> UNARY =
      Map.ofEntries(
          entry("abs", Formula::abs),
          entry("sign", Formula::sign),
          entry("square", Formula::square),
          entry("reciprocal", Formula::reciprocal),
          entry("floor", Formula::floor),
          entry("ceil", Formula::ceil),
          entry("trunc", Formula::trunc),
          entry("rint", Formula::rint),
          entry("round", Formula::rint),
          entry("sqrt", Formula::sqrt),
          entry("√", Formula::sqrt),
          entry("rsqrt", Formula::rsqrt),
          entry("cbrt", Formula::cbrt),
          entry("exp", Formula::exp),
          entry("exp2", Formula::exp2),
          entry("expm1", Formula::expm1),
          entry("log", Formula::log),
          entry("ln", Formula::log),
          entry("log2", Formula::log2),
          entry("log10", Formula::log10),
          entry("log1p", Formula::log1p),
          entry("sin", Formula::sin),
          entry("cos", Formula::cos),
          entry("tan", Formula::tan),
          entry("asin", Formula::asin),
          entry("acos", Formula::acos),
          entry("atan", Formula::atan),
          entry("sinh", Formula::sinh),
          entry("cosh", Formula::cosh),
          entry("tanh", Formula::tanh),
          entry("asinh", Formula::asinh),
          entry("acosh", Formula::acosh),
          entry("atanh", Formula::atanh),
          entry("erf", Formula::erf),
          entry("erfc", Formula::erfc),
          entry("sigmoid", Formula::sigmoid),
          entry("logSigmoid", Formula::logSigmoid),
          entry("softplus", Formula::softplus),
          entry("logit", Formula::logit),
          entry("relu", Formula::relu),
          entry("not", Formula::not),
          entry("isNaN", Formula::isNaN));

  private static final Map<String, BinaryOperator<Formula>> BINARY =
      Map.ofEntries(
          entry("min", Formula::min),
          entry("max", Formula::max),
          entry("pow", Formula::pow),
          entry("fmod", Formula::fmod),
          entry("remainder", Formula::remainder),
          entry("floorDivide", Formula::floorDivide),
          entry("copysign", Formula::copysign),
          entry("hypot", Formula::hypot),
          entry("atan2", Formula::atan2),
          entry("logAddExp", Formula::logAddExp),
          entry("xlogy", Formula::xlogy));

  private static final Map<String, Double> CONSTANTS =
      Map.of("pi", Math.PI, "π", Math.PI, "e", Math.E, "NaN", Double.NaN);

  /// A whole number up to here is a power by multiplication.
  private static final int LARGEST_WHOLE_POWER = 64;

  private final String text;
  private final List<String> names;
  private final Matcher matcher;
  private String token = ""; // the next one; empty at the end
  private int column; // where it begins

  FormulaParser(String text, String... names) {
    this.text = text;
    this.names = List.of(names);
    this.matcher = TOKEN.matcher(text);
    next();
  }

  Formula parse() {
    Formula formula = choice();
    if (!token.isEmpty()) {
      throw error(
          token.equals(")")
              ? "this bracket was never opened"
              : "expected an operation before this");
    }
    return formula;
  }

  private Formula choice() {
    int start = column;
    Formula condition = comparison();
    if (!accept("?")) {
      return condition;
    }
    Formula then = choice();
    expect(":");
    Formula otherwise = choice();
    return built(start, () -> condition.then(then, otherwise));
  }

  private Formula comparison() {
    int start = column;
    Formula a = sum();
    String sign = token;
    BinaryOperator<Formula> compare =
        switch (sign) {
          case "<" -> Formula::lessThan;
          case "<=", "≤" -> Formula::lessOrEqual;
          case ">" -> Formula::greaterThan;
          case ">=", "≥" -> Formula::greaterOrEqual;
          case "=", "==" -> Formula::equalTo;
          case "and" -> Formula::and;
          case "or" -> Formula::or;
          default -> null;
        };
    if (compare == null) {
      return a;
    }
    next();
    Formula b = sum();
    return built(start, () -> compare.apply(a, b));
  }

  private Formula sum() {
    int start = column;
    Formula sum = product();
    while (true) {
      Formula a = sum;
      if (accept("+")) {
        Formula b = product();
        sum = built(start, () -> a.plus(b));
      } else if (accept("-") || accept("−")) {
        Formula b = product();
        sum = built(start, () -> a.minus(b));
      } else {
        return sum;
      }
    }
  }

  private Formula product() {
    int start = column;
    Formula product = signed();
    while (true) {
      Formula a = product;
      if (accept("*") || accept("·")) {
        Formula b = signed();
        product = built(start, () -> a.times(b));
      } else if (accept("/")) {
        Formula b = signed();
        product = built(start, () -> a.over(b));
      } else {
        return product;
      }
    }
  }

  private Formula signed() {
    int start = column;
    if (accept("-") || accept("−")) {
      boolean apart = token.equals("(");
      Formula x = signed();
      // a number and its sign are one
      return x instanceof Formula.Constant(double c) && !apart
          ? constant(-c)
          : built(start, x::negate);
    }
    return power();
  }

  private Formula power() {
    int start = column;
    Formula base = atom();
    if (!accept("^")) {
      return base;
    }
    Formula exponent = signed();
    boolean whole =
        exponent instanceof Formula.Constant(double n)
            && n == Math.rint(n)
            && Math.abs(n) <= LARGEST_WHOLE_POWER;
    return built(
        start,
        () -> whole ? base.pow((int) ((Formula.Constant) exponent).value()) : base.pow(exponent));
  }

  private Formula atom() {
    int start = column;
    String atom = token;
    if (accept("(")) {
      Formula inside = choice();
      expect(")");
      return inside;
    } else if (accept("∞")) {
      return constant(Double.POSITIVE_INFINITY);
    } else if (atom.isEmpty()) {
      throw error(text.isBlank() ? "expected a formula" : "expected a number, a name or a bracket");
    } else if (Character.isDigit(atom.charAt(0)) || atom.charAt(0) == '.') {
      next();
      return constant(Double.parseDouble(atom.replace('−', '-')));
    } else if (atom.equals("√") || Character.isLetter(atom.charAt(0))) {
      next();
      return token.equals("(") ? call(atom, start) : named(atom, start);
    }
    throw error("expected a number, a name or a bracket");
  }

  private Formula call(String name, int start) {
    expect("(");
    Formula first = choice();
    if (UNARY.containsKey(name) && !token.equals(",")) {
      expect(")");
      return built(start, () -> UNARY.get(name).apply(first));
    } else if (BINARY.containsKey(name)) {
      expect(",");
      Formula second = choice();
      expect(")");
      return built(start, () -> BINARY.get(name).apply(first, second));
    } else if (UNARY.containsKey(name)) {
      throw error(name + " takes one argument");
    }
    column = start;
    var known = new TreeSet<>(UNARY.keySet());
    known.addAll(BINARY.keySet());
    known.remove("√");
    throw error("there is no function " + name, "functions are " + String.join(", ", known));
  }

  private Formula named(String name, int start) {
    int index = names.indexOf(name);
    if (index >= 0) {
      return Formula.input(index);
    } else if (names.isEmpty() && name.length() == 1 && "xyz".contains(name)) {
      return Formula.input("xyz".indexOf(name));
    } else if (names.isEmpty() && name.matches("x\\d{1,6}")) {
      return Formula.input(Integer.parseInt(name.substring(1)));
    } else if (CONSTANTS.containsKey(name)) {
      return constant(CONSTANTS.get(name));
    }
    column = start;
    if (UNARY.containsKey(name) || BINARY.containsKey(name)) {
      throw error(
          name + " is a function", "its argument stands in brackets, as in " + name + "(x)");
    }
    String inputs = names.isEmpty() ? "x, y, z, x3, x4, …" : String.join(", ", names);
    throw error("there is no input " + name, "inputs are " + inputs + "; constants are pi and e");
  }

  // ---- tokens ---------------------------------------------------------------------------------

  private void next() {
    int from = column + token.length();
    if (matcher.region(from, text.length()).lookingAt()) {
      token = matcher.group().strip();
      column = matcher.end() - token.length();
      return;
    }
    column = from;
    while (column < text.length() && Character.isWhitespace(text.charAt(column))) {
      column++;
    }
    token = "";
    if (column < text.length()) {
      throw error("this sign has no meaning here");
    }
  }

  private boolean accept(String sign) {
    boolean here = token.equals(sign);
    if (here) {
      next();
    }
    return here;
  }

  private void expect(String sign) {
    if (!accept(sign)) {
      throw error("expected " + sign);
    }
  }

  private interface Build {
    Formula build();
  }

  /// Numbers and truth values may not fit: the formula says what is wrong, and this where.
  private Formula built(int start, Build build) {
    try {
      return build.build();
    } catch (IllegalArgumentException e) {
      column = start;
      throw error(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private IllegalArgumentException error(String problem) {
    return error(problem, "");
  }

  private IllegalArgumentException error(String problem, String help) {
    return new IllegalArgumentException(
        "formula: %s, at column %d\n  %s\n  %s^%s"
            .formatted(
                problem,
                column + 1,
                text,
                " ".repeat(column),
                help.isEmpty() ? "" : "\n  help   " + help));
  }
}
