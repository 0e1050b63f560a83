package vectorgrad.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Message;

/// A block of a transformer: self-attention, then two linear layers at every place, each with a
/// path around it and a normalisation. A [#decoder()] looks at a memory in between.
///
/// ```
/// norm first:  x + dropout(body(norm(x)))      trains without warm-up (Xiong et al. 2020)
/// norm last:   norm(x + dropout(body(x)))      as in the paper; the default, as in PyTorch
/// ```
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, y | (N, L, E) | |
/// | memory | (N, Lk, E) | the encoder's output, for a decoder |
/// | self_attn, multihead_attn | | [MultiHeadAttention], the second of a decoder |
/// | linear1.weight, linear2.weight | (hidden, E), (E, hidden) | [Linear], with biases |
/// | norm1, norm2, norm3 | | in the order of the parts; the third of a decoder |
///
/// Defaults are those of PyTorch's `TransformerEncoderLayer`, but for the batch, which is first:
/// relu, dropout 0.1 (of the weights of attention, the hidden features and every part), names,
/// distributions. Options are copies.
///
/// Cost: that of attention, and 4·N·L·E·hidden flops.
///
/// Vaswani et al. 2017, figure 1.
///
/// @param selfAttention of every place to all
/// @param crossAttention to a memory, or empty
/// @param linear1 to the hidden features
/// @param activation of the hidden features
/// @param linear2 back from them
/// @param norms one for each part
/// @param dropout of hidden features and parts
/// @param preNorm whether norms stand before the parts instead of behind
public record TransformerBlock(
    MultiHeadAttention selfAttention,
    Optional<MultiHeadAttention> crossAttention,
    Linear linear1,
    Layer activation,
    Linear linear2,
    List<Layer> norms,
    Dropout dropout,
    boolean preNorm)
    implements Layer {

  /// What a block with a cache gives.
  ///
  /// @param outputs (N, L, E)
  /// @param cache of its self-attention
  public record Result(Variable outputs, KeyValueCache cache) {}

  /// Checks that there is a norm for each part.
  ///
  /// @throws IllegalArgumentException if there is not
  public TransformerBlock {
    norms = List.copyOf(norms);
    int parts = crossAttention.isPresent() ? 3 : 2;
    if (norms.size() != parts) {
      throw new IllegalArgumentException(
          Message.of("TransformerBlock", parts + " parts need as many norms, found " + norms.size())
              .toString());
    }
  }

  /// An encoder's block on `width` features with `heads` heads and `hidden` features between the
  /// linear layers.
  public TransformerBlock(int width, int heads, int hidden) {
    this(
        new MultiHeadAttention(width, heads).dropout(0.1),
        Optional.empty(),
        new Linear(width, hidden),
        new ReLU(),
        new Linear(hidden, width),
        List.of(new LayerNorm(width), new LayerNorm(width)),
        new Dropout(0.1),
        false);
  }

  // ---- options --------------------------------------------------------------------------------

  /// With the norms before the parts.
  public TransformerBlock normFirst() {
    return copied(selfAttention, crossAttention, activation, norms, dropout, true);
  }

  /// With another function of the hidden features: `gelu()`.
  public TransformerBlock activation(Layer function) {
    return copied(selfAttention, crossAttention, function, norms, dropout, preNorm);
  }

  /// With another probability of dropout, everywhere.
  public TransformerBlock dropout(double probability) {
    return copied(
        selfAttention.dropout(probability),
        crossAttention.map(a -> a.dropout(probability)),
        activation,
        norms,
        new Dropout(probability),
        preNorm);
  }

  /// With self-attention changed: `attention(a -> a.causal().rotary())`.
  public TransformerBlock attention(UnaryOperator<MultiHeadAttention> change) {
    return copied(change.apply(selfAttention), crossAttention, activation, norms, dropout, preNorm);
  }

  /// With other norms, one for each part.
  ///
  /// @throws IllegalArgumentException if there is not one for each
  public TransformerBlock norms(Layer... others) {
    return copied(selfAttention, crossAttention, activation, List.of(others), dropout, preNorm);
  }

  /// A decoder's block: causal self-attention, then attention to a memory.
  public TransformerBlock decoder() {
    int width = linear2.weight().shape().get(0);
    return copied(
        selfAttention.causal(),
        Optional.of(
            new MultiHeadAttention(width, selfAttention.heads()).dropout(dropout.probability())),
        activation,
        List.of(norms.get(0), norms.get(1), new LayerNorm(width)),
        dropout,
        preNorm);
  }

  private TransformerBlock copied(
      MultiHeadAttention self,
      Optional<MultiHeadAttention> cross,
      Layer function,
      List<Layer> ownNorms,
      Dropout drop,
      boolean first) {
    return new TransformerBlock(self, cross, linear1, function, linear2, ownNorms, drop, first);
  }

  // ---- forward --------------------------------------------------------------------------------

  @Override
  public Variable forward(Variable x) {
    return forward(x, AttentionMask.none());
  }

  /// An encoder's block under a mask.
  ///
  /// @throws IllegalArgumentException if this is a decoder, which needs a memory
  public Variable forward(Variable x, AttentionMask mask) {
    return forward(x, mask, KeyValueCache.empty()).outputs();
  }

  /// The places that follow those in `cache`, of a block that is causal: `attention(a ->
  /// a.causal())`.
  ///
  /// @throws IllegalArgumentException if this is a decoder, which needs a memory
  public Result forward(Variable x, AttentionMask mask, KeyValueCache cache) {
    if (crossAttention.isPresent()) {
      throw new IllegalArgumentException(
          Message.of("TransformerBlock", "a decoder needs a memory to look at")
              .row("help", "forward(x, mask, memory, memoryMask)")
              .toString());
    }
    KeyValueCache[] seen = {cache};
    Variable y = around(0, x, v -> attended(v, mask, seen));
    return new Result(around(1, y, this::feedForward), seen[0]);
  }

  private Variable attended(Variable x, AttentionMask mask, KeyValueCache[] cache) {
    var result = selfAttention.forward(x, mask, cache[0]);
    cache[0] = result.cache();
    return result.outputs();
  }

  /// A decoder's block: x looks at itself under `mask`, then at `memory` under `memoryMask`.
  ///
  /// @throws IllegalArgumentException if this is no decoder
  public Variable forward(
      Variable x, AttentionMask mask, Variable memory, AttentionMask memoryMask) {
    MultiHeadAttention cross =
        crossAttention.orElseThrow(() ->
            new IllegalArgumentException(
                Message.of("TransformerBlock", "only a decoder looks at a memory")
                    .row("help", "transformerBlock(…).decoder()")
                    .toString()));
    Variable y = around(0, x, v -> selfAttention.forward(v, mask));
    Variable z = around(1, y, v -> cross.forward(v, memory, memoryMask));
    return around(2, z, this::feedForward);
  }

  private Variable feedForward(Variable x) {
    return linear2.forward(dropout.forward(activation.forward(linear1.forward(x))));
  }

  private Variable around(int part, Variable x, UnaryOperator<Variable> body) {
    Layer norm = norms.get(part);
    return preNorm
        ? x.add(dropout.forward(body.apply(norm.forward(x))))
        : norm.forward(x.add(dropout.forward(body.apply(x))));
  }

  // ---- names ----------------------------------------------------------------------------------

  /// The parts under PyTorch's names.
  @Override
  public Map<String, Object> components() {
    Map<String, Object> named = new LinkedHashMap<>();
    named.put("self_attn", selfAttention);
    named.put("multihead_attn", crossAttention);
    named.put("linear1", linear1);
    named.put("activation", activation);
    named.put("linear2", linear2);
    IntStream.range(0, norms.size()).forEach(i -> named.put("norm" + (i + 1), norms.get(i)));
    named.put("dropout", dropout);
    return named;
  }

  @Override
  public String label() {
    return "TransformerBlock("
        + (crossAttention.isPresent() ? "decoder, " : "")
        + (preNorm ? "norm first)" : "norm last)");
  }

  @Override
  public String toString() {
    return tree();
  }
}
