package vectorgrad.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.ShapeException;

/// Attention of several heads, each on its own share of the features: queries, keys and values are
/// projections of the input, and the heads' results are projected once more: `y = [head₁ …
/// head_H]·W
/// + b` with `headₕ = softmax(Qₕ·Kₕᵀ/√(E/H))·Vₕ` of [Attention].
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x, outputs | (N, L, E) | the batch first, always; PyTorch's option `batch_first` |
/// | memory | (N, Lk, E) | what [#forward(Variable, Variable, AttentionMask)] looks at instead of x |
/// | in_proj_weight | (E + 2·G·E/H, E) | for queries, keys and values, one below the other; begins as [Initializer#xavierUniform()] |
/// | in_proj_bias | (E + 2·G·E/H) | begins as 0 |
/// | out_proj.weight | (E, E) | begins as U(±1/√E) |
/// | out_proj.bias | (E) | begins as 0 |
///
/// H heads of E/H features; G heads of keys and values, H unless [#keyHeads] says fewer. Names,
/// layout (for G = H) and distributions are PyTorch's. The three projections are one product in
/// self-attention, two in cross-attention. Options are copies; those that change shapes have new
/// parameters.
///
/// Cost: 2·N·L·E·(2·E + 2·G·E/H) flops for the projections, and those of [Attention].
///
/// Vaswani et al. 2017, section 3.2.2.
///
/// @param heads H
/// @param keyHeads G
/// @param inWeight the weight of queries, keys and values
/// @param inBias their bias, or empty
/// @param outProjection from all heads to the output
/// @param dropout on the weights of attention, or empty
/// @param positions of queries and keys, or empty
/// @param onlyPast whether self-attention sees nothing behind each place
public record MultiHeadAttention(
    int heads,
    int keyHeads,
    Parameter inWeight,
    Optional<Parameter> inBias,
    Linear outProjection,
    Optional<Dropout> dropout,
    Optional<RotaryPositions> positions,
    boolean onlyPast)
    implements Layer {

  /// What self-attention with a cache gives.
  ///
  /// @param outputs (N, L, E)
  /// @param cache with the keys and values of these places too
  public record Result(Variable outputs, KeyValueCache cache) {}

  /// Attention of `heads` heads on `width` features, with biases, all zeros until it is
  /// initialised.
  ///
  /// @throws IllegalArgumentException if the heads do not divide the width
  public MultiHeadAttention(int width, int heads) {
    this(width, heads, heads, true, Optional.empty(), Optional.empty(), false);
  }

  private MultiHeadAttention(
      int width,
      int heads,
      int keyHeads,
      boolean biased,
      Optional<Dropout> dropout,
      Optional<RotaryPositions> positions,
      boolean onlyPast) {
    if (heads <= 0 || width <= 0 || width % heads != 0) {
      throw refused("heads share the features evenly, found " + heads + " for " + width);
    }
    if (keyHeads <= 0 || heads % keyHeads != 0) {
      throw refused("heads share keys evenly, found " + keyHeads + " of keys for " + heads);
    }
    int rows = width + 2 * keyHeads * (width / heads);
    Linear out = new Linear(width, width);
    this(
        heads,
        keyHeads,
        Parameter.of(Shape.of(rows, width)),
        biased ? Optional.of(Parameter.of(Shape.of(rows))) : Optional.empty(),
        biased ? out : out.withoutBias(),
        dropout,
        positions,
        onlyPast);
  }

  private static IllegalArgumentException refused(String problem) {
    return new IllegalArgumentException(Message.of("MultiHeadAttention", problem).toString());
  }

  private int width() {
    return inWeight.shape().get(1);
  }

  // ---- options --------------------------------------------------------------------------------

  /// With fewer heads of keys and values, each shared by neighbouring heads of queries, and new
  /// parameters: a cache as many times smaller. Ainslie et al. 2023.
  ///
  /// @throws IllegalArgumentException if they do not divide the heads
  public MultiHeadAttention keyHeads(int keyHeads) {
    return new MultiHeadAttention(
        width(), heads, keyHeads, inBias.isPresent(), dropout, positions, onlyPast);
  }

  /// Without biases, with new weights.
  public MultiHeadAttention withoutBias() {
    return new MultiHeadAttention(width(), heads, keyHeads, false, dropout, positions, onlyPast);
  }

  /// Whose weights of attention are dropped in training with the given probability.
  public MultiHeadAttention dropout(double probability) {
    return copied(Optional.of(new Dropout(probability)), positions, onlyPast);
  }

  /// With [RotaryPositions] in self-attention.
  public MultiHeadAttention rotary() {
    return copied(dropout, Optional.of(new RotaryPositions()), onlyPast);
  }

  /// Whose self-attention sees nothing behind each place.
  public MultiHeadAttention causal() {
    return copied(dropout, positions, true);
  }

  private MultiHeadAttention copied(
      Optional<Dropout> drop, Optional<RotaryPositions> turns, boolean past) {
    return new MultiHeadAttention(
        heads, keyHeads, inWeight, inBias, outProjection, drop, turns, past);
  }

  // ---- forward --------------------------------------------------------------------------------

  /// Self-attention: every place looks at all, or at those before it if [#causal()].
  @Override
  public Variable forward(Variable x) {
    return forward(x, AttentionMask.none());
  }

  /// Self-attention under a mask, and [#causal()] if it is.
  ///
  /// @throws ShapeException if the input does not fit
  public Variable forward(Variable x, AttentionMask mask) {
    return forward(x, mask, KeyValueCache.empty()).outputs();
  }

  /// Self-attention of the places that follow those in `cache`: the same numbers as from all places
  /// at once, if it is causal. The mask speaks of all keys, the cached ones first.
  ///
  /// @throws ShapeException if the input does not fit
  public Result forward(Variable x, AttentionMask mask, KeyValueCache cache) {
    expect(x);
    Variable all = projected(x, 0, inWeight.shape().get(0));
    int shared = keyHeads * width() / heads;
    Variable query = turned(heads(all.narrow(-1, 0, width()), heads), cache.length());
    Variable key = turned(heads(all.narrow(-1, width(), shared), keyHeads), cache.length());
    KeyValueCache seen =
        cache.append(key, heads(all.narrow(-1, width() + shared, shared), keyHeads));
    AttentionMask own = onlyPast ? mask.and(AttentionMask.causal()) : mask;
    if (positions.isEmpty() && cache.length() == 0 && Blockwise.suits(own, dropout, all)) {
      Variable each = Variable.apply(new Blockwise(heads, keyHeads, own.onlyPast()), all);
      return new Result(outProjection.forward(each), seen);
    }
    return new Result(attended(query, seen, own), seen);
  }

  /// Cross-attention: every place of x looks at the places of `memory`. [#causal()] is for
  /// self-attention and does not count here.
  ///
  /// @throws ShapeException if an input does not fit
  /// @throws IllegalArgumentException if it has [#rotary()] positions, which compare places of one
  ///   sequence
  public Variable forward(Variable x, Variable memory, AttentionMask mask) {
    expect(x);
    expect(memory);
    if (positions.isPresent()) {
      throw refused("rotary positions compare places of one sequence, not of two");
    }
    int shared = keyHeads * width() / heads;
    Variable both = projected(memory, width(), 2 * shared);
    var seen =
        KeyValueCache.empty()
            .append(
                heads(both.narrow(-1, 0, shared), keyHeads),
                heads(both.narrow(-1, shared, shared), keyHeads));
    return attended(heads(projected(x, 0, width()), heads), seen, mask);
  }

  /// `x·Wᵀ + b` with some rows of the weight.
  private Variable projected(Variable x, int from, int rows) {
    Variable flat = x.reshape(x.size(0) * x.size(1), width());
    Variable product =
        Variable.apply(new Linear.TimesTransposed(), flat, rows(inWeight, from, rows));
    Variable y = inBias.isPresent() ? product.add(rows(inBias.get(), from, rows)) : product;
    return y.reshape(x.size(0), x.size(1), rows);
  }

  /// Some rows; if they are all there are, their gradient needs no room around it.
  private static Variable rows(Parameter all, int from, int rows) {
    Variable cast = Autocast.cast(all);
    return rows == all.size(0) ? cast : cast.narrow(0, from, rows);
  }

  /// (N, L, count·d) as (N, count, L, d).
  private static Variable heads(Variable x, int count) {
    return x.reshape(x.size(0), x.size(1), count, x.size(2) / count).swapaxes(1, 2);
  }

  private Variable turned(Variable x, int offset) {
    return positions.isPresent() ? positions.get().forward(x, offset) : x;
  }

  private Variable attended(Variable query, KeyValueCache seen, AttentionMask mask) {
    Variable each =
        Attention.scaledDotProductAttention(
            query, seen.keys().orElseThrow(), seen.values().orElseThrow(), mask, dropout);
    return outProjection.forward(
        each.swapaxes(1, 2).reshape(query.size(0), query.size(2), width()));
  }

  private void expect(Variable x) {
    if (x.rank() != 3 || x.size(2) != width()) {
      throw new ShapeException(
          Location.message(
                  this,
                  "MultiHeadAttention",
                  "the input is " + x.shape() + ", expected (N, L, " + width() + ")")
              .row("help", "one sequence alone is x.unsqueeze(0)"),
          x.shape(),
          inWeight.shape());
    }
  }

  // ---- names ----------------------------------------------------------------------------------

  /// The parameters under PyTorch's names.
  @Override
  public Map<String, Object> components() {
    Map<String, Object> named = new LinkedHashMap<>();
    named.put("in_proj_weight", inWeight);
    named.put("in_proj_bias", inBias);
    named.put("out_proj.weight", outProjection.weight());
    named.put("out_proj.bias", outProjection.bias());
    named.put("dropout", dropout);
    return named;
  }

  @Override
  public Initializer initializer(String component) {
    return switch (component) {
      case "in_proj_weight" -> Initializer.xavierUniform();
      case "out_proj.weight" -> outProjection.initializer("weight");
      default -> Initializer.zeros();
    };
  }

  @Override
  public String label() {
    return "MultiHeadAttention("
        + width()
        + ", heads "
        + heads
        + (keyHeads < heads ? ", of keys " + keyHeads : "")
        + (positions.isPresent() ? ", rotary" : "")
        + (onlyPast ? ", causal)" : ")");
  }

  @Override
  public String toString() {
    return tree();
  }
}
