package vectorgrad.nn;

import java.util.Optional;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// What a query may look at. Masks join by [#and].
///
/// | mask | allows |
/// |------|--------|
/// | [#none()] | everything |
/// | [#causal()] | nothing behind the query itself |
/// | [#lengths] | the keys within each sequence, nothing padded |
/// | [#of] | where a BOOL tensor is true, as masks of variables mean it |
/// | [#bias] | everything, but adds to the scores |
///
/// True allows, as in PyTorch's `scaled_dot_product_attention`; in its `MultiheadAttention` true
/// forbids. **Causal** counts from the end: the last of Lq queries sees all Lk keys, query i those
/// up to i + Lk − Lq. So it fits queries that continue a [KeyValueCache]; PyTorch counts from the
/// beginning, which is the same where Lq = Lk.
///
/// @param allowed BOOL, broadcasting to the scores (…, H, Lq, Lk), or empty
/// @param bias added to the scores, broadcasting to them, or empty; −∞ forbids
/// @param onlyPast whether a query sees nothing behind itself
public record AttentionMask(Optional<Tensor> allowed, Optional<Variable> bias, boolean onlyPast) {
  private static final AttentionMask NONE =
      new AttentionMask(Optional.empty(), Optional.empty(), false);

  /// Checks the dtype of what is allowed.
  ///
  /// @throws DTypeException if it is not BOOL
  public AttentionMask {
    if (allowed.isPresent() && allowed.get().dtype() != DType.BOOL) {
      throw new DTypeException(
          Message.of("AttentionMask", "what is allowed is BOOL, found " + allowed.get().dtype())
              .row("help", "numbers are added to the scores by AttentionMask.bias"),
          allowed.get().shape());
    }
  }

  /// Every query sees every key.
  public static AttentionMask none() {
    return NONE;
  }

  /// A query sees nothing behind itself.
  public static AttentionMask causal() {
    return new AttentionMask(Optional.empty(), Optional.empty(), true);
  }

  /// A query sees the keys where `allowed`, a BOOL tensor that broadcasts to (…, H, Lq, Lk), is
  /// true.
  public static AttentionMask of(Tensor allowed) {
    return new AttentionMask(Optional.of(allowed), Optional.empty(), false);
  }

  /// Adds to the scores: relative positions, learned or not.
  public static AttentionMask bias(Variable bias) {
    return new AttentionMask(Optional.empty(), Optional.of(bias), false);
  }

  /// Of N sequences padded to `keys` places, a query sees the first `lengths[n]`.
  public static AttentionMask lengths(int keys, int... lengths) {
    Tensor ends = Tensor.of(lengths).reshape(lengths.length, 1, 1, 1);
    return of(Tensor.arange(keys, DType.I32).lt(ends));
  }

  /// What both masks allow, with the sum of their biases.
  public AttentionMask and(AttentionMask other) {
    return new AttentionMask(
        allowed.isPresent() && other.allowed.isPresent()
            ? Optional.of(allowed.get().logicalAnd(other.allowed.get()))
            : allowed.or(() -> other.allowed),
        bias.isPresent() && other.bias.isPresent()
            ? Optional.of(bias.get().add(other.bias.get()))
            : bias.or(() -> other.bias),
        onlyPast || other.onlyPast);
  }

  /// What is allowed of the scores of so many queries and keys; empty if all of it is.
  Optional<Tensor> allowed(int queries, int keys, Device device) {
    if (!onlyPast || queries == 1) { // the last query sees everything
      return allowed.map(mask -> mask.to(device));
    }
    Tensor last = Tensor.arange(queries, DType.I32).add(keys - queries).reshape(queries, 1);
    Tensor before = Tensor.arange(keys, DType.I32).le(last).to(device);
    return Optional.of(allowed.map(mask -> before.logicalAnd(mask.to(device))).orElse(before));
  }
}
