package vectorgrad.train;

import java.util.LinkedHashMap;
import java.util.Map;
import vectorgrad.optim.WeightAverage;
import vectorgrad.tensor.Tensor;

/// A [WeightAverage] that is told of every so many steps.
///
/// @param average the average
/// @param every how many steps lie between two updates
/// @param skipped of how many first steps it is not told
record Averaging(WeightAverage average, int every, long skipped) implements Companion {
  private static final String UPDATES = "updates";

  @Override
  public String name() {
    return "average";
  }

  @Override
  public String recipe() {
    return average + ", every " + every + " steps after " + skipped;
  }

  /// Before the other listeners.
  void made(long steps) {
    if (steps > skipped && steps % every == 0) {
      average.update();
    }
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    average.state().forEach((name, cell) -> state.put(name, cell.value()));
    state.put(UPDATES, Tensor.of((double) average.updates()));
    return state;
  }

  @Override
  public void restore(Map<String, Tensor> saved) {
    Map<String, Tensor> averages = new LinkedHashMap<>(saved);
    Tensor updates = averages.remove(UPDATES);
    average.restore(averages, (long) updates.toDoubles()[0]);
  }
}
