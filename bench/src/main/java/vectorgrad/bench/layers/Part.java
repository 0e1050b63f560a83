package vectorgrad.bench.layers;

import static vectorgrad.nn.Layers.batchNorm;
import static vectorgrad.nn.Layers.conv2d;
import static vectorgrad.nn.Layers.layerNorm;
import static vectorgrad.nn.Layers.softmax;

import java.util.List;
import vectorgrad.nn.Layer;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A layer and its input `x`. Backward begins at `y`, whose gradient is some noise `g`, as if
/// another layer had handed it on.
public enum Part {
  /// 64 filters of 3 × 3, padded.
  CONVOLUTION,

  /// By the batch's own statistics. 64 filters of 3 × 3, padded, each of which sees one channel.
  DEPTHWISE,

  BATCH_NORM,

  LAYER_NORM,

  SOFTMAX;

  /// How far it is computed.
  public enum Pass {
    /// Recorded, as before a backward pass.
    FORWARD,

    /// To the gradients of the input and of all parameters.
    BACKWARD
  }

  /// What is left of an array: its length as a vector, and its projection on a zigzag of the same
  /// length, which an element in the wrong place would change.
  record Print(double length, double projection) {
    private static final int ZIGZAG = 97;

    static Print of(double[] numbers) {
      double squares = 0;
      double products = 0;
      for (int i = 0; i < numbers.length; i++) {
        squares += numbers[i] * numbers[i];
        products += numbers[i] * ((2.0 * (i % ZIGZAG) / (ZIGZAG - 1)) - 1);
      }
      return new Print(Math.sqrt(squares), products);
    }

    boolean near(Print other) {
      return Math.abs(length - other.length) <= TOLERANCE * other.length
          && Math.abs(projection - other.projection) <= TOLERANCE * other.length;
    }
  }

  /// Of the length: a gradient in f32 is a sum of up to 8192 products.
  private static final double TOLERANCE = 1e-4;

  private Shape shape() {
    return switch (this) {
      case CONVOLUTION, DEPTHWISE, BATCH_NORM -> Shape.of(32, 64, 16, 16);
      case LAYER_NORM -> Shape.of(2048, 768);
      case SOFTMAX -> Shape.of(4096, 1024);
    };
  }

  /// With its first numbers, the same each time.
  public Layer layer() {
    Layer made =
        switch (this) {
          case CONVOLUTION, DEPTHWISE -> conv2d(64, 64, 3).padding(1).groups(groups());
          case BATCH_NORM -> batchNorm(64);
          case LAYER_NORM -> layerNorm(768);
          case SOFTMAX -> softmax(1);
        };
    made.initialize(Seed.of(1));
    return made;
  }

  /// Of a convolution.
  public int groups() {
    return this == DEPTHWISE ? 64 : 1;
  }

  /// The input.
  public Tensor x() {
    return Tensor.normal(Seed.of(2), 0, shape(), DType.F32);
  }

  /// The gradient of `y`; of its shape, which is that of `x`.
  public Tensor g() {
    return Tensor.normal(Seed.of(3), 0, shape(), DType.F32);
  }

  /// What is left of the right numbers: Vectorgrad's in f64.
  List<Print> right(Pass pass) {
    boolean forward = pass == Pass.FORWARD;
    return switch (this) {
      case CONVOLUTION ->
          forward
              ? List.of(new Print(401.8303, 368.3416))
              : List.of(
                  new Print(401.5706, 49.29860),
                  new Print(16751.70, -4432.751),
                  new Print(658.7806, -118.1510));
      case DEPTHWISE ->
          forward
              ? List.of(new Print(426.5791, 407.3941))
              : List.of(
                  new Print(398.1859, 6.567314),
                  new Print(2044.411, 758.5192),
                  new Print(658.7806, -118.1510));
      case BATCH_NORM ->
          forward
              ? List.of(new Print(724.0737, -554.7866))
              : List.of(
                  new Print(724.0690, 675.3051),
                  new Print(714.4728, -357.5078),
                  new Print(658.7806, -118.1510));
      case LAYER_NORM ->
          forward
              ? List.of(new Print(1254.132, 468.9802))
              : List.of(
                  new Print(1254.889, 347.6798),
                  new Print(1277.858, -331.6408),
                  new Print(1224.696, -849.1700));
      case SOFTMAX ->
          List.of(forward ? new Print(3.282976, -0.5427796) : new Print(3.261038, 0.04989600));
    };
  }

  /// Refuses other numbers: who computes something else is not measured.
  ///
  /// @param found y, or the gradients of x and of the parameters, in their order
  public void expect(Pass pass, List<float[]> found) {
    List<Print> right = right(pass);
    if (found.size() != right.size()) {
      throw wrong("%d arrays instead of %d".formatted(found.size(), right.size()));
    }
    for (int i = 0; i < found.size(); i++) {
      var numbers = new double[found.get(i).length];
      for (int j = 0; j < numbers.length; j++) {
        numbers[j] = found.get(i)[j];
      }
      Print print = Print.of(numbers);
      if (!print.near(right.get(i))) {
        throw wrong("array %d is %s and should be %s".formatted(i, print, right.get(i)));
      }
    }
  }

  private IllegalStateException wrong(String text) {
    return new IllegalStateException(this + ": " + text);
  }
}
