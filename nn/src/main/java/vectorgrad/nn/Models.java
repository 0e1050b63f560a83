package vectorgrad.nn;

import static vectorgrad.nn.Layers.conv2d;
import static vectorgrad.nn.Layers.dropout;
import static vectorgrad.nn.Layers.flatten;
import static vectorgrad.nn.Layers.linear;
import static vectorgrad.nn.Layers.maxPool2d;
import static vectorgrad.nn.Layers.relu;
import static vectorgrad.nn.Layers.sequential;

import java.util.ArrayList;
import java.util.List;

/// Ready-made networks, not yet initialised.
public final class Models {
  private Models() {}

  /// A convolutional network in the manner of LeNet for pictures of 28 × 28 in ten classes, such as
  /// MNIST and Fashion-MNIST: 582,026 parameters. After LeCun et al. 1998, with today's ReLU, max
  /// pooling and dropout.
  public static Sequential leNet() {
    return sequential( //  (N,  1, 28, 28)
        conv2d(1, 32, 5), //  (N, 32, 24, 24)
        relu(),
        maxPool2d(2), //  (N, 32, 12, 12)
        conv2d(32, 64, 5), //  (N, 64,  8,  8)
        relu(),
        maxPool2d(2), //  (N, 64,  4,  4)
        flatten(), //  (N, 1024)
        linear(1024, 512),
        relu(),
        dropout(0.5),
        linear(512, 10)); //  (N, 10)
  }

  /// A small convolutional network for pictures of 8 × 8 in ten classes, such as the digits: 18,378
  /// parameters.
  public static Sequential digits() {
    return sequential( //  (N,  1, 8, 8)
        conv2d(1, 32, 3).padding(1), //  (N, 32, 8, 8)
        relu(),
        maxPool2d(2), //  (N, 32, 4, 4)
        conv2d(32, 32, 3).padding(1), //  (N, 32, 4, 4)
        relu(),
        maxPool2d(2), //  (N, 32, 2, 2)
        flatten(), //  (N, 128)
        linear(128, 64),
        relu(),
        dropout(0.25),
        linear(64, 10)); //  (N, 10)
  }

  /// Fully connected layers of the given sizes with ReLU between them: `mlp(784, 128, 10)` has one
  /// hidden layer of 128.
  ///
  /// @throws IllegalArgumentException if there are fewer than two sizes
  public static Sequential mlp(int... sizes) {
    if (sizes.length < 2) {
      throw new IllegalArgumentException(
          "mlp: it needs the sizes of input and output at least, found " + sizes.length + " sizes");
    }
    List<Layer> layers = new ArrayList<>();
    for (int i = 1; i < sizes.length; i++) {
      if (i > 1) {
        layers.add(relu());
      }
      layers.add(linear(sizes[i - 1], sizes[i]));
    }
    return new Sequential(layers);
  }
}
