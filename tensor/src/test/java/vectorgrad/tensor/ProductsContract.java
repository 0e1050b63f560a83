package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;
import static vectorgrad.tensor.LayoutTest.assertMessage;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Program;

/// Products over nasty layouts, against loops in float64.
abstract class ProductsContract {
  /// Sums of up to 64 products of numbers of about the size of 1, in f32.
  private static final double ACCUMULATED = 2e-5;

  private static final double EXACT = 1e-12;
  private static final DType[] FLOATS = {DType.F32, DType.F64};

  abstract Device device();

  private static double tolerance(DType dtype) {
    return dtype == DType.F32 ? ACCUMULATED : EXACT;
  }

  private static int size(Random r) {
    int[] sizes = {0, 1, 1, 2, 3, 5, 13, 16, 17, 33};
    return sizes[r.nextInt(sizes.length)];
  }

  @Property(tries = 60)
  @Checks({"matmul", "mm", "mv", "bmm", "dot"})
  void vectorsAreRowsAndColumns(@ForAll long seed) {
    for (DType dtype : FLOATS) {
      var nasty = new Nasty(seed, device());
      var r = nasty.random();
      int m = size(r);
      int k = size(r);
      int n = size(r);
      double tolerance = tolerance(dtype);
      Tensor row = nasty.tensor(Shape.of(k), dtype);
      Tensor a = nasty.tensor(Shape.of(m, k), dtype);
      Tensor b = nasty.tensor(Shape.of(k, n), dtype);
      Tensor as = nasty.tensor(Shape.of(2, m, k), dtype);
      Tensor bs = nasty.tensor(Shape.of(2, k, n), dtype);
      Model v = Model.of(row);
      Model x = Model.of(a);
      Model y = Model.of(b);
      Model xs = Model.of(as);
      Model ys = Model.of(bs);
      Model inner = sum(Shape.SCALAR, k, (at, i) -> v.get(i) * v.get(i));
      inner.assertMatches(row.matmul(row), tolerance);
      inner.assertMatches(row.dot(row), tolerance);
      sum(Shape.of(n), k, (at, i) -> v.get(i) * y.get(i, at[0]))
          .assertMatches(row.matmul(b), tolerance);
      Model column = sum(Shape.of(m), k, (at, i) -> x.get(at[0], i) * v.get(i));
      column.assertMatches(a.matmul(row), tolerance);
      column.assertMatches(a.mv(row), tolerance);
      sum(Shape.of(2, n), k, (at, i) -> v.get(i) * ys.get(at[0], i, at[1]))
          .assertMatches(row.matmul(bs), tolerance);
      sum(Shape.of(2, m), k, (at, i) -> xs.get(at[0], at[1], i) * v.get(i))
          .assertMatches(as.matmul(row), tolerance);
      sum(Shape.of(m, n), k, (at, i) -> x.get(at[0], i) * y.get(i, at[1]))
          .assertMatches(a.mm(b), tolerance);
      sum(Shape.of(2, m, n), k, (at, i) -> xs.get(at[0], at[1], i) * ys.get(at[0], i, at[2]))
          .assertMatches(as.bmm(bs), tolerance);
    }
  }

  /// To the bit what the formula makes of the product afterwards: a bias for each column, a
  /// residual, and a number for each row, of other dtypes too.
  @Property(tries = 40)
  @Checks("matmulThen")
  void anEpilogueIsTheFormulaOfTheProduct(@ForAll long seed) {
    Program program =
        Program.of(
            input(0)
                .plus(input(1))
                .max(constant(0))
                .times(input(2))
                .plus(input(3).times(input(0))));
    for (DType dtype : FLOATS) {
      var nasty = new Nasty(seed, device());
      var r = nasty.random();
      int m = size(r);
      int k = size(r);
      int n = size(r);
      boolean one = r.nextBoolean();
      Tensor a = nasty.tensor(one ? Shape.of(m, k) : Shape.of(2, 3, m, k), dtype);
      Tensor b = nasty.tensor(Shape.of(k, n), dtype);
      Tensor bias = nasty.tensor(Shape.of(n), dtype);
      Tensor rows = nasty.tensor(Shape.of(m, 1), dtype);
      Tensor residual = nasty.tensor(one ? Shape.of(m, n) : Shape.of(2, 3, m, n), DType.F32);
      Tensor product = a.matmul(b);
      Tensor expected = Tensor.map(program, product, bias, rows, residual.to(dtype));
      Tensor found = a.matmulThen(b, new Epilogue(program, bias, rows, residual));
      assertArrayEquals(expected.toDoubles(), found.toDoubles());
      assertArrayEquals(
          product.add(bias).toDoubles(), a.matmulThen(b, Epilogue.sum(bias)).toDoubles());
    }
  }

  @Test
  void anEpilogueThatDoesNotFitIsRefused() {
    Tensor a = Tensor.zeros(Shape.of(2, 3), DType.F32, device());
    Tensor b = Tensor.zeros(Shape.of(3, 4), DType.F32, device());
    Tensor bias = Tensor.zeros(Shape.of(3), DType.F32, device());
    assertMessage(
        """
        matmulThen: a tensor of the epilogue does not broadcast to the result
          result (2, 4)
          tensor (3)
          help   one number for each column has the shape (4), for each row (2, 1)\
        """,
        () -> a.matmulThen(b, Epilogue.sum(bias)));
    assertMessage(
        """
        matmulThen: needs matrices
          left   (3)
          right  (3, 4)
          help   unsqueeze makes a matrix of a vector\
        """,
        () -> bias.matmulThen(b, Epilogue.sum(bias)));
    assertMessage(
        """
        matmulThen: the epilogue is not one formula of numbers
          formula x = y
          inputs the product, and 0 other tensors
          help   Program.of(input(0).plus(input(1))) adds one tensor\
        """,
        () -> a.matmulThen(b, new Epilogue(Program.of(input(0).equalTo(input(1))))));
  }

  private interface Term {
    double at(int[] index, int i);
  }

  private static Model sum(Shape shape, int terms, Term term) {
    return new Model(
        shape,
        at -> {
          double sum = 0;
          for (int i = 0; i < terms; i++) {
            sum += term.at(at, i);
          }
          return sum;
        });
  }

  @Property(tries = 60)
  @Checks({"vecdot", "outer", "kron", "cross"})
  void smallProductsFollowTheirDefinition(@ForAll long seed) {
    for (DType dtype : FLOATS) {
      var nasty = new Nasty(seed, device());
      var r = nasty.random();
      double tolerance = tolerance(dtype);
      Shape shape = nasty.shape();
      Tensor x = nasty.tensor(shape, dtype);
      Tensor y = nasty.tensor(nasty.broadcastable(shape), dtype);
      Model a = Model.of(x);
      Model b = Model.of(y);
      for (int axis = 0; axis < shape.rank(); axis++) {
        Model product = new Model(shape, at -> a.get(at) * b.broadcastAt(at));
        Slices.of(shape, product, new int[] {axis}, v -> Arrays.stream(v).sum())
            .assertMatches(x.vecdot(y, axis - shape.rank()).unsqueeze(axis), tolerance);
      }
      Tensor p = nasty.tensor(Shape.of(size(r)), dtype);
      Tensor q = nasty.tensor(Shape.of(size(r)), dtype);
      Model s = Model.of(p);
      Model t = Model.of(q);
      new Model(Shape.of(p.size(), q.size()), at -> s.get(at[0]) * t.get(at[1]))
          .assertMatches(p.outer(q), tolerance);
      Tensor c = nasty.tensor(Shape.of(2, size(r)), dtype);
      Model m = Model.of(c);
      new Model(
              Shape.of(2, c.size(1) * q.size()),
              at -> m.get(at[0], at[1] / q.size()) * t.get(at[1] % q.size()))
          .assertMatches(c.kron(q), tolerance);
      Tensor u = nasty.tensor(Shape.of(3, 5), dtype);
      Tensor w = nasty.tensor(Shape.of(2, 3, 1), dtype);
      Model e = Model.of(u);
      Model f = Model.of(w);
      new Model(
              Shape.of(2, 3, 5),
              at -> {
                int j = (at[1] + 1) % 3;
                int k = (at[1] + 2) % 3;
                return e.get(j, at[2]) * f.get(at[0], k, 0) - e.get(k, at[2]) * f.get(at[0], j, 0);
              })
          .assertMatches(u.cross(w, -2), tolerance);
    }
  }

  @Property(tries = 60)
  @Checks("tensordot")
  void tensordotSumsOverPairsOfAxes(@ForAll long seed) {
    for (DType dtype : FLOATS) {
      var nasty = new Nasty(seed, device());
      var r = nasty.random();
      int i = 1 + r.nextInt(4);
      int j = r.nextInt(5);
      int k = 1 + r.nextInt(4);
      int l = 1 + r.nextInt(4);
      Tensor a = nasty.tensor(Shape.of(j, i, k), dtype);
      Tensor b = nasty.tensor(Shape.of(k, l, j), dtype);
      Model x = Model.of(a);
      Model y = Model.of(b);
      double tolerance = tolerance(dtype);
      sum(Shape.of(i, l), j * k, (at, n) -> x.get(n / k, at[0], n % k) * y.get(n % k, at[1], n / k))
          .assertMatches(a.tensordot(b, new int[] {0, -1}, new int[] {2, 0}), tolerance);
      sum(Shape.of(j, i, l, j), k, (at, n) -> x.get(at[0], at[1], n) * y.get(n, at[2], at[3]))
          .assertMatches(a.tensordot(b, 1), tolerance);
      new Model(
              Shape.of(j, i, k, k, l, j),
              at -> x.get(at[0], at[1], at[2]) * y.get(at[3], at[4], at[5]))
          .assertMatches(a.tensordot(b, 0), tolerance);
    }
  }

  @Property(tries = 30)
  @Checks({"diag", "diagEmbed", "trace", "tril", "triu"})
  void diagonalsAndTrianglesChooseByTheDistanceOfIndices(@ForAll long seed) {
    for (DType dtype : DType.values()) {
      var nasty = new Nasty(seed, device());
      var r = nasty.random();
      Tensor x = nasty.tensor(Shape.of(2, size(r), size(r)), dtype);
      Model m = Model.of(x);
      for (int d : new int[] {-40, -2, -1, 0, 1, 3, 40, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
        new Model(x.shape(), at -> at[2] <= (long) at[1] + d ? m.get(at) : 0)
            .assertMatches(x.tril(d), 0);
        new Model(x.shape(), at -> at[2] >= (long) at[1] + d ? m.get(at) : 0)
            .assertMatches(x.triu(d), 0);
      }
      Tensor vectors = nasty.tensor(Shape.of(3, size(r)), dtype);
      Model v = Model.of(vectors);
      for (int d : new int[] {-2, 0, 1}) {
        int n = vectors.size(1) + Math.abs(d);
        new Model(
                Shape.of(3, n, n),
                at -> at[2] == at[1] + d ? v.get(at[0], Math.min(at[1], at[2])) : 0)
            .assertMatches(vectors.diagEmbed(d), 0);
        Tensor back = vectors.select(0, 1).diag(d).diag(d);
        new Model(Shape.of(vectors.size(1)), at -> v.get(1, at[0])).assertMatches(back, 0);
      }
    }
    var nasty = new Nasty(seed, device());
    Tensor matrix = nasty.tensor(Shape.of(5, 3), DType.F64);
    Model m = Model.of(matrix);
    assertEquals(m.get(0, 0) + m.get(1, 1) + m.get(2, 2), matrix.trace().item(), EXACT);
    Tensor nan = Tensor.full(Double.NaN, Shape.of(2, 2), DType.F32, device());
    assertEquals(0, nan.tril(-1).select(0, 0).select(0, 1).item());
  }

  private Tensor zeros(int... sizes) {
    return Tensor.zeros(Shape.of(sizes), DType.F32, device());
  }

  @Test
  void wrongRanksAndSizesAreNamed() {
    assertMessage(
        """
        matmul: needs vectors or matrices, found a scalar
          left   ()
          right  (3)
          help   mul multiplies by a number\
        """,
        () -> zeros().matmul(zeros(3)));
    assertMessage(
        """
        matmul: inner sizes differ, 3 and 4
          left   (2, 3)
          right  (4)
          rule   a vector has as many elements as its operand's inner axis\
        """,
        () -> zeros(2, 3).matmul(zeros(4)));
    assertMessage(
        """
        matmul: inner sizes differ, 3 and 4
          left   (3)
          right  (4, 3)
          help   right looks transposed; try b.transpose()\
        """,
        () -> zeros(3).matmul(zeros(4, 3)));
    assertMessage(
        """
        mv: needs a matrix and a vector
          left   (2, 3)
          right  (3, 1)
          help   matmul takes vectors, matrices and batches of them\
        """,
        () -> zeros(2, 3).mv(zeros(3, 1)));
    assertMessage(
        """
        bmm: batch sizes differ, 2 and 1
          left   (2, 3, 4)
          right  (1, 4, 5)
          help   matmul broadcasts batches of size 1\
        """,
        () -> zeros(2, 3, 4).bmm(zeros(1, 4, 5)));
    assertMessage(
        """
        dot: inner sizes differ, 2 and 3
          left   (2)
          right  (3)
          rule   a vector has as many elements as its operand's inner axis\
        """,
        () -> zeros(2).dot(zeros(3)));
    assertMessage(
        """
        vecdot: shapes do not broadcast at axis -1, 2 and 3
          left   (4, 2)
          right     (3)
          rule   aligned from the right, sizes are equal or one of them is 1\
        """,
        () -> zeros(4, 2).vecdot(zeros(3), -1));
    assertMessage(
        """
        dist: shapes do not broadcast at axis -1, 2 and 3
          left   (2)
          right  (3)
          rule   aligned from the right, sizes are equal or one of them is 1\
        """,
        () -> zeros(2).dist(zeros(3), 1));
    assertMessage(
        """
        cross: axis -1 has size 2, not 3
          left   (3, 2)
          right  (2)\
        """,
        () -> zeros(3, 2).cross(zeros(2), -1));
    assertMessage(
        """
        tensordot: summed sizes differ, 3 and 4
          left   (2, 3)
          right  (4, 5)
          axes   1 of left, 0 of right\
        """,
        () -> zeros(2, 3).tensordot(zeros(4, 5), 1));
    assertMessage(
        """
        tensordot: there are no 3 axes to sum over
          left   (2, 3)
          right  (4, 5)\
        """,
        () -> zeros(2, 3).tensordot(zeros(4, 5), 3));
    assertMessage(
        """
        tensordot: axis -1 is summed twice
          shape  (2, 3)\
        """,
        () -> zeros(2, 3).tensordot(zeros(3, 3), new int[] {1, -1}, new int[] {0, 1}));
    assertMessage(
        """
        tensordot: sums over 1 axes and 2 axes
          left   (2, 3)
          right  (3, 3)\
        """,
        () -> zeros(2, 3).tensordot(zeros(3, 3), new int[] {1}, new int[] {0, 1}));
    assertMessage(
        """
        trace: needs a matrix
          shape  (2, 3, 3)
          help   of batches, diagonal(0, -2, -1).sum(-1)\
        """,
        () -> zeros(2, 3, 3).trace());
    assertMessage(
        """
        diag: needs a vector or a matrix
          shape  (1, 2, 3)
          help   for batches, diagEmbed makes matrices, diagonal takes them apart\
        """,
        () -> zeros(1, 2, 3).diag());
    assertMessage("diagEmbed: needs vectors, found a scalar", () -> zeros().diagEmbed(0));
    assertMessage("tril: needs matrices, found (3)", () -> zeros(3).tril());
    assertMessage(
        """
        cdist: needs rows of vectors of one size
          left   (2, 3)
          right  (2, 4)
          rule   (…, M, D) and (…, N, D)\
        """,
        () -> zeros(2, 3).cdist(zeros(2, 4), 2));
    assertMessage(
        """
        argmin: there is nothing to choose from
          shape  (2, 0)
          rule   an axis of size 0 has no extreme\
        """,
        () -> zeros(2, 0).argmin(1));
    assertEquals(Shape.of(2, 0), zeros(2, 0).matmul(zeros(0, 0)).shape());
  }
}
