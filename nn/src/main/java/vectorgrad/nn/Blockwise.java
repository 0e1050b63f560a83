package vectorgrad.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Op;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Attention as one operation, in blocks, without a matrix of all queries and keys in memory: what
/// [Attention#composed] says. See [vectorgrad.tensor.spi.Backend#attention].
///
/// | inputs | output |
/// |--------|--------|
/// | (N, H, Lq, d), (N, G, Lk, d), (N, G, Lk, v) | (N, H, Lq, v), a view of (N, Lq, H, v) |
/// | all side by side, as one projection gives them: (N, L, (H + 2·G)·d) | (N, L, H·d) |
///
/// Heads are read where they lie; of inputs side by side the gradients are too.
final class Blockwise implements Op.Nary {
  private final int heads;
  private final int keyHeads;
  private final boolean causal;
  private Tensor numbers; // two of each query, from which backward has its weights again

  Blockwise(int heads, int keyHeads, boolean causal) {
    this.heads = heads;
    this.keyHeads = keyHeads;
    this.causal = causal;
  }

  /// Whether attention under `mask` can be this operation: where weights are not masked one by one,
  /// biased or dropped, for inputs of one floating dtype.
  static boolean suits(AttentionMask mask, Optional<Dropout> dropout, Variable... inputs) {
    DType dtype = inputs[0].dtype();
    return mask.allowed().isEmpty()
        && mask.bias().isEmpty()
        && dropout.map(Blockwise::isIdle).orElse(true)
        && (dtype == DType.F32 || dtype == DType.F64)
        && Arrays.stream(inputs)
            .allMatch(
                x -> x.dtype() == dtype && x.size() > 0 && x.device().equals(inputs[0].device()))
        && Autocast.current().equals(Autocast.off());
  }

  private static boolean isIdle(Dropout dropout) {
    return dropout.probability() == 0 || !(dropout.scaledInUse() || Mode.current().training());
  }

  @Override
  public List<Supplier<Variable>> backward(Variable dy, List<Variable> xs, Variable y) {
    if (Mode.current().recording()) {
      return Op.Nary.through(this::definition, dy, xs);
    }
    List<Tensor> inputs = xs.stream().map(Variable::value).toList();
    List<Tensor> gradients = inputs.stream().map(this::room).toList();
    List<Tensor> parts = parts(inputs);
    dy.device()
        .backend()
        .attentionGradient(
            headed(dy.value()),
            parts.get(0),
            parts.get(1),
            parts.get(2),
            causal,
            headed(y.value()),
            numbers,
            parts(gradients).toArray(Tensor[]::new));
    return gradients.stream()
        .<Supplier<Variable>>map(gradient -> () -> Variable.constant(gradient))
        .toList();
  }

  private Variable definition(List<Variable> xs) {
    AttentionMask mask = causal ? AttentionMask.causal() : AttentionMask.none();
    if (xs.size() > 1) {
      return Attention.composed(xs.get(0), xs.get(1), xs.get(2), mask, Optional.empty());
    }
    Variable all = xs.getFirst();
    int size = all.size(2) / (heads + 2 * keyHeads);
    Variable split = all.reshape(all.size(0), all.size(1), heads + 2 * keyHeads, size);
    Variable turned = split.swapaxes(1, 2);
    return Attention.composed(
            turned.narrow(1, 0, heads),
            turned.narrow(1, heads, keyHeads),
            turned.narrow(1, heads + keyHeads, keyHeads),
            mask,
            Optional.empty())
        .swapaxes(1, 2)
        .reshape(all.size(0), all.size(1), heads * size);
  }

  @Override
  public Tensor forward(List<Tensor> xs) {
    List<Tensor> parts = parts(xs);
    Tensor query = parts.get(0);
    Tensor value = parts.get(2);
    int batch = query.size(0);
    int length = query.size(2);
    Tensor y = zeros(query, batch, length, heads, value.size(3));
    numbers = zeros(query, batch, heads, length, 2);
    query
        .device()
        .backend()
        .attention(query, parts.get(1), value, causal, y.swapaxes(1, 2), numbers);
    return xs.size() > 1 ? y.swapaxes(1, 2) : y.reshape(batch, length, heads * value.size(3));
  }

  /// Queries, keys and values, each (N, heads, L, features).
  private List<Tensor> parts(List<Tensor> xs) {
    if (xs.size() > 1) {
      return xs;
    }
    Tensor all = xs.getFirst();
    int count = heads + 2 * keyHeads;
    Tensor split = all.reshape(all.size(0), all.size(1), count, all.size(2) / count).swapaxes(1, 2);
    return List.of(
        split.narrow(1, 0, heads),
        split.narrow(1, heads, keyHeads),
        split.narrow(1, heads + keyHeads, keyHeads));
  }

  /// (N, L, H·v) as (N, H, L, v); what has four axes as it is.
  private Tensor headed(Tensor y) {
    return y.rank() == 4
        ? y
        : y.reshape(y.size(0), y.size(1), heads, y.size(2) / heads).swapaxes(1, 2);
  }

  /// Room for the gradient of an input, the places of a sequence one behind the other.
  private Tensor room(Tensor x) {
    return x.rank() == 4
        ? zeros(x, x.size(0), x.size(2), x.size(1), x.size(3)).swapaxes(1, 2)
        : zeros(x, x.shape().toArray());
  }

  private static Tensor zeros(Tensor like, int... sizes) {
    return Tensor.zeros(Shape.of(sizes), like.dtype(), like.device());
  }
}
