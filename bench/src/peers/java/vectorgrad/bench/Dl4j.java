package vectorgrad.bench;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/// What every benchmark of DL4J and its ND4J needs.
public final class Dl4j {
  /// Its name in tables.
  public static final String NAME = "DL4J M2.1";

  private Dl4j() {}

  /// Sets threads; to be called before anything else of ND4J.
  public static void start() {
    int threads = Integer.getInteger("vectorgrad.threads", 1);
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
  }

  /// Numbers of ours as an array of theirs.
  public static INDArray array(vectorgrad.tensor.Tensor ours) {
    long[] shape = java.util.Arrays.stream(ours.shape().toArray()).asLongStream().toArray();
    return Nd4j.createFromArray(ours.toFloats()).reshape(shape);
  }
}
