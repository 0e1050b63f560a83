package vectorgrad.numerics;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import vectorgrad.numerics.Formula.Binary;
import vectorgrad.numerics.Formula.Constant;
import vectorgrad.numerics.Formula.Fma;
import vectorgrad.numerics.Formula.Input;
import vectorgrad.numerics.Formula.Select;
import vectorgrad.numerics.Formula.Unary;

/// One or more formulas in the order of evaluation, equal parts found and computed once.
///
/// A program is what is compiled to a kernel, and the key under which the kernel is found again:
/// two programs are equal if they compute the same things of the same inputs in the same way. Its
/// hash is computed once. All work takes time proportional to the number of different parts,
/// however often they are shared.
public final class Program {
  private static final int MOST_PRINTED = 24;

  /// What makes two parts equal: the function, the numbers of the arguments' parts, and a number.
  private record Key(Object kind, int a, int b, int c, long number) {
    // by hand, since the JVM makes those of a record anew in each start, 10 ms of it

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that
          && kind.equals(that.kind)
          && a == that.a
          && b == that.b
          && c == that.c
          && number == that.number;
    }

    @Override
    public int hashCode() {
      return 31 * (31 * (31 * (31 * kind.hashCode() + a) + b) + c) + Long.hashCode(number);
    }
  }

  private final List<Formula> nodes;
  private final List<Key> keys;
  private final int[][] arguments; // of each node, the numbers of its parts
  private final int[] outputs; // their numbers
  private final List<Formula> outputFormulas;
  private final int inputs;
  private final int hash;
  private final boolean wholeInts;
  private final boolean wholeLongs;
  private volatile Program single; // lowered, made when first asked for
  private volatile Program twice;

  private Program(Formula... formulas) {
    Interning interning = new Interning();
    Formula[] ends = new Formula[formulas.length];
    this.outputs = new int[formulas.length];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = interning.number(formulas[i]);
      ends[i] = interning.nodes.get(outputs[i]);
    }
    this.outputFormulas = List.of(ends);
    this.nodes = List.copyOf(interning.nodes);
    this.keys = List.copyOf(interning.keys);
    this.arguments = interning.arguments.toArray(new int[0][]);
    int most = 0;
    boolean ints = true;
    boolean longs = true;
    for (Formula node : nodes) {
      most = node instanceof Input i ? Math.max(most, i.index() + 1) : most;
      ints &= isWhole(node, 32);
      longs &= isWhole(node, 64);
    }
    this.inputs = most;
    this.wholeInts = ints;
    this.wholeLongs = longs;
    this.hash = 31 * keys.hashCode() + Arrays.hashCode(outputs);
  }

  /// The program of the given formulas.
  public static Program of(Formula... outputs) {
    return new Program(outputs);
  }

  /// What is computed, in the order given.
  public List<Formula> outputs() {
    return outputFormulas;
  }

  /// All different parts, arguments before the functions of them. The arguments of a node are the
  /// very objects in this list, so they can be found by identity.
  public List<Formula> nodes() {
    return nodes;
  }

  /// How many inputs there are: the largest number used, plus 1.
  public int inputs() {
    return inputs;
  }

  /// Whether the input with the given number occurs.
  public boolean uses(int input) {
    for (Formula node : nodes) {
      if (node instanceof Input i && i.index() == input) {
        return true;
      }
    }
    return false;
  }

  /// This program without what makes no difference, such as `x·1` or `−(−x)`: shorter, and not a
  /// bit of the float32 and float64 readings is changed. `x + 0` stays, since it turns −0 into 0.
  ///
  /// It may not keep to whole numbers as this one does: `x / ½` becomes `x·2`.
  public Program simplified() {
    Program before = this;
    while (true) { // a part that became shorter may make the parts around it shorter too
      Program after = new Program(before.rewrite(Simplification::of).toArray(Formula[]::new));
      if (after.equals(before)) {
        return before;
      }
      before = after;
    }
  }

  /// This program with elementary functions expressed by primitives, and simplified, for the given
  /// precision: the definition of what kernels compute, to the bit.
  public Program lowered(Precision precision) {
    Program lowered = precision == Precision.SINGLE ? single : twice;
    if (lowered == null) {
      lowered = new Program(rewrite(f -> Elementary.lower(f, precision)).toArray(Formula[]::new));
      if (precision == Precision.SINGLE) {
        single = lowered;
      } else {
        twice = lowered;
      }
    }
    return lowered;
  }

  /// This program with every input, constant and operation rounded to a format, as a program again,
  /// which every kernel computes. In float32, operations give the very bits of the format for up to
  /// 11 bits of precision, elementary functions may be a last place away; in float64 both are those
  /// of [#evaluate(FloatFormat, double[], double[])].
  public Program rounded(FloatFormat format) {
    return new Program(rewrite(f -> Emulation.rounded(format, f)).toArray(Formula[]::new));
  }

  /// Evaluates in a format: inputs, constants and the result of every operation, computed in
  /// float64, are rounded to it. Elementary functions are those of `Math`, rounded.
  ///
  /// @param in the inputs
  /// @param out takes the outputs
  public void evaluate(FloatFormat format, double[] in, double[] out) {
    double[] v = new double[nodes.size()];
    for (int i = 0; i < v.length; i++) {
      double y = Emulation.apply(nodes.get(i), v, arguments[i], in);
      v[i] = Emulation.round(format, nodes.get(i), y, v, arguments[i]);
    }
    for (int i = 0; i < outputs.length; i++) {
      out[i] = v[outputs[i]];
    }
  }

  /// The numbers of the parts that the node with the given number is a function of.
  int[] arguments(int node) {
    return arguments[node];
  }

  /// The numbers of the nodes that are the outputs.
  int[] outputNodes() {
    return outputs;
  }

  /// Whether the program computes whole numbers from whole numbers: it has no quotient, root or
  /// elementary function, and its constants are whole numbers that fit into `bits` bits, 32 or 64.
  public boolean isWhole(int bits) {
    return bits == 32 ? wholeInts : wholeLongs;
  }

  private static boolean isWhole(Formula node, int bits) {
    return switch (node) {
      case Constant c ->
          bits == 32
              ? c.value() == (int) c.value()
              : c.value() == (long) c.value() && c.value() < 0x1p63;
      case Unary u -> u.function().staysWhole();
      case Binary b -> b.function().staysWhole();
      case Input _, Fma _, Select _ -> true;
    };
  }

  /// Evaluates in float64, elementary functions by `Math`; truth values are 1 and 0.
  ///
  /// @param in the inputs
  /// @param out takes the outputs
  public void evaluate(double[] in, double[] out) {
    double[] v = new double[nodes.size()];
    for (int i = 0; i < v.length; i++) {
      int[] a = arguments[i];
      v[i] =
          switch (nodes.get(i)) {
            case Input n -> in[n.index()];
            case Constant c -> c.value();
            case Unary u -> u.function().apply(v[a[0]]);
            case Binary b -> b.function().apply(v[a[0]], v[a[1]]);
            case Fma _ -> Math.fma(v[a[0]], v[a[1]], v[a[2]]);
            case Select _ -> v[a[0]] != 0 ? v[a[1]] : v[a[2]];
          };
    }
    for (int i = 0; i < outputs.length; i++) {
      out[i] = v[outputs[i]];
    }
  }

  /// Evaluates in float32, after lowering: the bits that every kernel computes.
  ///
  /// @param in the inputs
  /// @param out takes the outputs
  public void evaluate(float[] in, float[] out) {
    lowered(Precision.SINGLE).evaluatePrimitives(in, out);
  }

  private void evaluatePrimitives(float[] in, float[] out) {
    float[] v = new float[nodes.size()];
    for (int i = 0; i < v.length; i++) {
      int[] a = arguments[i];
      v[i] =
          switch (nodes.get(i)) {
            case Input n -> in[n.index()];
            case Constant c -> (float) c.value();
            case Unary u -> u.function().apply(v[a[0]]);
            case Binary b -> b.function().apply(v[a[0]], v[a[1]]);
            case Fma _ -> Math.fma(v[a[0]], v[a[1]], v[a[2]]);
            case Select _ -> v[a[0]] != 0 ? v[a[1]] : v[a[2]];
          };
    }
    for (int i = 0; i < outputs.length; i++) {
      out[i] = v[outputs[i]];
    }
  }

  /// Evaluates in whole numbers that wrap around; truth values are 1 and 0.
  ///
  /// @param in the inputs
  /// @param out takes the outputs
  /// @param bits of the numbers: 32 or 64
  /// @throws IllegalStateException if the program [#isWhole] not
  public void evaluate(long[] in, long[] out, int bits) {
    if (!isWhole(bits)) {
      throw new IllegalStateException("does not stay among whole numbers: " + this);
    }
    long[] v = new long[nodes.size()];
    for (int i = 0; i < v.length; i++) {
      int[] a = arguments[i];
      long value =
          switch (nodes.get(i)) {
            case Input n -> in[n.index()];
            case Constant c -> (long) c.value();
            case Unary u -> u.function().apply(v[a[0]]);
            case Binary b -> b.function().apply(v[a[0]], v[a[1]]);
            case Fma _ -> v[a[0]] * v[a[1]] + v[a[2]];
            case Select _ -> v[a[0]] != 0 ? v[a[1]] : v[a[2]];
          };
      v[i] = bits == 32 ? (int) value : value; // sums and products need no more than this
    }
    for (int i = 0; i < outputs.length; i++) {
      out[i] = v[outputs[i]];
    }
  }

  /// The outputs with every input `i` replaced by `with[i]`.
  List<Formula> substitute(Formula... with) {
    return rewrite(f -> f instanceof Input i ? with[i.index()] : f);
  }

  /// The outputs with every part replaced by what `change` makes of it, arguments first.
  List<Formula> rewrite(UnaryOperator<Formula> change) {
    List<Formula> made = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      made.add(change.apply(rebuilt(nodes.get(i), made, arguments[i])));
    }
    return Arrays.stream(outputs).mapToObj(made::get).toList();
  }

  private static Formula rebuilt(Formula f, List<Formula> parts, int[] a) {
    return switch (f) {
      case Input i -> i;
      case Constant c -> c;
      case Unary u -> new Unary(u.function(), parts.get(a[0]));
      case Binary b -> new Binary(b.function(), parts.get(a[0]), parts.get(a[1]));
      case Fma _ -> new Fma(parts.get(a[0]), parts.get(a[1]), parts.get(a[2]));
      case Select _ -> new Select(parts.get(a[0]), parts.get(a[1]), parts.get(a[2]));
    };
  }

  /// Numbers the different parts of formulas. Formulas are compared by the numbers of their
  /// arguments and never as trees, since a tree may be exponentially larger than what it shares.
  private static final class Interning {
    private final IdentityHashMap<Formula, Integer> known = new IdentityHashMap<>();
    private final Map<Key, Integer> numbers = new HashMap<>();
    private final List<Formula> nodes = new ArrayList<>();
    private final List<Key> keys = new ArrayList<>();
    private final List<int[]> arguments = new ArrayList<>();

    int number(Formula root) {
      ArrayDeque<Formula> open = new ArrayDeque<>();
      open.push(root);
      while (!open.isEmpty()) {
        Formula f = open.peek();
        List<Formula> parts = parts(f);
        boolean ready = true;
        for (int i = parts.size() - 1; i >= 0; i--) {
          if (!known.containsKey(parts.get(i))) {
            open.push(parts.get(i));
            ready = false;
          }
        }
        if (ready) {
          open.pop();
          known.computeIfAbsent(f, _ -> add(f, parts));
        }
      }
      return known.get(root);
    }

    private int add(Formula f, List<Formula> parts) {
      int[] a = new int[parts.size()];
      for (int i = 0; i < a.length; i++) {
        a[i] = known.get(parts.get(i));
      }
      Key key = key(f, a);
      Integer number = numbers.get(key);
      if (number == null) {
        number = nodes.size();
        numbers.put(key, number);
        keys.add(key);
        arguments.add(a);
        nodes.add(rebuilt(f, nodes, a));
      }
      return number;
    }

    private static Key key(Formula f, int[] a) {
      return switch (f) {
        case Input i -> new Key("input", -1, -1, -1, i.index());
        case Constant c -> new Key("constant", -1, -1, -1, Double.doubleToRawLongBits(c.value()));
        case Unary u -> new Key(u.function(), a[0], -1, -1, 0);
        case Binary b -> new Key(b.function(), a[0], a[1], -1, 0);
        case Fma _ -> new Key("fma", a[0], a[1], a[2], 0);
        case Select _ -> new Key("select", a[0], a[1], a[2], 0);
      };
    }

    private static List<Formula> parts(Formula f) {
      return switch (f) {
        case Input _, Constant _ -> List.of();
        case Unary u -> List.of(u.x());
        case Binary b -> List.of(b.a(), b.b());
        case Fma m -> List.of(m.a(), m.b(), m.c());
        case Select s -> List.of(s.condition(), s.then(), s.otherwise());
      };
    }
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Program that
            && hash == that.hash
            && Arrays.equals(outputs, that.outputs)
            && keys.equals(that.keys));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /// The formulas as mathematics, separated by semicolons; only their size if that is long.
  @Override
  public String toString() {
    return nodes.size() > MOST_PRINTED
        ? outputs.length + " formulas of " + nodes.size() + " operations"
        : outputFormulas.stream().map(Formula::toString).collect(Collectors.joining("; "));
  }
}
