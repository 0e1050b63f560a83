package vectorgrad.bench.inference;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;
import vectorgrad.bench.Peer;
import vectorgrad.bench.train.TensorFlowNetwork;

/// [Inference] in TensorFlow.
@Peer("TensorFlow 2.18")
@State(Scope.Benchmark)
public class TensorFlowInference {
  @Param public Inference inference;

  private TensorFlowNetwork network;
  private Session session;

  @Setup
  public void setup() {
    network = new TensorFlowNetwork(inference.network(), 1);
    session = network.session();
    inference.expect(logits());
  }

  @TearDown
  public void tearDown() {
    session.close();
    network.close();
  }

  @Benchmark
  public float[] logits() {
    try (var result = session.runner().fetch(network.logits()).run()) {
      var logits = new float[10];
      ((TFloat32) result.get(0)).asRawTensor().data().asFloats().read(logits);
      return logits;
    }
  }
}
