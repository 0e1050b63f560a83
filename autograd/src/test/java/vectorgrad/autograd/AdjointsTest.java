package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.PadMode;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Every operation that shows, moves, copies or chooses elements is linear; its backward is its
/// adjoint, `⟨A·x, y⟩ = ⟨x, A*·y⟩`, and the adjoint's is the operation itself. Over scalars, axes
/// of size 0 and 1, axes counted from the end, and inputs that are permuted, sliced, flipped and
/// expanded.
class AdjointsTest {
  /// An operation of at least so many axes, with parameters that fit `shape` drawn at random.
  private record Operation(String name, int leastRank, Parameters parameters) {}

  private interface Parameters {
    UnaryOperator<Variable> draw(Random r, Shape shape);
  }

  private static Operation on(String name, int leastRank, Parameters parameters) {
    return new Operation(name, leastRank, parameters);
  }

  /// An axis, counted from the beginning or the end.
  private static int axis(Random r, Shape shape) {
    return r.nextInt(2 * shape.rank()) - shape.rank();
  }

  /// Two axes that differ.
  private static int[] axes(Random r, Shape shape) {
    int first = r.nextInt(shape.rank());
    int second = (first + 1 + r.nextInt(shape.rank() - 1)) % shape.rank();
    return new int[] {first, r.nextBoolean() ? second : second - shape.rank()};
  }

  private static int[] order(Random r, int rank) {
    int[] order = IntStream.range(0, rank).toArray();
    for (int i = rank - 1; i > 0; i--) {
      int j = r.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    return order;
  }

  private static int[] some(Random r, int count, int bound) {
    return IntStream.range(0, count).map(i -> r.nextInt(bound)).toArray();
  }

  private static Tensor mask(Random r, Shape shape) {
    return tensor(r, shape).gt(r.nextInt(3) - 1); // few, half or most of them
  }

  /// A shape that broadcasts to `shape`.
  private static Shape smaller(Random r, Shape shape) {
    int[] sizes = Arrays.copyOfRange(shape.toArray(), r.nextInt(shape.rank() + 1), shape.rank());
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = r.nextInt(3) == 0 ? 1 : sizes[i];
    }
    return Shape.of(sizes);
  }

  /// A shape that `shape` broadcasts to.
  private static Shape larger(Random r, Shape shape) {
    int added = shape.rank() < 4 ? r.nextInt(2) : 0;
    int[] sizes = new int[added + shape.rank()];
    for (int i = 0; i < sizes.length; i++) {
      int old = i < added ? 1 : shape.get(i - added);
      sizes[i] = old == 1 ? r.nextInt(4) : old;
    }
    return Shape.of(sizes);
  }

  /// The parts in reverse, as one again, so that none can be taken for another.
  private static Variable joined(Variable whole, int axis, List<Variable> parts) {
    return parts.isEmpty()
        ? whole
        : Variable.concat(axis, parts.reversed().toArray(Variable[]::new));
  }

  private static final List<Operation> VIEWS =
      List.of(
          on("transpose", 2, (r, s) -> Variable::transpose),
          on("permute", 0, (r, s) -> fixed(order(r, s.rank()), (x, o) -> x.permute(o))),
          on("swapaxes", 1, (r, s) -> of(axis(r, s), axis(r, s), (x, a, b) -> x.swapaxes(a, b))),
          on("movedim", 1, (r, s) -> of(axis(r, s), axis(r, s), (x, a, b) -> x.movedim(a, b))),
          on(
              "movedim of two",
              2,
              (r, s) -> fixed(axes(r, s), (x, from) -> x.movedim(from, new int[] {1, 0}))),
          on("reshape", 0, (r, s) -> x -> x.reshape(Shape.of(s.size(), 1))),
          on(
              "flatten",
              1,
              (r, s) -> {
                int start = r.nextInt(s.rank());
                int end = start + r.nextInt(s.rank() - start);
                return x -> x.flatten(start, end - s.rank());
              }),
          on("flatten from", 0, (r, s) -> x -> x.flatten(0)),
          on("unflatten", 1, (r, s) -> fixed(axis(r, s), (x, a) -> x.unflatten(a, 1, x.size(a)))),
          on("squeeze", 0, (r, s) -> Variable::squeeze),
          on(
              "unsqueeze",
              0,
              (r, s) -> fixed(r.nextInt(s.rank() + 1), (x, a) -> x.unsqueeze(a).squeeze(a).neg())),
          on("expand", 0, (r, s) -> fixed(larger(r, s), (x, to) -> x.expand(to))),
          on(
              "expand by sizes",
              0,
              (r, s) -> fixed(larger(r, s), (x, to) -> x.expand(to.toArray()))),
          on("broadcastTo", 0, (r, s) -> fixed(larger(r, s), (x, to) -> x.broadcastTo(to))),
          on("sumTo", 0, (r, s) -> fixed(smaller(r, s), (x, to) -> x.sumTo(to))));

  private static final List<Operation> SLICES =
      List.of(
          on(
              "slice",
              1,
              (r, s) -> {
                int axis = axis(r, s);
                int from = r.nextInt(9) - 4;
                int to = r.nextInt(9) - 4;
                int step = r.nextBoolean() ? 1 + r.nextInt(2) : -1 - r.nextInt(2);
                return x -> x.slice(axis, from, to, step);
              }),
          on("slice by text", 1, (r, s) -> x -> x.slice("1:, ..., None")),
          on("slice by text backwards", 1, (r, s) -> x -> x.slice("..., ::-2")),
          on(
              "narrow",
              1,
              (r, s) -> {
                int axis = axis(r, s);
                int start = r.nextInt(s.get(axis) + 1);
                int length = r.nextInt(s.get(axis) - start + 1);
                return x -> x.narrow(axis, start, length);
              }),
          on(
              "select",
              1,
              (r, s) -> {
                int axis = axis(r, s);
                int size = s.get(axis);
                int index = size == 0 ? 0 : r.nextInt(2 * size) - size;
                return x -> size == 0 ? x : x.select(axis, index);
              }),
          on(
              "unbind",
              1,
              (r, s) -> {
                int axis = axis(r, s);
                return x ->
                    x.size(axis) == 0
                        ? x
                        : Variable.stack(-1, x.unbind(axis).reversed().toArray(Variable[]::new));
              }),
          on(
              "split",
              1,
              (r, s) -> of(axis(r, s), 1 + r.nextInt(3), (x, a, n) -> joined(x, a, x.split(n, a)))),
          on(
              "split by sizes",
              1,
              (r, s) -> {
                int axis = axis(r, s);
                int first = r.nextInt(s.get(axis) + 1);
                int[] sizes = {first, 0, s.get(axis) - first};
                return x -> joined(x, axis, x.split(sizes, axis));
              }),
          on(
              "chunk",
              1,
              (r, s) -> of(axis(r, s), 1 + r.nextInt(3), (x, a, n) -> joined(x, a, x.chunk(n, a)))),
          on("flip", 2, (r, s) -> fixed(axes(r, s), (x, a) -> x.flip(a))),
          on("flip all", 0, (r, s) -> x -> x.flip()),
          on(
              "rot90",
              2,
              (r, s) -> {
                int[] plane = axes(r, s);
                int quarters = r.nextInt(9) - 4;
                return x -> x.rot90(quarters, plane[0], plane[1]);
              }),
          on("diagonal", 2, (r, s) -> Variable::diagonal),
          on(
              "diagonal of axes",
              2,
              (r, s) -> {
                int[] plane = axes(r, s);
                int offset = r.nextInt(9) - 4;
                return x -> x.diagonal(offset, plane[0], plane[1]);
              }),
          on(
              "window",
              1,
              (r, s) -> {
                int axis = axis(r, s);
                int[] n = some(r, 3, 3);
                return x -> x.window(axis, 1 + n[0], 1 + n[1], 1 + n[2]);
              }));

  private static final List<Operation> REARRANGEMENTS =
      List.of(
          on(
              "pad",
              1,
              (r, s) -> {
                int axis = axis(r, s);
                int[] n = some(r, 2, 3);
                return x -> x.pad(axis, n[0], n[1], 2);
              }),
          on(
              "pad everywhere",
              0,
              (r, s) -> {
                int[] before = some(r, s.rank(), 3);
                int[] after = some(r, s.rank(), 3);
                return x -> x.pad(before, after, -1);
              }),
          on(
              "pad by a mode",
              1,
              (r, s) -> {
                int axis = axis(r, s);
                PadMode[] modes = PadMode.values();
                PadMode mode = modes[r.nextInt(modes.length)];
                int most = mode == PadMode.REFLECT ? s.get(axis) : s.get(axis) == 0 ? 1 : 6;
                int before = r.nextInt(Math.max(1, most));
                int after = r.nextInt(Math.max(1, most));
                return x -> x.pad(axis, before, after, mode);
              }),
          on("roll", 1, (r, s) -> of(axis(r, s), r.nextInt(), (x, a, shift) -> x.roll(shift, a))),
          on("roll by the least", 1, (r, s) -> x -> x.roll(Integer.MIN_VALUE, -1)),
          on(
              "roll along axes",
              2,
              (r, s) -> fixed(axes(r, s), (x, a) -> x.roll(new int[] {-1, 2}, a))),
          on(
              "repeat",
              0,
              (r, s) ->
                  fixed(some(r, Math.min(4, s.rank() + r.nextInt(2)), 3), (x, n) -> x.repeat(n))),
          on(
              "repeatInterleave",
              1,
              (r, s) -> of(axis(r, s), r.nextInt(3), (x, a, n) -> x.repeatInterleave(n, a))),
          on(
              "repeatInterleave each",
              1,
              (r, s) -> {
                int axis = axis(r, s);
                int[] times = some(r, s.get(axis), 3);
                return x -> x.repeatInterleave(times, axis);
              }),
          on(
              "concat",
              1,
              (r, s) -> fixed(axis(r, s), (x, a) -> Variable.concat(a, x, x.mul(2), x.flip(a)))),
          on("stack", 0, (r, s) -> x -> Variable.stack(-1, x, x.mul(3))),
          on(
              "meshgrid",
              0,
              (r, s) ->
                  x -> {
                    Variable vector = x.flatten(0);
                    List<Variable> grid = Variable.meshgrid(vector, vector.mul(2));
                    return grid.get(0).add(grid.get(1).mul(3));
                  }),
          on(
              "overlapAdd",
              1,
              (r, s) -> {
                int axis = r.nextInt(s.rank());
                int[] n = some(r, 3, 3);
                int size = s.get(axis) + 4;
                return x -> {
                  Variable windows =
                      x.pad(axis, 2, 2).window(axis, 1 + n[0], 1 + n[1], 1 + n[2]).mul(2);
                  return windows.overlapAdd(axis - s.rank(), size, 1 + n[1], 1 + n[2]);
                };
              }));

  private static final List<Operation> DIAGONALS_AND_MASKS =
      List.of(
          on("trace", 2, (r, s) -> x -> matrix(x).trace()),
          on("diag of a matrix", 2, (r, s) -> fixed(r.nextInt(5) - 2, (x, k) -> matrix(x).diag(k))),
          on(
              "diag of a vector",
              0,
              (r, s) -> fixed(r.nextInt(5) - 2, (x, k) -> x.flatten(0).diag(k))),
          on("diagEmbed", 1, (r, s) -> fixed(r.nextInt(5) - 2, (x, k) -> x.diagEmbed(k))),
          on("tril", 2, (r, s) -> fixed(r.nextInt(7) - 3, (x, k) -> x.tril(k))),
          on("triu", 2, (r, s) -> fixed(r.nextInt(7) - 3, (x, k) -> x.triu(k))),
          on(
              "maskedSelect",
              0,
              (r, s) -> fixed(mask(r, smaller(r, s)), (x, m) -> x.maskedSelect(m))),
          on(
              "maskedSelect of more",
              0,
              (r, s) -> fixed(mask(r, larger(r, s)), (x, m) -> x.maskedSelect(m))),
          on(
              "indexBy",
              0,
              (r, s) -> {
                int covered = r.nextInt(s.rank() + 1);
                Tensor mask = mask(r, Shape.of(Arrays.copyOf(s.toArray(), covered)));
                return x -> x.indexBy(mask);
              }),
          on(
              "maskedFill",
              0,
              (r, s) -> fixed(mask(r, smaller(r, s)), (x, m) -> x.maskedFill(m, 3))),
          on(
              "maskedFill with a sum",
              0,
              (r, s) -> fixed(mask(r, smaller(r, s)), (x, m) -> x.maskedFill(m, x.sum()))),
          on(
              "maskedScatter",
              0,
              (r, s) ->
                  fixed(mask(r, smaller(r, s)), (x, m) -> x.maskedScatter(m, x.flip().mul(2)))),
          on(
              "where",
              0,
              (r, s) ->
                  fixed(mask(r, larger(r, s)), (x, m) -> Variable.where(m, x, x.flip().mul(2)))));

  private interface Of<T> {
    Variable apply(Variable x, T parameter);
  }

  private interface OfTwo {
    Variable apply(Variable x, int a, int b);
  }

  private static <T> UnaryOperator<Variable> fixed(T parameter, Of<T> operation) {
    return x -> operation.apply(x, parameter);
  }

  private static UnaryOperator<Variable> of(int a, int b, OfTwo operation) {
    return x -> operation.apply(x, a, b);
  }

  /// Everything but the first axis as one.
  private static Variable matrix(Variable x) {
    return x.flatten(1);
  }

  /// Numbers of up to four axes, in one of many layouts.
  private static Tensor tensor(Random r, Shape shape) {
    int rank = shape.rank();
    int[] order = order(r, rank);
    int[] base = new int[rank];
    int[] inverse = new int[rank];
    for (int i = 0; i < rank; i++) {
      base[i] = 2 * shape.get(order[i]);
      inverse[order[i]] = i;
    }
    Tensor x = Tensor.normal(Seed.of(r.nextLong()), 0, Shape.of(base), DType.F64);
    for (int i = 0; i < rank; i++) {
      int size = base[i] / 2;
      x =
          switch (r.nextInt(4)) {
            case 0 -> x.slice(i, 0, base[i], 2);
            case 1 -> x.slice(i, size, base[i]).flip(i);
            case 2 -> size == 0 ? x : x.slice(i, 0, 1).expand(x.shape().with(i, size));
            default -> x.slice(i, 0, size);
          };
    }
    return x.permute(inverse);
  }

  private static Shape shape(Random r, int leastRank) {
    int rank = leastRank + r.nextInt(5 - leastRank);
    return Shape.of(
        IntStream.range(0, rank).map(i -> r.nextInt(8) == 0 ? 0 : 1 + r.nextInt(3)).toArray());
  }

  private static double dot(Tensor a, Tensor b) {
    return a.mul(b).sum().item();
  }

  private static void check(Operation operation, Random r) {
    Shape shape = shape(r, operation.leastRank());
    UnaryOperator<Variable> map = operation.parameters().draw(r, shape);
    Tensor zero = map.apply(Variable.constant(Tensor.zeros(shape, DType.F64))).value();
    Variable x = Variable.leaf(tensor(r, shape));
    Variable ax = map.apply(x);
    Variable y = Variable.leaf(tensor(r, ax.shape()));
    Variable adjoint = ax.mul(y).sum().backwardWithGraph(x).variable(x);
    String what = operation.name() + " of " + shape + ": ";
    assertEquals(shape, adjoint.shape(), what + "shape of the gradient");
    double left = dot(ax.value().sub(zero), y.value());
    // the same products of fewer than a thousand numbers near 1, added in another order
    assertEquals(left, dot(x.value(), adjoint.value()), 1e-11, what + "⟨A·x, y⟩ = ⟨x, A*·y⟩");
    Variable z = Variable.constant(tensor(r, shape));
    Tensor az = adjoint.mul(z).sum().backward(y).get(y);
    Tensor expected = map.apply(z).value().sub(zero);
    double difference = az.size() == 0 ? 0 : az.sub(expected).abs().max().item();
    assertTrue(difference < 1e-11, () -> what + "A** = A, but differs by " + difference);
  }

  @Property(tries = 60)
  void viewsHaveTheirAdjointAsBackward(@ForAll long seed) {
    VIEWS.forEach(operation -> check(operation, new Random(seed)));
  }

  @Property(tries = 60)
  void slicesHaveTheirAdjointAsBackward(@ForAll long seed) {
    SLICES.forEach(operation -> check(operation, new Random(seed)));
  }

  @Property(tries = 60)
  void rearrangementsHaveTheirAdjointAsBackward(@ForAll long seed) {
    REARRANGEMENTS.forEach(operation -> check(operation, new Random(seed)));
  }

  @Property(tries = 60)
  void diagonalsAndMasksHaveTheirAdjointAsBackward(@ForAll long seed) {
    DIAGONALS_AND_MASKS.forEach(operation -> check(operation, new Random(seed)));
  }
}
