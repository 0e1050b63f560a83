package vectorgrad.bench.inference;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vectorgrad.autograd.Mode;

/// What every library has to compute before its answers are measured.
class InferenceTest {
  @ParameterizedTest
  @EnumSource
  void otherLogitsAreRefused(Inference inference) {
    var network = inference.network();
    float[] logits =
        Mode.inference(() -> network.model().forward(network.batch(1))).value().toFloats();
    inference.expect(logits);
    logits[9] += 1e-4f;
    assertThrows(IllegalStateException.class, () -> inference.expect(logits));
    assertThrows(IllegalStateException.class, () -> inference.expect(new float[9]));
  }
}
