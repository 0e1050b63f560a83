package vectorgrad.bench.matmul;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every library has to compute before it is measured.
class ProductTest {
  @ParameterizedTest
  @ValueSource(strings = {"2x3x4 nn", "2x3x4 nt", "2x3x4 tn", "1x1x1 tt"})
  void theProductIsExpectedHoweverItsOperandsLie(String text) {
    Product p = Product.of(text);
    assertEquals(text, p.toString());
    float[] a = p.left();
    float[] b = p.right();
    float[] c = new float[p.m() * p.n()];
    for (int i = 0; i < p.m(); i++) {
      for (int j = 0; j < p.n(); j++) {
        for (int k = 0; k < p.k(); k++) {
          c[(i * p.n()) + j] +=
              a[p.leftTransposed() ? (k * p.m()) + i : (i * p.k()) + k]
                  * b[p.rightTransposed() ? (j * p.k()) + k : (k * p.n()) + j];
        }
      }
    }
    assertDoesNotThrow(() -> p.expect(c));
    c[0] += 0.01f;
    assertThrows(IllegalStateException.class, () -> p.expect(c));
  }

  @Test
  void anotherResultIsRefused() {
    var e =
        assertThrows(
            IllegalStateException.class, () -> Product.of("1x1x1 nn").expect(new float[1]));
    assertEquals("1x1x1 nn: element 0 is 0.0 and should be 1.0", e.getMessage());
    e =
        assertThrows(
            IllegalStateException.class, () -> Product.of("1x2x1 nn").expect(new float[1]));
    assertEquals("1x2x1 nn: 1 elements", e.getMessage());
  }

  @Test
  void whatIsNoProductIsRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> Product.of("3x3"));
    assertEquals("\"3x3\" is no product", e.getMessage());
  }
}
