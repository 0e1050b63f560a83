package vectorgrad.bench.inference;

import vectorgrad.autograd.Mode;
import vectorgrad.bench.train.Network;

/// What is used: a network on a batch of one.
public enum Inference {
  MLP_256(Network.MLP_256),
  LENET(Network.LENET);

  /// Logits of about 1 in f32, sums of at most 1024 products three in a row.
  private static final double TOLERANCE = 1e-5;

  private final Network network;

  Inference(Network network) {
    this.network = network;
  }

  /// What is used.
  public Network network() {
    return network;
  }

  /// Refuses logits that are not Vectorgrad's: who computes something else is not measured.
  public void expect(float[] logits) {
    float[] right =
        Mode.inference(() -> network.model().forward(network.batch(1))).value().toFloats();
    for (int i = 0; i < right.length; i++) {
      if (logits.length != right.length || !(Math.abs(logits[i] - right[i]) <= TOLERANCE)) {
        throw new IllegalStateException(
            "%s: the logits are %s and should be %s"
                .formatted(
                    this, java.util.Arrays.toString(logits), java.util.Arrays.toString(right)));
      }
    }
  }
}
