package vectorgrad.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import vectorgrad.autograd.Explanation.Step;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The chain rule of small graphs, as a sheet and as a picture.
class ExplanationTest {
  private final Variable w = Variable.leaf(Tensor.of(0.5));
  private final Variable b = Variable.leaf(Tensor.of(0.1));
  private final Variable x = Variable.constant(Tensor.of(2.0));
  private final Variable t = Variable.constant(Tensor.of(1.0));

  private Explanation neuron() {
    Variable y = w.mul(x).add(b).sigmoid();
    Variable loss = y.sub(t).square().add(w.square().mul(0.01));
    return Explanation.of(loss, Map.of("w", w, "b", b, "x", x, "t", t, "y", y));
  }

  @Test
  void theSheetShowsFormulasValuesSlopesAndSums() {
    assertEquals(
        """
        forward
          w                       = 0.5
          x                       = 2
          v1   = w·x              = 1
          b                       = 0.1
          v2   = v1 + b           = 1.1
          y    = 1/(1 + exp(−v2)) = 0.7503
          t                       = 1
          v3   = y − t            = −0.2497
          v4   = v3·v3            = 0.06237
          v5   = w·w              = 0.25
          v6   = v5·0.01          = 0.0025
          loss = v4 + v6          = 0.06487
        backward, from ∂loss/∂loss = 1
          ∂loss/∂v6 = ∂loss/∂loss                     = 1
          ∂loss/∂v5 = ∂loss/∂v6·0.01                  = 0.01
          ∂loss/∂v4 = ∂loss/∂loss                     = 1
          ∂loss/∂v3 = ∂loss/∂v4·(v3 + v3)             = −0.4995
          ∂loss/∂y  = ∂loss/∂v3                       = −0.4995
          ∂loss/∂v2 = ∂loss/∂y·(y·(1 − y))            = −0.09359
          ∂loss/∂b  = ∂loss/∂v2                       = −0.09359
          ∂loss/∂v1 = ∂loss/∂v2                       = −0.09359
          ∂loss/∂w  = ∂loss/∂v5·(w + w) + ∂loss/∂v1·x = 0.01 − 0.1872 = −0.1772\
        """,
        neuron().toString());
  }

  @Test
  void itsNumbersAreThoseOfTheBackwardPass() {
    Variable loss = w.mul(x).tanh().mul(w);
    double expected = loss.backwardKeepingGraph().get(w).item();
    Explanation explanation = Explanation.of(loss, Map.of("w", w));
    Step step = explanation.steps().getFirst();
    assertEquals("w", step.name());
    assertEquals(expected, step.gradient().orElseThrow().item());
    assertEquals(expected, loss.backward().get(w).item()); // the graph is still there
  }

  @Test
  void tensorsAndStructuralOperationsAreShownToo() {
    Variable a = Variable.leaf(Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3)));
    Variable v = Variable.leaf(Tensor.of(new double[] {1, -1, 2}, Shape.of(3, 1)));
    String sheet = Explanation.of(a.matmul(v).relu().sum(), Map.of("A", a, "v", v)).toString();
    assertTrue(sheet.contains("v1   = matMul(A, v)    = [5, 11]"), sheet);
    assertTrue(sheet.contains("loss = sum(v2)         = 16"), sheet);
    assertTrue(
        sheet.contains("∂loss/∂v  = back through matMul(A, v) of ∂loss/∂v1 = [5, 7, 9]"), sheet);
  }

  @Test
  void ofManyWaysEachHasItsRow() {
    Variable x = Variable.leaf(Tensor.of(3.0, 1, 2));
    Variable most = x.topk(2).values();
    Variable written = x.indexPut(most, false, Tensor.of(1, 1));
    Variable loss = written.mul(x.sort(0).values()).sum();
    String sheet = Explanation.of(loss, Map.of("x", x, "most", most)).toString();
    assertTrue(
        sheet.endsWith(
            """
              ∂loss/∂x    = back through sort(x) of ∂loss/∂v2           = [2, 3, 2]
                          + back through indexPut(x, most) of ∂loss/∂v1 = [1, 0, 3]
                          + back through topk(x) of ∂loss/∂most         = [0, 0, 2]
                                                                        = [3, 3, 7], their sum\
            """),
        sheet);
  }

  @Test
  void ofLargeTensorsThatTheGraphLetGoOnlyTheShapeIsShown() {
    Variable large = Variable.leaf(Tensor.ones(Shape.of(5, 5), vectorgrad.tensor.DType.F32));
    String sheet = Explanation.of(large.add(1).sum()).toString();
    assertTrue(sheet.contains("= x1 + 1"), sheet);
    assertTrue(sheet.contains("= let go, (5, 5)"), sheet);
    assertTrue(sheet.contains("= (5, 5) of norm 5"), sheet);
  }

  @Test
  void thePictureHasABoxForEachStepAndEscapesItsTexts() {
    Explanation neuron = neuron();
    String svg = neuron.svg();
    List<String> found =
        Pattern.compile("<text[^>]*>([^<]*)</text>")
            .matcher(svg)
            .results()
            .map(match -> match.group(1))
            .toList();
    assertTrue(found.containsAll(List.of("y = 1/(1 + exp(−v2))", "0.7503", "∂ −0.4995", "∂ = x")));
    assertEquals(svg.split("<text").length - 1, found.size());
    assertTrue(neuron.dot().contains("\"v2\" -> \"y\" [label=\"∂ = y·(1 − y)\"];"), neuron.dot());
    assertTrue(Explanation.of(w.relu()).svg().contains(">∂ = loss ≤ 0 ? 0 : 1<"));
    String larger = Explanation.of(w.maximum(x), Map.of("w", w, "x", x)).svg();
    assertTrue(larger.contains(">∂ = w &lt; x ? 0 : w = x ? 0.5 : 1<"), larger);
  }

  @Test
  void whatCannotBeExplainedIsRefused() {
    Variable used = w.square();
    used.backward();
    assertEquals(
        """
        explain: this graph was used up by a backward pass
          help   explain before backward(), or call backwardKeepingGraph()\
        """,
        assertThrows(GradientException.class, () -> Explanation.of(used)).getMessage());
    Variable deep = w;
    for (int i = 0; i < 300; i++) {
      deep = deep.sin();
    }
    Variable number = deep;
    assertEquals(
        """
        explain: more than 200 operations are no sheet to read
          help   explain a part: a single layer on a few numbers\
        """,
        assertThrows(GradientException.class, () -> Explanation.of(number)).getMessage());
  }
}
