package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static vectorgrad.nn.Layers.ensemble;
import static vectorgrad.nn.Layers.linear;
import static vectorgrad.nn.Layers.parallel;
import static vectorgrad.nn.Layers.relu;
import static vectorgrad.nn.Layers.sequential;
import static vectorgrad.nn.Layers.tanh;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.GradCheck;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;
import vectorgrad.tensor.Tensor;

/// Models put together from others, and values that pass between them.
class CompositionTest {
  private static final Tensor X = Tensor.normal(Seed.of(5), 0, Shape.of(3, 4), DType.F64);

  private static Sequential small(int seed) {
    return sequential(linear(4, 5), relu(), linear(5, 2)).initialize(Seed.of(seed)).to(DType.F64);
  }

  @Test
  void parallelLayersJoinWhatTheyComputeFromTheSameInput() {
    Layer left = linear(4, 2).initialize(Seed.of(1)).to(DType.F64);
    Layer right = sequential(linear(4, 3), tanh()).initialize(Seed.of(2)).to(DType.F64);
    Parallel both = parallel(left, right);
    Tensor expected = Tensor.concat(1, left.forward(X).value(), right.forward(X).value());
    assertArrayEquals(expected.toDoubles(), both.forward(X).value().toDoubles());
    assertEquals(
        List.of("0.weight", "0.bias", "1.0.weight", "1.0.bias"),
        List.copyOf(both.namedParameters().keySet()));
  }

  @Test
  void parallelOutputsThatDoNotFitAreNamed() {
    Layer flat = Layers.lambda("flat", x -> x.reshape(-1));
    var refused =
        assertThrows(
            ShapeException.class, () -> parallel(linear(4, 2), flat).forward(X.to(DType.F32)));
    assertEquals(
        """
        Parallel: outputs 0 and 1 differ beside axis 1
          0      (3, 2)
          1      (12)
          help   pad convolutions, so that all keep the size of their input\
        """,
        refused.getMessage());
  }

  @Test
  void anEnsembleIsTheMeanOfProbabilities() {
    Sequential a = small(1);
    Sequential b = small(2);
    Tensor mean = a.forward(X).value().softmax(1).add(b.forward(X).value().softmax(1)).mul(.5);
    assertArrayEquals(mean.toDoubles(), ensemble(a, b).forward(X).value().exp().toDoubles(), 1e-14);
  }

  @Test
  void anEnsembleOfCertainMembersStaysFinite() {
    Layer yes =
        Layers.lambda(
            "yes", x -> Variable.constant(Tensor.of(new double[] {1e4, -1e4}, Shape.of(1, 2))));
    Layer no =
        Layers.lambda(
            "no", x -> Variable.constant(Tensor.of(new double[] {-1e4, 1e4}, Shape.of(1, 2))));
    double half = Math.log(.5);
    assertArrayEquals(
        new double[] {half, half}, ensemble(yes, no).forward(X).value().toDoubles(), 1e-15);
  }

  @Test
  void aNewHeadSharesTheBody() {
    Sequential trained = small(1);
    Sequential other = trained.replaceHead(linear(5, 7));
    assertSame(trained.get(0), other.get(0));
    other.slice(0, -1).freeze();
    assertEquals(
        List.of("2.weight", "2.bias"),
        other.namedParameters().entrySet().stream()
            .filter(entry -> entry.getValue().trainable())
            .map(java.util.Map.Entry::getKey)
            .toList());
    other.unfreeze(name -> name.endsWith("bias"));
    assertEquals(3, other.parameters().stream().filter(p -> p.trainable()).count());
    other.freeze(name -> name.startsWith("2."));
    assertEquals(1, other.parameters().stream().filter(p -> p.trainable()).count());
  }

  @Test
  void weightsPassFromOneModelToAnother() {
    Sequential from = small(1);
    Sequential to = small(2);
    to.copyWeights(from);
    assertArrayEquals(from.forward(X).value().toDoubles(), to.forward(X).value().toDoubles());
    from.parameters().getFirst().set(Tensor.zeros(Shape.of(5, 4), DType.F64));
    assertEquals(1, to.parameters().getFirst().value().ne(0).any().item()); // values, not cells
  }

  @Test
  void aMappingSaysWhatComesFromWhere() {
    Sequential from = sequential(small(1), linear(2, 3));
    Sequential to = sequential(linear(4, 5), relu(), linear(5, 9)).initialize(Seed.of(3));
    double[] head = to.get(2).parameters().getFirst().value().toDoubles();
    to.copyWeights(
        from, name -> name.startsWith("2.") ? Optional.empty() : Optional.of("0." + name));
    assertArrayEquals(
        from.namedParameters().get("0.0.weight").value().to(DType.F32).toFloats(),
        to.namedParameters().get("0.weight").value().toFloats()); // converted to what is here
    assertArrayEquals(head, to.get(2).parameters().getFirst().value().toDoubles());
  }

  @Test
  void weightsThatDoNotFitAreListedAndNothingChanges() {
    Sequential to = sequential(linear(4, 5), relu(), linear(5, 3), linear(3, 1));
    to.initialize(Seed.of(3));
    double[] before = to.parameters().getFirst().value().toDoubles();
    var refused = assertThrows(IllegalArgumentException.class, () -> to.copyWeights(small(1)));
    assertEquals(
        """
        copyWeights: 4 of 6 values do not fit
          2.weight (3, 5), but "2.weight" has (2, 5)
          2.bias (3), but "2.bias" has (2)
          3.weight (1, 3), but there is no "3.weight"
          3.bias (1), but there is no "3.bias"
          help   map those to Optional.empty() to leave them; nothing was changed\
        """,
        refused.getMessage());
    assertArrayEquals(before, to.parameters().getFirst().value().toDoubles());
  }

  // ---- nets whose shape is that of their input --------------------------------------------------

  private sealed interface Phrase {}

  private record Word(int number) implements Phrase {}

  private record Join(Phrase left, Phrase right) implements Phrase {}

  /// A recursive network: a phrase is read as the phrases it is made of. Socher et al. 2011.
  private record TreeNet(Embedding words, Linear join) implements Parameterized {
    Variable read(Phrase phrase) {
      return switch (phrase) {
        case Word(int number) -> words.forward(Tensor.of(number));
        case Join(Phrase left, Phrase right) ->
            join.forward(Variable.concat(1, read(left), read(right))).tanh();
      };
    }
  }

  @Test
  void aRecursiveNetOverTreesIsARecordAndARecursion() {
    TreeNet net = new TreeNet(new Embedding(5, 3), linear(6, 3));
    net.initialize(Seed.of(4)).to(DType.F64);
    Phrase phrase =
        new Join(new Join(new Word(0), new Word(3)), new Join(new Word(1), new Word(0)));
    assertEquals(Shape.of(1, 3), net.read(phrase).shape());
    GradCheck.of(x -> net.read(phrase).mul(x.get(0)), X.narrow(1, 0, 3)).orThrow();
    var gradients = net.read(phrase).sum().backward();
    double[] rows = gradients.get(net.words().weight()).abs().sum(1).toDoubles();
    assertEquals(0, rows[2], "a word of another phrase learns nothing");
    assertEquals(3, java.util.Arrays.stream(rows).filter(row -> row > 0).count());
  }
}
