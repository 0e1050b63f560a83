package vectorgrad.autograd;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.DTypeException;
import vectorgrad.tensor.Message;

/// Mixed precision: while some work runs, products are of numbers rounded to 16 bits, and what is
/// sensitive is computed in F32. Parameters stay in F32, the *master weights* of Micikevicius et
/// al. 2018, whose small updates 16 bits would lose.
///
/// ```java
/// var loss = Autocast.to(DType.BF16).call(() -> crossEntropy(model.forward(x), labels));
/// adam.step(loss.backward());
/// ```
///
/// | operations | compute on | give |
/// |---|---|---|
/// | `matmul` and its like, `einsum` of several operands, convolutions, and so linear layers, attention and the gates of recurrent ones | F32 and 16-bit operands rounded to the dtype, summed in F32 | the dtype, rounded once |
/// | sums, means, products, scans, norms, variances; softmax; exponentials, logarithms, powers, reciprocals, `tan`, `sinh`, `cosh`, `asin`, `acos` | 16-bit operands as F32 | F32 |
/// | all others, `add`, `mul`, `relu`, `tanh` and `gelu` among them | what the operands promote to | the same |
///
/// These are the lists of `torch.autocast`. Losses and normalising layers give F32, as PyTorch's
/// do; so does batch norm, whose result PyTorch rounds, and so do the states of recurrent layers,
/// sums over time that PyTorch rounds at every step. F64 is left as it is, and what it meets too.
///
/// The cast of a parameter is made once in a region, and anew if the parameter has changed since.
/// Gradients flow back through the casts, so those of parameters are F32. A backward pass is no
/// part of a region, wherever it is run: its products have the dtypes of the forward ones. F16
/// needs a `LossScaler`; BF16, with the reach of F32, does not.
///
/// Results are those of explicit conversions, bit by bit. On the CPU a 16-bit product is faster
/// than one of F32 where memory is what limits it, at a batch of one; larger ones pay for the
/// conversions.
///
/// @param dtype F16 or BF16; or F32, which turns it off
public record Autocast(DType dtype) {
  private static final Autocast OFF = new Autocast(DType.F32);
  private static final ScopedValue<Region> CURRENT = ScopedValue.newInstance();

  /// How many regions are in force, on any thread. As long as there is none, nobody need ask.
  private static final AtomicInteger IN_FORCE = new AtomicInteger();

  /// Elementwise operations whose results leave 16 bits, or lose them, more than their inputs do.
  private static final Set<String> WIDE =
      Set.of(
          ("exp exp2 expm1 log log2 log10 log1p pow rsqrt reciprocal tan asin acos sinh cosh"
                  + " softplus logSigmoid logaddexp logit xlogy")
              .split(" "));

  /// What a region does with the operands of an operation.
  public enum Policy {
    /// Rounds those of F32 to the region's dtype: for products.
    LOW,
    /// Widens halves to F32: for what sums up, or grows.
    WIDE,
    /// Leaves them.
    PROMOTE
  }

  /// A cast of a parameter, as of a version of it.
  private record Cast(long version, Variable variable) {
    /// Whether it is of the parameter's present value, still there, and as much recorded as one
    /// made now would be.
    boolean serves(Parameter parameter) {
      boolean recorded = Variable.isRecorded(variable.value(), parameter);
      Node node = variable.node();
      return version == parameter.version()
          && !variable.value().isRecycled()
          && recorded == (node != null)
          && !(recorded && node.isUsedUp());
    }
  }

  /// Work in force, and the casts it has made so far.
  private record Region(Autocast autocast, Map<Parameter, Cast> casts) {
    Variable low(Variable x) {
      DType dtype = autocast.dtype;
      if (!(x instanceof Parameter parameter) || x.dtype() == dtype) {
        return x.to(dtype);
      }
      Cast known = casts.get(parameter);
      if (known == null || !known.serves(parameter)) {
        known = new Cast(parameter.version(), parameter.to(dtype));
        casts.put(parameter, known);
      }
      return known.variable;
    }
  }

  /// Checks the dtype.
  ///
  /// @throws DTypeException if it is neither F16, BF16 nor F32
  public Autocast {
    if (!dtype.isHalf() && dtype != DType.F32) {
      throw new DTypeException(
          Message.of("Autocast", "casts to f16 or bf16, found " + dtype)
              .row("rule", "f32 turns it off; for f64, convert model and input"));
    }
  }

  /// Products in this dtype.
  ///
  /// @throws DTypeException if it is neither F16, BF16 nor F32
  public static Autocast to(DType dtype) {
    return new Autocast(dtype);
  }

  /// Everything in the dtype it has: for a part of a region that must not be rounded.
  public static Autocast off() {
    return OFF;
  }

  /// What is in force on this thread; [#off] by default.
  public static Autocast current() {
    return IN_FORCE.get() != 0 && CURRENT.isBound() ? CURRENT.get().autocast : OFF;
  }

  /// Runs `work` in a region of its own.
  public <T> T call(Supplier<T> work) {
    if (!isOn() && !current().isOn()) {
      return work.get();
    }
    IN_FORCE.incrementAndGet();
    try {
      return ScopedValue.where(CURRENT, new Region(this, new HashMap<>())).call(work::get);
    } finally {
      IN_FORCE.decrementAndGet();
    }
  }

  /// Runs `work` in a region of its own.
  public void run(Runnable work) {
    call(() -> {
      work.run();
      return this;
    });
  }

  private boolean isOn() {
    return dtype.isHalf();
  }

  /// `x` as a product reads it here: in the region's dtype if it is F32 or a half, else itself. For
  /// a bias that is added to a product.
  public static Variable cast(Variable x) {
    return arranged(Policy.LOW, x)[0];
  }

  /// `x` as a sum reads it here: in F32 if it is a half and a region is in force, else itself. For
  /// what is written with operations that do not do so themselves.
  public static Variable widen(Variable x) {
    return arranged(Policy.WIDE, x)[0];
  }

  /// What becomes of operands of an elementwise operation of this name.
  static Policy ofElementwise(String name) {
    return WIDE.contains(name) ? Policy.WIDE : Policy.PROMOTE;
  }

  /// Whether a region is in force here that does something to operands of this policy.
  static boolean arranges(Policy policy) {
    return IN_FORCE.get() != 0 && policy != Policy.PROMOTE && current().isOn();
  }

  /// The operands as an operation of this policy takes them here; the array itself is left.
  static Variable[] arranged(Policy policy, Variable... operands) {
    if (!arranges(policy)) {
      return operands;
    }
    for (Variable operand : operands) {
      if (operand.dtype() == DType.F64) {
        return operands;
      }
    }
    Region region = CURRENT.get();
    Variable[] arranged = operands.clone();
    for (int i = 0; i < arranged.length; i++) {
      DType dtype = arranged[i].dtype();
      if (policy == Policy.WIDE) {
        arranged[i] = arranged[i].to(dtype.widened());
      } else if (dtype.isFloating()) {
        arranged[i] = region.low(arranged[i]);
      }
    }
    return arranged;
  }
}
