package vectorgrad.train;

import java.util.Map;
import vectorgrad.tensor.Tensor;

/// A listener that remembers what happened: checkpoints carry it, so that a run that goes on from
/// one ends as it would have.
///
/// ```java
/// trainer.listen(new EarlyStopping(Watch.loss(), 5));
/// ```
///
/// Listeners are told in the order they came in. One that writes checkpoints comes last, so that
/// they hold what the others have just learnt.
public interface Companion extends Trainer.Listener {
  /// Under which its state is kept; one of a kind in a run.
  String name();

  /// What decides what it does next beside its state, as text; nothing by default. A checkpoint
  /// refuses to go on with another one.
  default String recipe() {
    return "";
  }

  /// What it remembers, by name. The tensors may share its memory.
  Map<String, Tensor> state();

  /// Tensors of the names, shapes and dtypes that [#restore] could take instead of `saved`: the
  /// present state, if its form is always the same.
  default Map<String, Tensor> expected(Map<String, Tensor> saved) {
    return state();
  }

  /// Goes on from a saved [#state()], which is of the form of [#expected].
  void restore(Map<String, Tensor> saved);
}
