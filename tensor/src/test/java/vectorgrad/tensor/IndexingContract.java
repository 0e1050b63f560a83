package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// What every operation on index tensors must do, against models that put one element after the
/// other into place.
abstract class IndexingContract {
  abstract Device device();

  /// An element by element join of at most a few dozen numbers in f32.
  private static final double JOINED = 1e-4;

  private DType anyDType(Random random) {
    DType[] dtypes = DType.values();
    return dtypes[random.nextInt(dtypes.length)];
  }

  /// Indices below `size` of the given shape, behind a nasty layout.
  private Tensor indices(Nasty nasty, Shape shape, int size) {
    Tensor drawn = nasty.tensor(shape, DType.I32); // −10 … 10
    int[] places = drawn.toInts();
    for (int i = 0; i < places.length; i++) {
      places[i] = Math.floorMod(places[i] * 7 + i, size);
    }
    Tensor contiguous = Tensor.of(places, shape).to(device());
    return nasty.random().nextBoolean() || shape.rank() < 2
        ? contiguous
        : contiguous.transpose().copy().transpose();
  }

  private record Case(Tensor x, int axis, Tensor index, Tensor source) {}

  /// A tensor, an axis, an index and a source for it; or none where the axis is empty.
  private java.util.Optional<Case> draw(Nasty nasty, DType dtype) {
    Random r = nasty.random();
    Shape shape = nasty.shape();
    if (shape.rank() == 0) {
      return java.util.Optional.empty();
    }
    int axis = r.nextInt(shape.rank());
    int size = 1 + r.nextInt(9);
    Tensor x = nasty.tensor(shape.with(axis, size), dtype);
    Tensor source = nasty.tensor(shape, dtype);
    return java.util.Optional.of(new Case(x, axis, indices(nasty, shape, size), source));
  }

  private static int[] with(int[] index, int axis, double value) {
    int[] changed = index.clone();
    changed[axis] = (int) value;
    return changed;
  }

  @Property(tries = 80)
  @Checks({"gather", "takeAlongDim", "indexSelect"})
  void gatheringFollowsTheIndex(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    draw(nasty, anyDType(nasty.random()))
        .ifPresent(c -> {
          Model m = Model.of(c.x);
          Model places = Model.of(c.index);
          Model gathered =
              new Model(c.index.shape(), at -> m.get(with(at, c.axis, places.get(at))));
          gathered.assertMatches(c.x.gather(c.axis - c.x.rank(), c.index), 0);
          gathered.assertMatches(c.x.gather(c.axis, c.index.to(DType.I64)), 0);
          gathered.assertMatches(c.x.takeAlongDim(c.index, c.axis), 0);
          int[] thin = c.index.shape().toArray();
          for (int i = 0; i < thin.length; i++) {
            thin[i] = i == c.axis ? thin[i] : Math.min(1, thin[i]);
          }
          Tensor narrow = indices(nasty, Shape.of(thin), c.x.size(c.axis));
          Model few = Model.of(narrow);
          new Model(c.index.shape(), at -> m.get(with(at, c.axis, few.broadcastAt(at))))
              .assertMatches(c.x.takeAlongDim(narrow, c.axis), 0);
          Tensor vector = indices(nasty, Shape.of(nasty.random().nextInt(7)), c.x.size(c.axis));
          Model chosen = Model.of(vector);
          new Model(
                  c.x.shape().with(c.axis, vector.size()),
                  at -> m.get(with(at, c.axis, chosen.get(at[c.axis]))))
              .assertMatches(c.x.indexSelect(c.axis, vector), 0);
        });
  }

  /// `source` joined onto `x` at the places of the index, in row-major order.
  private static Model joined(Case c, DoubleBinaryOperator join) {
    double[] result = c.x.toDoubles();
    Model source = Model.of(c.source);
    Model places = Model.of(c.index);
    Layout row = Layout.contiguous(c.x.shape());
    int[] at = new int[c.index.rank()];
    for (int i = 0; i < c.index.size(); i++, Model.next(at, c.index.shape())) {
      int place = row.at(with(at, c.axis, places.get(at)));
      result[place] = join.applyAsDouble(result[place], source.get(at));
    }
    return new Model(c.x.shape(), index -> result[row.at(index)]);
  }

  @Property(tries = 80)
  @Checks("scatter")
  void theLastWrittenElementStays(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    draw(nasty, anyDType(nasty.random()))
        .ifPresent(c -> {
          double[] before = c.x.toDoubles();
          joined(c, (old, young) -> young).assertMatches(c.x.scatter(c.axis, c.index, c.source), 0);
          joined(c, (old, young) -> 1)
              .assertMatches(c.x.scatter(c.axis - c.x.rank(), c.index, 1), 0);
          org.junit.jupiter.api.Assertions.assertArrayEquals(before, c.x.toDoubles());
        });
  }

  @Property(tries = 80)
  @Checks({"scatterAdd", "scatterReduce", "indexAdd"})
  void elementsThatMeetAreJoinedInOrder(@ForAll long seed) {
    for (DType dtype : new DType[] {DType.F64, DType.F32, DType.I32}) {
      var nasty = new Nasty(seed, device());
      draw(nasty, dtype)
          .ifPresent(c -> {
            double tolerance = dtype == DType.F32 ? JOINED : 1e-12;
            Model sums = joined(c, Double::sum);
            sums.assertMatches(c.x.scatterAdd(c.axis, c.index, c.source), tolerance);
            reduced(c, ScatterReduction.SUM, sums, tolerance);
            reduced(c, ScatterReduction.MAX, joined(c, Math::max), 0);
            reduced(c, ScatterReduction.MIN, joined(c, Math::min), 0);
            if (dtype != DType.F32) {
              Case few = new Case(c.x, c.axis, c.index, c.source.sign());
              reduced(few, ScatterReduction.PROD, joined(few, (a, b) -> a * b), tolerance);
            }
            Tensor zeros = c.x.mul(0);
            Case onto = new Case(zeros, c.axis, c.index, c.source);
            joined(onto, Double::sum)
                .assertMatches(c.source.scatterAdd(c.axis, c.index, c.x.size(c.axis)), tolerance);
            if (dtype.isFloating()) {
              Tensor one = c.x.mul(0).add(1);
              Case counting = new Case(one, c.axis, c.index, c.source.mul(0).add(1));
              Model counts = joined(counting, Double::sum);
              reduced(
                  c,
                  ScatterReduction.MEAN,
                  new Model(c.x.shape(), at -> sums.get(at) / counts.get(at)),
                  tolerance);
            }
            Tensor vector = indices(nasty, Shape.of(c.source.size(c.axis)), c.x.size(c.axis));
            int[] wide = new int[c.x.rank()];
            Arrays.fill(wide, 1);
            wide[c.axis] = vector.size();
            Tensor index = vector.reshape(wide).expand(c.source.shape());
            joined(new Case(c.x, c.axis, index, c.source), Double::sum)
                .assertMatches(c.x.indexAdd(c.axis, vector, c.source), tolerance);
            joined(new Case(zeros, c.axis, index, c.source), Double::sum)
                .assertMatches(c.source.indexAdd(c.axis, vector, c.x.size(c.axis)), tolerance);
          });
    }
  }

  private static void reduced(
      Case c, ScatterReduction reduction, Model expected, double tolerance) {
    expected.assertMatches(c.x.scatterReduce(c.axis, c.index, c.source, reduction), tolerance);
  }

  @Property(tries = 80)
  @Checks({"take", "put"})
  void placesCountInRowMajorOrder(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = nasty.tensor(nasty.shape(), DType.I32);
    if (x.size() == 0) {
      return;
    }
    Tensor index = indices(nasty, nasty.shape(), x.size());
    double[] flat = x.toDoubles();
    Model places = Model.of(index);
    new Model(index.shape(), at -> flat[(int) places.get(at)]).assertMatches(x.take(index), 0);
    Tensor source = nasty.tensor(index.shape(), DType.I32);
    Tensor line = x.flatten(0);
    Case c = new Case(line, 0, index.flatten(0), source.flatten(0));
    Tensor put = x.put(index, source, false);
    assertEquals(x.shape(), put.shape());
    joined(c, (old, young) -> young).assertMatches(put.flatten(0), 0);
    joined(c, Double::sum).assertMatches(x.put(index, source, true).flatten(0), 0);
  }

  @Property(tries = 80)
  @Checks({"index", "indexPut"})
  void severalIndicesNamePartsTogether(@ForAll long seed) {
    var nasty = new Nasty(seed, device());
    Tensor x = nasty.tensor(nasty.shape(), DType.I32);
    if (x.rank() == 0 || x.size() == 0) {
      return;
    }
    int k = 1 + nasty.random().nextInt(Math.min(2, x.rank()));
    Shape shape = Shape.of(nasty.random().nextInt(4), 3);
    Tensor[] indices = new Tensor[k];
    Model[] places = new Model[k];
    for (int i = 0; i < k; i++) {
      indices[i] = indices(nasty, i == 0 ? shape : nasty.broadcastable(shape), x.size(i));
      places[i] = Model.of(indices[i]);
    }
    int[] sizes = Arrays.copyOf(shape.toArray(), 2 + x.rank() - k);
    System.arraycopy(x.shape().toArray(), k, sizes, 2, x.rank() - k);
    java.util.function.UnaryOperator<int[]> from =
        at -> {
          int[] index = new int[x.rank()];
          for (int i = 0; i < index.length; i++) {
            index[i] = i < k ? (int) places[i].broadcastAt(at[0], at[1]) : at[2 + i - k];
          }
          return index;
        };
    ViewsContract.assertElements(x, x.index(indices), sizes, from);
    Shape parts = Shape.of(sizes);
    Tensor source = nasty.tensor(parts, DType.I32);
    Model m = Model.of(source);
    Layout row = Layout.contiguous(x.shape());
    double[] written = x.toDoubles();
    double[] added = x.toDoubles();
    int[] at = new int[sizes.length];
    for (int i = 0; i < parts.size(); i++, Model.next(at, parts)) {
      written[row.at(from.apply(at))] = m.get(at);
      added[row.at(from.apply(at))] += m.get(at);
    }
    new Model(x.shape(), index -> written[row.at(index)])
        .assertMatches(x.indexPut(source, false, indices), 0);
    new Model(x.shape(), index -> added[row.at(index)])
        .assertMatches(x.indexPut(source, true, indices), 0);
  }
}
