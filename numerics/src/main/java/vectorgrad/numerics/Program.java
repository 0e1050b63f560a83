package vectorgrad.numerics;

import java.util.*;
import java.util.function.Function;
import java.util.stream.Collectors;
import vectorgrad.numerics.Formula.*;

/// One or more formulas in evaluation order, common subexpressions shared.
public final class Program {
  private static final int MOST_PRINTED = 24;

  private record Key(Object kind, int a, int b, int c, long bits) {}

  private final List<Formula> outputs;
  private final List<Formula> nodes;
  private final int[][] children;
  private final int[] outputNumbers;
  private final List<Key> keys;
  private final int hash;
  private final int inputs;
  private volatile Program single, dbl;

  private Program(Formula... formulas) {
    var ids = new IdentityHashMap<Formula, Integer>();
    var byKey = new HashMap<Key, Integer>();
    var nodes = new ArrayList<Formula>();
    var keys = new ArrayList<Key>();
    var kids = new ArrayList<int[]>();
    outputNumbers = new int[formulas.length];
    for (int i = 0; i < formulas.length; i++)
      outputNumbers[i] = intern(formulas[i], ids, byKey, nodes, keys, kids);
    this.nodes = List.copyOf(nodes);
    this.keys = List.copyOf(keys);
    this.children = kids.toArray(int[][]::new);
    this.outputs = Arrays.stream(outputNumbers).mapToObj(nodes::get).toList();
    this.hash = 31 * keys.hashCode() + Arrays.hashCode(outputNumbers);
    this.inputs =
        nodes.stream().mapToInt(n -> n instanceof Input in ? in.index() + 1 : 0).max().orElse(0);
  }

  public static Program of(Formula... outputs) {
    return new Program(outputs);
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

  private static int intern(
      Formula root,
      Map<Formula, Integer> ids,
      Map<Key, Integer> byKey,
      List<Formula> nodes,
      List<Key> keys,
      List<int[]> kids) {
    var stack = new ArrayDeque<Formula>();
    stack.push(root);
    while (!stack.isEmpty()) {
      Formula f = stack.peek();
      if (ids.containsKey(f)) {
        stack.pop();
        continue;
      }
      boolean ready = true;
      var parts = parts(f);
      for (int i = parts.size() - 1; i >= 0; i--)
        if (!ids.containsKey(parts.get(i))) {
          stack.push(parts.get(i));
          ready = false;
        }
      if (!ready) continue;
      stack.pop();
      int[] c = parts.stream().mapToInt(ids::get).toArray();
      int a = c.length > 0 ? c[0] : -1, b = c.length > 1 ? c[1] : -1, d = c.length > 2 ? c[2] : -1;
      Key key =
          switch (f) {
            case Input i -> new Key("input", -1, -1, -1, i.index());
            case Constant k ->
                new Key("constant", -1, -1, -1, Double.doubleToRawLongBits(k.value()));
            case Unary u -> new Key(u.function(), a, b, d, 0);
            case Binary u -> new Key(u.function(), a, b, d, 0);
            case Fma _ -> new Key("fma", a, b, d, 0);
            case Select _ -> new Key("select", a, b, d, 0);
          };
      Integer known = byKey.get(key);
      if (known == null) {
        known = nodes.size();
        byKey.put(key, known);
        keys.add(key);
        kids.add(c);
        nodes.add(rebuild(f, nodes, c));
      }
      ids.put(f, known);
    }
    return ids.get(root);
  }

  private static Formula rebuild(Formula f, List<Formula> n, int[] c) {
    return switch (f) {
      case Input i -> i;
      case Constant k -> k;
      case Unary u -> new Unary(u.function(), n.get(c[0]));
      case Binary u -> new Binary(u.function(), n.get(c[0]), n.get(c[1]));
      case Fma _ -> new Fma(n.get(c[0]), n.get(c[1]), n.get(c[2]));
      case Select _ -> new Select(n.get(c[0]), n.get(c[1]), n.get(c[2]));
    };
  }

  public List<Formula> outputs() {
    return outputs;
  }

  public List<Formula> nodes() {
    return nodes;
  }

  public int inputs() {
    return inputs;
  }

  public boolean uses(int input) {
    for (Formula n : nodes) if (n instanceof Input i && i.index() == input) return true;
    return false;
  }

  List<Formula> substitute(Formula... with) {
    return rewrite(f -> f instanceof Input i ? with[i.index()] : f);
  }

  List<Formula> rewrite(Function<Formula, Formula> local) {
    var made = new ArrayList<Formula>();
    for (int i = 0; i < nodes.size(); i++)
      made.add(local.apply(rebuild(nodes.get(i), made, children[i])));
    return Arrays.stream(outputNumbers).mapToObj(made::get).toList();
  }

  public Program lowered(Precision p) {
    Program known = p == Precision.SINGLE ? single : dbl;
    if (known == null) {
      known =
          new Program(
              rewrite(f -> f instanceof Unary u ? Elementary.lower(u, p) : f)
                  .toArray(Formula[]::new));
      if (p == Precision.SINGLE) single = known;
      else dbl = known;
    }
    return known;
  }

  public void evaluate(double[] in, double[] out) {
    double[] v = new double[nodes.size()];
    for (int i = 0; i < v.length; i++) {
      int[] c = children[i];
      v[i] =
          switch (nodes.get(i)) {
            case Input n -> in[n.index()];
            case Constant k -> k.value();
            case Unary u -> u.function().apply(v[c[0]]);
            case Binary b -> b.function().apply(v[c[0]], v[c[1]]);
            case Fma _ -> Math.fma(v[c[0]], v[c[1]], v[c[2]]);
            case Select _ -> v[c[0]] != 0 ? v[c[1]] : v[c[2]];
          };
    }
    for (int i = 0; i < outputNumbers.length; i++) out[i] = v[outputNumbers[i]];
  }

  public void evaluate(float[] in, float[] out) {
    lowered(Precision.SINGLE).run(in, out);
  }

  private void run(float[] in, float[] out) {
    float[] v = new float[nodes.size()];
    for (int i = 0; i < v.length; i++) {
      int[] c = children[i];
      v[i] =
          switch (nodes.get(i)) {
            case Input n -> in[n.index()];
            case Constant k -> (float) k.value();
            case Unary u -> u.function().apply(v[c[0]]);
            case Binary b -> b.function().apply(v[c[0]], v[c[1]]);
            case Fma _ -> Math.fma(v[c[0]], v[c[1]], v[c[2]]);
            case Select _ -> v[c[0]] != 0 ? v[c[1]] : v[c[2]];
          };
    }
    for (int i = 0; i < outputNumbers.length; i++) out[i] = v[outputNumbers[i]];
  }

  @Override
  public boolean equals(Object o) {
    return this == o
        || (o instanceof Program p
            && hash == p.hash
            && keys.equals(p.keys)
            && Arrays.equals(outputNumbers, p.outputNumbers));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /// The formulas as mathematics, separated by semicolons; only their size if there is much shared.
  @Override
  public String toString() {
    return nodes.size() > MOST_PRINTED
        ? outputs.size() + " formulas of " + nodes.size() + " operations"
        : outputs.stream().map(Formula::toString).collect(Collectors.joining("; "));
  }
}
