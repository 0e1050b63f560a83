package vectorgrad.optim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Schedules as text: which there are, and how they are written. [Parser] reads them.
final class Notation {
  private static final String NO = "no";
  private static final Map<String, Kind> KINDS = new LinkedHashMap<>();

  static {
    kind("constant(rate, steps=endless)", Notation::constant);
    kind("linear(from, to, steps)", a -> Schedule.linear(a[0], a[1], whole(a[2])));
    kind("warmup(steps)", a -> Schedule.warmup(whole(a[0])));
    kind("cosine(steps, floor=0)", a -> Schedule.cosine(whole(a[0]), a[1]));
    kind("polynomial(steps, power=1, floor=0)", a -> Schedule.polynomial(whole(a[0]), a[1], a[2]));
    kind("step(every, factor=0.1)", a -> Schedule.step(whole(a[0]), a[1]));
    kind("multiStep(factor, milestones...)", Notation::multiStep);
    kind("exponential(factor)", a -> Schedule.exponential(a[0]));
    kind("inverse(decay)", a -> Schedule.inverse(a[0]));
    kind("inverseSqrt(warmup)", a -> Schedule.inverseSqrt(whole(a[0])));
    kind(
        "warmRestarts(first, multiply=1, floor=0)",
        a -> Schedule.warmRestarts(whole(a[0]), whole(a[1]), a[2]));
    kind(
        "triangular(up, down=up, floor=0)",
        a -> Schedule.triangular(whole(a[0]), whole(a[1]), a[2]));
    kind(
        "triangular2(up, down=up, floor=0)",
        a -> Schedule.triangular2(whole(a[0]), whole(a[1]), a[2]));
    kind(
        "expRange(up, down=up, floor=0, gamma=1)",
        a -> Schedule.expRange(whole(a[0]), whole(a[1]), a[2], a[3]));
    kind(
        "oneCycle(steps, rise=0.3, divide=25, finalDivide=10000, linear=no, threePhase=no)",
        a -> new OneCycle(whole(a[0]), a[1], a[2], a[3], a[4] != 0, a[5] != 0));
  }

  private Notation() {}

  /// A schedule that can be written.
  ///
  /// @param signature how, as help shows it
  /// @param settings the names of its numbers
  /// @param defaults where they may be left out, what they are then
  /// @param many whether the last number may come any number of times
  /// @param make the schedule with these numbers
  record Kind(
      String signature,
      String name,
      List<String> settings,
      List<Optional<String>> defaults,
      boolean many,
      Function<double[], Schedule> make) {

    /// The numbers that are left out, from those before.
    double fallback(int i, double[] values) {
      String text = defaults.get(i).orElseThrow();
      return switch (text) {
        case NO -> 0;
        case "endless" -> Double.POSITIVE_INFINITY;
        default ->
            settings.contains(text) ? values[settings.indexOf(text)] : Double.parseDouble(text);
      };
    }

    /// Whether a number is said by its name alone, as in `linear`, or not at all.
    boolean isFlag(int i) {
      return i < settings.size() && defaults.get(i).equals(Optional.of(NO));
    }
  }

  /// The schedules by name.
  static Map<String, Kind> kinds() {
    return KINDS;
  }

  private static void kind(String signature, Function<double[], Schedule> make) {
    int open = signature.indexOf('(');
    String name = signature.substring(0, open);
    List<String> settings = new ArrayList<>();
    List<Optional<String>> defaults = new ArrayList<>();
    boolean many = signature.contains("...");
    for (String setting :
        signature.substring(open + 1, signature.length() - 1).replace("...", "").split(", ")) {
      int equals = setting.indexOf('=');
      settings.add(equals < 0 ? setting : setting.substring(0, equals));
      defaults.add(equals < 0 ? Optional.empty() : Optional.of(setting.substring(equals + 1)));
    }
    KINDS.put(name, new Kind(signature, name, settings, defaults, many, make));
  }

  private static Schedule constant(double[] a) {
    return Double.isInfinite(a[1]) ? Schedule.constant(a[0]) : Schedule.constant(a[0], whole(a[1]));
  }

  private static Schedule multiStep(double[] a) {
    long[] milestones = Arrays.stream(a).skip(1).mapToLong(Notation::whole).toArray();
    return Schedule.multiStep(a[0], milestones);
  }

  static long whole(double x) {
    if (x != Math.rint(x) || Math.abs(x) > 0x1p53) {
      throw new IllegalArgumentException("steps are whole numbers, found " + number(x));
    }
    return (long) x;
  }

  // ---- writing --------------------------------------------------------------------------------

  /// `cosine(10000, floor=0.1)`: what must be said in order, the rest by name where it differs.
  static String text(String name, Number... arguments) {
    double[] values = Arrays.stream(arguments).mapToDouble(Number::doubleValue).toArray();
    Kind kind = KINDS.get(name);
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      boolean optional = i < kind.defaults.size() && kind.defaults.get(i).isPresent();
      if (!optional) {
        parts.add(number(values[i]));
      } else if (values[i] != kind.fallback(i, values)) {
        String setting = kind.settings.get(i);
        parts.add(kind.isFlag(i) ? setting : setting + "=" + number(values[i]));
      }
    }
    return name + "(" + String.join(", ", parts) + ")";
  }

  /// `500`, `0.001`, `1.0E-5`.
  static String number(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e15 ? Long.toString((long) x) : Double.toString(x);
  }
}
