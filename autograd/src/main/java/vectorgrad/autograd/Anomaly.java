package vectorgrad.autograd;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// Finds where the first NaN or infinity comes from.
///
/// ```java
/// Anomaly.detect(() -> {
///   var loss = crossEntropy(model.forward(x), y);
///   adam.step(loss.backward());
/// });
/// ```
///
/// Inside, every operation's output and every gradient is looked at as it is made. The first
/// operation that makes a NaN where none went in, or an infinity where everything was finite, is an
/// [AnomalyException], which names it, the line that called it, and what went in. (An infinity that
/// was put in stays one: masks are made of −∞.) Costs about as much again as the computation: use
/// it to look for a fault, not always.
public final class Anomaly {
  private static final Formula X = Formula.input(0);
  private static final Formula IS_NAN = X.equalTo(X).not();
  private static final Formula IS_INFINITE =
      X.abs().equalTo(Formula.constant(Double.POSITIVE_INFINITY));
  private static final Formula IS_FINITE =
      X.abs().lessThan(Formula.constant(Double.POSITIVE_INFINITY));
  private static final Program NANS = Program.of(IS_NAN.then(Formula.ONE, Formula.ZERO));
  private static final Program INFINITIES = Program.of(IS_INFINITE.then(Formula.ONE, Formula.ZERO));
  private static final Program SUM = finiteOr(0);
  private static final Program LEAST = finiteOr(Double.POSITIVE_INFINITY);
  private static final Program MOST = finiteOr(Double.NEGATIVE_INFINITY);

  private static Program finiteOr(double otherwise) {
    return Program.of(IS_FINITE.then(X, Formula.constant(otherwise)));
  }

  private Anomaly() {}

  /// Runs `work` and returns what it gives.
  ///
  /// @throws AnomalyException at the first NaN or infinity
  public static <T> T detect(Supplier<T> work) {
    return new Watch().watch(work);
  }

  /// Runs `work`.
  ///
  /// @throws AnomalyException at the first NaN or infinity
  public static void detect(Runnable work) {
    detect(() -> {
      work.run();
      return null;
    });
  }

  private static final class Watch implements Observer {
    private final Map<Node, StackWalker.StackFrame> lines = new HashMap<>();

    @Override
    public void applied(Rule rule, Variable[] inputs, Variable output) {
      Optional<StackWalker.StackFrame> line = CallSite.find();
      if (output.node() != null) {
        line.ifPresent(frame -> lines.put(output.node(), frame));
      }
      Count made = count(output.value());
      if (made.isWell()) {
        return;
      }
      Count went = Count.NONE;
      for (Variable input : inputs) {
        went = went.plus(count(input.value()));
      }
      if (made.nans() > 0 || went.isWell()) {
        Message message =
            Message.of(
                rule.name(), (went.nans() > 0 ? "was given" : "made") + " the first " + made);
        line.ifPresent(frame -> message.row("at", CallSite.text(frame)));
        message.row("output", describe(output.value()));
        for (int i = 0; i < inputs.length; i++) {
          message.row(name(inputs[i], i), describe(inputs[i].value()));
        }
        throw new AnomalyException(message);
      }
    }

    @Override
    public void handed(Node node, int i, Variable dy, Variable gradient) {
      Count made = count(gradient.value());
      if (made.isWell() || (made.nans() == 0 && !count(dy.value()).isWell())) {
        return;
      }
      Message message =
          Message.of(node.name(), "the gradient of input " + i + " has the first " + made);
      StackWalker.StackFrame line = lines.get(node);
      if (line != null) {
        message.row("at", CallSite.text(line) + ", forward");
      }
      message.row("dy", describe(dy.value())).row("d" + i, describe(gradient.value()));
      for (int k = 0; k < node.inputs(); k++) {
        if (!(node.input(k) instanceof Outline)) {
          message.row(name(node.input(k), k), describe(node.input(k).value()));
        }
      }
      throw new AnomalyException(message);
    }
  }

  private static String name(Variable input, int i) {
    return input.label().map(label -> "\"" + label + "\"").orElse("in " + i);
  }

  /// How many elements are not numbers.
  private record Count(long nans, long infinities, long size) {
    static final Count NONE = new Count(0, 0, 0);

    boolean isWell() {
      return nans == 0 && infinities == 0;
    }

    Count plus(Count other) {
      return new Count(nans + other.nans, infinities + other.infinities, size + other.size);
    }

    @Override
    public String toString() {
      return (nans > 0 ? "NaN" : "infinity")
          + ", in %,d of %,d elements".formatted(nans > 0 ? nans : infinities, size);
    }
  }

  private static Count count(Tensor x) {
    if (!x.dtype().isFloating() || x.size() == 0) {
      return Count.NONE;
    }
    return new Count((long) total(NANS, x), (long) total(INFINITIES, x), x.size());
  }

  private static double total(Program program, Tensor x) {
    return Tensor.sumOf(program, false, new int[0], x).item();
  }

  /// Shape, range and mean of what is finite, and how much is not.
  private static String describe(Tensor x) {
    Count count = count(x);
    if (!x.dtype().isFloating() || x.size() == 0) {
      return x.shape() + " " + x.dtype();
    }
    long numbers = count.size() - count.nans() - count.infinities();
    String range =
        numbers == 0
            ? "nothing finite"
            : String.format(
                Locale.ROOT,
                "from %.4g to %.4g, mean %.4g",
                Tensor.map(LEAST, x).min().item(),
                Tensor.map(MOST, x).max().item(),
                total(SUM, x) / numbers);
    return x.shape()
        + " "
        + x.dtype()
        + ", "
        + range
        + (count.nans() > 0 ? ", %,d NaN".formatted(count.nans()) : "")
        + (count.infinities() > 0 ? ", %,d infinite".formatted(count.infinities()) : "");
  }
}
