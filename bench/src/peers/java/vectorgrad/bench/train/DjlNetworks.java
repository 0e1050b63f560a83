package vectorgrad.bench.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import java.util.Iterator;

/// The [Network]s in DJL's words, but for the last: its attention knows no mask of the future.
public final class DjlNetworks {
  private static final Shape ONE = new Shape(1, 1);
  private static final Shape TWO = new Shape(2, 2);
  private static final Shape NONE = new Shape(0, 0);

  private DjlNetworks() {}

  /// Logits of a batch.
  ///
  /// @param weights in the order of our parameters
  public static NDArray forward(Network network, NDArray x, Iterator<NDArray> weights) {
    return switch (network) {
      case MLP_256, MLP_4096 -> linear(Activation.relu(linear(x, weights)), weights);
      case LENET -> leNet(x, weights);
      case VGG -> vgg(x, weights);
      case LSTM -> lstm(x, weights);
      case GPT -> throw new IllegalArgumentException("DJL: " + network);
    };
  }

  private static NDArray linear(NDArray x, Iterator<NDArray> weights) {
    return Linear.linear(x, weights.next(), weights.next()).singletonOrThrow();
  }

  private static NDArray conv(NDArray x, Iterator<NDArray> weights, Shape padding) {
    return x.getNDArrayInternal()
        .convolution(x, weights.next(), weights.next(), ONE, padding, ONE, 1)
        .singletonOrThrow();
  }

  private static NDArray pool(NDArray x) {
    return Pool.maxPool2d(x, TWO, TWO, NONE, false);
  }

  private static NDArray leNet(NDArray x, Iterator<NDArray> weights) {
    NDArray once = pool(Activation.relu(conv(x, weights, NONE)));
    NDArray pictures = pool(Activation.relu(conv(once, weights, NONE)));
    return linear(
        Activation.relu(linear(pictures.reshape(x.getShape().get(0), -1), weights)), weights);
  }

  private static NDArray vgg(NDArray x, Iterator<NDArray> weights) {
    NDArray y = x;
    for (int width : Network.VGG_WIDTHS) {
      for (int i = 0; i < 2; i++) {
        y = conv(y, weights, ONE);
        NDArray mean = x.getManager().zeros(new Shape(width));
        NDArray variance = x.getManager().ones(new Shape(width));
        NDArray weight = weights.next();
        NDArray bias = weights.next();
        y =
            BatchNorm.batchNorm(y, mean, variance, weight, bias, 1, 0.9f, 1e-5f, true)
                .singletonOrThrow();
        y = Activation.relu(y);
      }
      y = pool(y);
    }
    return linear(y.reshape(x.getShape().get(0), -1), weights);
  }

  private static NDArray lstm(NDArray x, Iterator<NDArray> weights) {
    NDArray y = Embedding.embedding(x, weights.next(), SparseFormat.DENSE).singletonOrThrow();
    var zeros = x.getManager().zeros(new Shape(1, x.getShape().get(1), 256));
    var cell = new NDList(weights.next(), weights.next(), weights.next(), weights.next());
    NDArray states =
        y.getNDArrayInternal()
            .lstm(y, new NDList(zeros, zeros), cell, true, 1, 0, true, false, false)
            .get(0);
    return linear(states.reshape(-1, 256), weights);
  }
}
