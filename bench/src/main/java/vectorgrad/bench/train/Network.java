package vectorgrad.bench.train;

import static vectorgrad.nn.Layers.batchNorm;
import static vectorgrad.nn.Layers.conv2d;
import static vectorgrad.nn.Layers.embedding;
import static vectorgrad.nn.Layers.flatten;
import static vectorgrad.nn.Layers.gelu;
import static vectorgrad.nn.Layers.layerNorm;
import static vectorgrad.nn.Layers.linear;
import static vectorgrad.nn.Layers.lstm;
import static vectorgrad.nn.Layers.maxPool2d;
import static vectorgrad.nn.Layers.relu;
import static vectorgrad.nn.Layers.sequential;
import static vectorgrad.nn.Layers.transformerBlock;

import java.util.ArrayList;
import java.util.List;
import vectorgrad.autograd.Parameter;
import vectorgrad.nn.Lambda;
import vectorgrad.nn.Layer;
import vectorgrad.nn.LearnedPositions;
import vectorgrad.nn.Models;
import vectorgrad.nn.Sequential;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The networks that are trained and used, as Vectorgrad writes them. Other libraries write them in
/// their words and take the numbers from here: layouts and order are PyTorch's.
///
/// Inputs are noise, and labels know nothing of them: time does not depend on the numbers.
public enum Network {
  /// 784 → 256 → 10, ReLU.
  MLP_256(10) {
    @Override
    Shape inputs(int batch) {
      return Shape.of(batch, 784);
    }

    @Override
    Layer layers() {
      return Models.mlp(784, 256, 10);
    }
  },

  /// 784 → 4096 → 10, ReLU.
  MLP_4096(10) {
    @Override
    Shape inputs(int batch) {
      return Shape.of(batch, 784);
    }

    @Override
    Layer layers() {
      return Models.mlp(784, 4096, 10);
    }
  },

  /// Two convolutions of 5 × 5 and two linear layers on pictures of 28 × 28.
  LENET(10) {
    @Override
    Shape inputs(int batch) {
      return Shape.of(batch, 1, 28, 28);
    }

    @Override
    Layer layers() {
      return sequential(
          conv2d(1, 32, 5),
          relu(),
          maxPool2d(2),
          conv2d(32, 64, 5),
          relu(),
          maxPool2d(2),
          flatten(),
          linear(1024, 512),
          relu(),
          linear(512, 10));
    }
  },

  /// Six convolutions of 3 × 3, each with batch norm, on pictures of 3 × 32 × 32.
  VGG(10) {
    @Override
    Shape inputs(int batch) {
      return Shape.of(batch, 3, 32, 32);
    }

    @Override
    Layer layers() {
      var layers = new ArrayList<Layer>();
      int channels = 3;
      for (int width : VGG_WIDTHS) {
        for (int in : new int[] {channels, width}) {
          layers.addAll(List.of(conv2d(in, width, 3).padding(1), batchNorm(width), relu()));
        }
        layers.add(maxPool2d(2));
        channels = width;
      }
      layers.addAll(List.of(flatten(), linear(2048, 10)));
      return new Sequential(layers);
    }
  },

  /// An LSTM of 256 on 64 characters, the steps first: (64, N).
  LSTM(65) {
    @Override
    Layer layers() {
      return sequential(embedding(65, 64), lstm(64, 256), flattenSteps(256), linear(256, 65));
    }

    @Override
    Shape inputs(int batch) {
      return Shape.of(64, batch);
    }
  },

  /// Four blocks of eight heads on 256 features and 128 characters.
  GPT(65) {
    @Override
    Shape inputs(int batch) {
      return Shape.of(batch, 128);
    }

    @Override
    Layer layers() {
      var layers = new ArrayList<Layer>();
      layers.add(embedding(65, 256));
      layers.add(new LearnedPositions(128, 256));
      for (int i = 0; i < GPT_BLOCKS; i++) {
        layers.add(
            transformerBlock(256, GPT_HEADS, 1024)
                .normFirst()
                .activation(gelu())
                .dropout(0)
                .attention(attention -> attention.causal()));
      }
      layers.addAll(List.of(layerNorm(256), flattenSteps(256), linear(256, 65)));
      return new Sequential(layers);
    }
  };

  /// Channels after each pair of convolutions.
  public static final List<Integer> VGG_WIDTHS = List.of(32, 64, 128);

  /// Blocks of [#GPT].
  public static final int GPT_BLOCKS = 4;

  /// Heads of each block.
  public static final int GPT_HEADS = 8;

  private static final Seed WEIGHTS = Seed.of(1);
  private static final Seed INPUTS = Seed.of(2);
  private static final Seed LABELS = Seed.of(3);

  private final int classes;

  Network(int classes) {
    this.classes = classes;
  }

  abstract Layer layers();

  abstract Shape inputs(int batch);

  /// With its first numbers, the same each time.
  public Layer model() {
    Layer layers = layers();
    layers.initialize(WEIGHTS);
    return layers;
  }

  /// Whether inputs are characters instead of numbers.
  public boolean text() {
    return classes == 65;
  }

  /// A batch: noise (batch, …), or characters.
  public Tensor batch(int size) {
    Shape shape = inputs(size);
    return text() ? below(INPUTS, classes, shape) : Tensor.normal(INPUTS, 0, shape, DType.F32);
  }

  /// A label for every sample, or every character.
  public Tensor labels(int size) {
    return below(LABELS, classes, Shape.of(text() ? inputs(size).size() : size));
  }

  private static Tensor below(Seed seed, int end, Shape shape) {
    float[] uniform = Tensor.uniform(seed, 0, shape, DType.F32).toFloats();
    var labels = new int[uniform.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = Math.min(end - 1, (int) (uniform[i] * end));
    }
    return Tensor.of(labels, shape);
  }

  /// The first numbers of the parameters, in PyTorch's layout and order.
  public List<Tensor> weights() {
    return model().parameters().stream().map(Parameter::value).toList();
  }

  /// Every step of every sequence as a sample.
  private static Layer flattenSteps(int features) {
    return new Lambda("flattenSteps", x -> x.reshape(-1, features));
  }
}
