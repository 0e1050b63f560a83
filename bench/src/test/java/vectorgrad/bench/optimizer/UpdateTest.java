package vectorgrad.bench.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every library has to compute before its updates are measured.
class UpdateTest {
  @ParameterizedTest
  @EnumSource
  void parametersElsewhereAreRefused(Update update) {
    float[] gradient = Update.gradient(3).toFloats();
    var parameters = new float[3];
    for (int i = 0; i < 3; i++) {
      parameters[i] = (float) update.moved(gradient[i]);
    }
    update.expect(parameters);
    parameters[2] = 0;
    var e = assertThrows(IllegalStateException.class, () -> update.expect(parameters));
    assertEquals(
        "%s: a parameter of gradient %s is 0.0 and should be %s"
            .formatted(update, gradient[2], update.moved(gradient[2])),
        e.getMessage());
  }
}
