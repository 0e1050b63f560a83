package vectorgrad.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import vectorgrad.autograd.GradientException;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Keeps the gradients of 16-bit activations above the smallest numbers that F16 has: the loss is
/// multiplied by a *scale* before the backward pass, and the gradients are divided by it after.
///
/// F16 knows nothing below 6·10⁻⁸, where gradients often lie, and nothing above 65504. So the scale
/// is as large as it can be, and found by trying: a step whose gradients are infinite or NaN is
/// **skipped** and the scale halved; after 2000 steps in a row without one it is doubled.
///
/// ```java
/// var scaler = new LossScaler();
/// var loss = Autocast.to(DType.F16).call(() -> crossEntropy(model.forward(x), labels));
/// scaler.step(adam, scaler.scale(loss).backward());
/// // with clipping, which is of the true gradients, and so after they are unscaled:
/// scaler.step(adam, scaler.scale(loss).backward(), gradients -> gradients.clipNorm(1));
/// ```
///
/// The scale is a power of two, unless told otherwise, so it changes no digit of a gradient. BF16
/// reaches as far as F32 and needs none of this.
///
/// Cost: two passes over the gradients, one of which writes. Defaults are those of PyTorch's
/// `GradScaler`: 65536, growth 2 every 2000 steps, backoff ½. Micikevicius et al. 2018, *Mixed
/// precision training*.
public final class LossScaler {
  private static final double FIRST = 65536;

  private double growth = 2;
  private double backoff = 0.5;
  private long interval = 2000;
  private double minimum = 1 / FIRST;
  private final Map<String, Cell> state = new LinkedHashMap<>();

  /// A scaler that begins with 65536.
  public LossScaler() {
    this(FIRST);
  }

  /// A scaler that begins with `scale`.
  ///
  /// @throws IllegalArgumentException if it is not a positive number
  public LossScaler(double scale) {
    positive("the scale", scale);
    state.put("scale", new Cell(Tensor.of(new double[] {scale}, Shape.SCALAR)));
    for (String counter : new String[] {"clean", "steps", "skipped", "growths"}) {
      state.put(counter, new Cell(count(0)));
    }
  }

  /// What the scale is multiplied with after enough clean steps, above 1: 2 by default.
  ///
  /// @return this
  public LossScaler growth(double factor) {
    if (!(factor > 1 && factor < Double.POSITIVE_INFINITY)) {
      throw refused("the growth", "above 1", factor);
    }
    growth = factor;
    return this;
  }

  /// What the scale is multiplied with after an overflow, between 0 and 1: ½ by default.
  ///
  /// @return this
  public LossScaler backoff(double factor) {
    if (!(factor > 0 && factor < 1)) {
      throw refused("the backoff", "between 0 and 1", factor);
    }
    backoff = factor;
    return this;
  }

  /// After how many clean steps in a row the scale grows: 2000 by default.
  ///
  /// @return this
  public LossScaler growEvery(long steps) {
    Check.atLeast("LossScaler", "the steps between growths", (double) steps, 1);
    interval = steps;
    return this;
  }

  /// Below which scale nothing is tried any more: 1/65536 by default, 32 halvings below the first.
  ///
  /// @return this
  public LossScaler minimum(double scale) {
    minimum = positive("the minimum", scale);
    return this;
  }

  private static double positive(String name, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw refused(name, "a positive number", value);
    }
    return value;
  }

  private static IllegalArgumentException refused(String name, String range, double value) {
    return new IllegalArgumentException(
        Message.of("LossScaler", name + " must be " + range + ", found " + value).toString());
  }

  // ---- what it does ---------------------------------------------------------------------------

  /// The loss times the scale, in F32 at least: to run backward from.
  public Variable scale(Variable loss) {
    return loss.to(loss.dtype().widened()).mul(scale());
  }

  /// The true gradients again. What overflowed stays infinite or NaN.
  public Gradients unscale(Gradients scaled) {
    return scaled.scale(1 / scale());
  }

  /// Unscales the gradients and steps; or skips, if one is infinite or NaN, and lowers the scale.
  ///
  /// @return whether the optimizer stepped
  /// @throws GradientException if it is skipped once too often, see [#update], or the gradients
  ///   hold none of the optimizer's parameters
  public boolean step(Optimizer optimizer, Gradients scaled) {
    return step(optimizer, scaled, UnaryOperator.identity());
  }

  /// As above, with a `change` of the true gradients before the step, such as clipping. It sees
  /// finite ones only.
  ///
  /// @return whether the optimizer stepped
  public boolean step(Optimizer optimizer, Gradients scaled, UnaryOperator<Gradients> change) {
    boolean finite = scaled.finite();
    if (finite) {
      optimizer.step(change.apply(unscale(scaled))); // by the scale that they have
    }
    return update(finite);
  }

  /// Counts a step and adapts the scale. For what [#step] does not do, such as several optimizers
  /// at once:
  ///
  /// ```java
  /// var gradients = scaler.unscale(scaler.scale(loss).backward());
  /// if (scaler.update(gradients.finite())) {
  ///   first.step(gradients);
  ///   second.step(gradients);
  /// }
  /// ```
  ///
  /// @param finite whether all gradients were
  /// @return `finite`: whether to step
  /// @throws GradientException if the scale has fallen below the minimum: then no scale helps,
  ///   because the loss or the activations themselves are not finite
  public boolean update(boolean finite) {
    set("steps", steps() + 1);
    if (finite) {
      set("clean", clean() + 1);
      if (clean() >= interval && scale() * growth < Float.MAX_VALUE) {
        setScale(scale() * growth);
        set("growths", growths() + 1);
        set("clean", 0);
      }
    } else {
      set("skipped", skipped() + 1);
      set("clean", 0);
      setScale(scale() * backoff);
      if (scale() < minimum) {
        throw tooSmall();
      }
    }
    return finite;
  }

  private GradientException tooSmall() {
    return new GradientException(
        Message.of("LossScaler", "gradients overflow even at a scale of " + scale() / backoff)
            .row("steps", skipped() + " of " + steps() + " were skipped")
            .row("why", "the loss itself, or what leads to it, is not finite: no scale helps")
            .row("help", "look at loss.item(); try BF16, or a smaller learning rate")
            .row("", "Anomaly.detect(...) finds the first operation that is to blame"));
  }

  // ---- where it stands ------------------------------------------------------------------------

  /// The scale of the next loss.
  public double scale() {
    return state.get("scale").value().item();
  }

  /// How many steps there were, those skipped included.
  public long steps() {
    return counter("steps");
  }

  /// How many steps were skipped.
  public long skipped() {
    return counter("skipped");
  }

  /// How often the scale has grown.
  public long growths() {
    return counter("growths");
  }

  /// How many clean steps there were since the scale last changed.
  public long clean() {
    return counter("clean");
  }

  private long counter(String name) {
    return state.get(name).value().toLongs()[0];
  }

  private void set(String counter, long value) {
    state.get(counter).set(count(value));
  }

  private void setScale(double scale) {
    state.get("scale").set(Tensor.of(new double[] {scale}, Shape.SCALAR));
  }

  private static Tensor count(long value) {
    return Tensor.of(new long[] {value}, Shape.SCALAR);
  }

  /// Scale (F64) and counters (I64) by name: all that a checkpoint needs to go on bit by bit.
  public Map<String, Cell> state() {
    return new LinkedHashMap<>(state);
  }

  /// Goes on from a saved [#state()].
  ///
  /// @throws IllegalArgumentException if names are missing or left over or shapes differ; it lists
  ///   them and changes nothing
  public void restore(Map<String, Tensor> saved) {
    Differences.refuse("LossScaler", state, saved);
    state.forEach((name, cell) -> cell.set(saved.get(name).to(cell.value().dtype())));
  }

  /// What decides the next scales beside the [#state()], as text.
  public String recipe() {
    return "growth %s every %d steps, backoff %s, minimum %s"
        .formatted(
            Notation.number(growth), interval, Notation.number(backoff), Notation.number(minimum));
  }

  /// The scale and the counters: `LossScaler(scale 32768, skipped 1 of 200 steps)`.
  @Override
  public String toString() {
    return "LossScaler(scale %s, skipped %d of %d steps)"
        .formatted(Notation.number(scale()), skipped(), steps());
  }
}
