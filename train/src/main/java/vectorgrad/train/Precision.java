package vectorgrad.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import vectorgrad.autograd.Autocast;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Variable;
import vectorgrad.optim.LossScaler;
import vectorgrad.optim.Optimizer;
import vectorgrad.tensor.Tensor;

/// In how many bits a run computes, and what keeps its gradients in their range.
record Precision(Autocast autocast, Optional<LossScaler> scaler) {
  /// F32.
  static final Precision FULL = new Precision(Autocast.off(), Optional.empty());

  /// The loss of a forward pass.
  Variable forward(Supplier<Variable> work) {
    return autocast.call(work);
  }

  /// What to run backward from.
  Variable scaled(Variable loss) {
    return scaler.isPresent() ? scaler.get().scale(loss) : loss;
  }

  /// A step down gradients of a scaled loss, unless they overflowed.
  void step(Optimizer optimizer, Gradients gradients, UnaryOperator<Gradients> change) {
    if (scaler.isPresent()) {
      scaler.get().step(optimizer, gradients, change);
    } else {
      optimizer.step(change.apply(gradients));
    }
  }

  /// The scaler, as checkpoints carry it.
  Optional<Companion> companion() {
    return scaler.map(Scaling::new);
  }

  /// A scaler's state.
  private record Scaling(LossScaler scaler) implements Companion {
    @Override
    public String name() {
      return "scaler";
    }

    @Override
    public String recipe() {
      return scaler.recipe();
    }

    @Override
    public Map<String, Tensor> state() {
      Map<String, Tensor> state = new LinkedHashMap<>();
      scaler.state().forEach((name, cell) -> state.put(name, cell.value()));
      return state;
    }

    @Override
    public void restore(Map<String, Tensor> saved) {
      scaler.restore(saved);
    }
  }
}
