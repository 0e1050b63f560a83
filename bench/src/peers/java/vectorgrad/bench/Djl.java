package vectorgrad.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Tensor;

/// What every benchmark of DJL, whose engine is PyTorch 2.7, needs.
public final class Djl {
  /// Its name in tables.
  public static final String NAME = "DJL 0.35";

  private Djl() {}

  /// Sets threads; to be called before anything else of DJL.
  public static void start() {
    System.setProperty("ai.djl.offline", "true"); // the libraries are on the class path
    System.setProperty("ai.djl.pytorch.num_threads", System.getProperty("vectorgrad.threads", "1"));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
  }

  /// Numbers of ours as an array of theirs.
  public static NDArray array(NDManager manager, Tensor ours) {
    var shape = new Shape(Arrays.stream(ours.shape().toArray()).asLongStream().toArray());
    return ours.dtype() == DType.I32
        ? manager.create(Arrays.stream(ours.toInts()).asLongStream().toArray(), shape)
        : manager.create(ours.toFloats(), shape);
  }
}
