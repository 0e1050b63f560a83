package vectorgrad.bench.train;

import java.util.Iterator;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import vectorgrad.bench.PyTorch.Weight;

/// The [Network]s in PyTorch's words.
public final class PyTorchNetworks {
  private static final long[] ONE = {1, 1};
  private static final long[] TWO = {2, 2};
  private static final long[] NONE = {0, 0};
  private static final double EPS = 1e-5;
  // retained, or the scope of the step that comes first would free them
  private static final TensorOptional ABSENT = new TensorOptional().retainReference();
  private static final DoubleOptional USUAL_SCALE = new DoubleOptional().retainReference();

  private PyTorchNetworks() {}

  /// Logits of a batch.
  ///
  /// @param weights in the order of our parameters
  public static Tensor forward(Network network, Tensor x, Iterator<Weight> weights) {
    return switch (network) {
      case MLP_256, MLP_4096 -> linear(linear(x, weights).relu(), weights);
      case LENET -> leNet(x, weights);
      case VGG -> vgg(x, weights);
      case LSTM -> lstm(x, weights);
      case GPT -> gpt(x, weights);
    };
  }

  private static Tensor linear(Tensor x, Iterator<Weight> weights) {
    return torch.linear(x, weights.next().value(), weights.next().optional());
  }

  private static Tensor conv(Tensor x, Iterator<Weight> weights, long[] padding) {
    return torch.conv2d(x, weights.next().value(), weights.next().optional(), ONE, padding, ONE, 1);
  }

  private static Tensor pool(Tensor x) {
    return torch.max_pool2d(x, TWO);
  }

  private static Tensor leNet(Tensor x, Iterator<Weight> weights) {
    Tensor pictures = pool(conv(pool(conv(x, weights, NONE).relu()), weights, NONE).relu());
    return linear(linear(pictures.flatten(1, -1), weights).relu(), weights);
  }

  private static Tensor vgg(Tensor x, Iterator<Weight> weights) {
    Tensor y = x;
    for (int stage = 0; stage < Network.VGG_WIDTHS.size(); stage++) {
      for (int i = 0; i < 2; i++) {
        y = conv(y, weights, ONE);
        // without running statistics, which nothing here reads
        y =
            torch
                .batch_norm(
                    y,
                    weights.next().optional(),
                    weights.next().optional(),
                    ABSENT,
                    ABSENT,
                    true,
                    0.1,
                    EPS,
                    false)
                .relu();
      }
      y = pool(y);
    }
    return linear(y.flatten(1, -1), weights);
  }

  private static Tensor lstm(Tensor x, Iterator<Weight> weights) {
    Tensor y = torch.embedding(weights.next().value(), x);
    Tensor zeros = torch.zeros(1, x.size(1), 256);
    var cell = new TensorVector();
    for (int i = 0; i < 4; i++) {
      cell.push_back(weights.next().value());
    }
    Tensor states =
        torch
            .lstm(y, new TensorVector(zeros, zeros), cell, true, 1, 0.0, true, false, false)
            .get0();
    return linear(states.reshape(-1, 256), weights);
  }

  private static Tensor gpt(Tensor x, Iterator<Weight> weights) {
    Tensor y = torch.embedding(weights.next().value(), x).add(weights.next().value());
    for (int i = 0; i < Network.GPT_BLOCKS; i++) {
      var block = new Weight[12];
      for (int j = 0; j < block.length; j++) {
        block[j] = weights.next();
      }
      Tensor a = y.add(attention(norm(y, block[8], block[9]), block));
      Tensor hidden =
          torch.linear(norm(a, block[10], block[11]), block[4].value(), block[5].optional());
      y = a.add(torch.linear(torch.gelu(hidden, "tanh"), block[6].value(), block[7].optional()));
    }
    return linear(norm(y, weights.next(), weights.next()).reshape(-1, 256), weights);
  }

  private static Tensor attention(Tensor x, Weight[] block) {
    long n = x.size(0);
    long length = x.size(1);
    Tensor all =
        torch
            .linear(x, block[0].value(), block[1].optional())
            .view(n, length, 3, Network.GPT_HEADS, 256 / Network.GPT_HEADS)
            .permute(2, 0, 3, 1, 4);
    Tensor heads =
        torch.scaled_dot_product_attention(
            all.select(0, 0),
            all.select(0, 1),
            all.select(0, 2),
            ABSENT,
            0,
            true,
            USUAL_SCALE,
            false);
    return torch.linear(
        heads.transpose(1, 2).reshape(n, length, 256), block[2].value(), block[3].optional());
  }

  private static Tensor norm(Tensor x, Weight weight, Weight bias) {
    return torch.layer_norm(x, new long[] {256}, weight.optional(), bias.optional(), EPS, true);
  }
}
