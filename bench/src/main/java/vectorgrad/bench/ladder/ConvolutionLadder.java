package vectorgrad.bench.ladder;

import java.util.Locale;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Essay;
import vectorgrad.bench.Rung;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.cpu.Rungs;

/// 64 filters of 3 × 3 on pictures of 64 channels of 16 × 16, padded, by the versions of our
/// kernel.
@Essay
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class ConvolutionLadder {
  private static final int CHANNELS = 64;
  private static final int SIDE = 16;

  /// Sums of 576 products of about 1, each rounded.
  private static final double TOLERANCE = 1e-3;

  /// The versions.
  public enum Version implements Rung {
    NAIVE,
    UNFOLD,
    STRIPS,
    WINOGRAD;

    @Override
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean slow() {
      return this == NAIVE;
    }
  }

  @Param("convolution")
  public String kernel;

  @Param("32")
  public int size;

  @Param public Version version;

  private Runnable run;

  @Setup
  public void setup() {
    Tensor x = Tensor.normal(Seed.of(1), 0, Shape.of(size, CHANNELS, SIDE, SIDE), DType.F32);
    Tensor weight = Tensor.normal(Seed.of(2), 0, Shape.of(CHANNELS, CHANNELS, 3, 3), DType.F32);
    float[] y = new float[x.size()];
    run =
        Rungs.convolution(
            version.label(), x.toFloats(), weight.toFloats(), y, size, CHANNELS, SIDE);
    run.run();
    try (var _ = Scope.open()) {
      Ladders.expect(x.conv2d(weight, Conv2dGeometry.DEFAULT.padding(1)), y, TOLERANCE);
    }
  }

  @Benchmark
  public void run() {
    run.run();
  }
}
