package vectorgrad.train;

import java.util.Map;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// Ends a run when a number has not become better for some epochs: what is learnt from then on are
/// the peculiarities of the samples. The parameters are then those of the last epoch; [Best] keeps
/// those of the best one.
///
/// ```java
/// var best = new Best(trainer, Watch.loss());
/// trainer.listen(best).listen(new EarlyStopping(Watch.loss(), 5));
/// trainer.run(100);
/// best.apply();
/// ```
///
/// Checkpoints carry the best number and how long ago it was. A number that is not one is no
/// better. Prechelt, "Early stopping – but when?" (1998).
public final class EarlyStopping implements Companion {
  private final Watch watch;
  private final int patience;
  private double best = Double.NaN;
  private int since;

  /// Ends a run after `patience` epochs in a row that were no better than the best one before.
  ///
  /// @throws IllegalArgumentException if `patience` is not at least 1
  public EarlyStopping(Watch watch, int patience) {
    if (patience < 1) {
      throw new IllegalArgumentException(
          Message.of("EarlyStopping", "the patience is at least 1 epoch, found " + patience)
              .toString());
    }
    this.watch = watch;
    this.patience = patience;
  }

  @Override
  public void onEpoch(History.Epoch epoch) {
    double value = watch.of(epoch);
    boolean better = watch.better(value, best);
    best = better ? value : best;
    since = better ? 0 : since + 1;
  }

  /// Whether patience has come to its end.
  @Override
  public boolean finished() {
    return since >= patience;
  }

  /// The best number so far, NaN before the first epoch.
  public double best() {
    return best;
  }

  /// How many epochs there were since.
  public int since() {
    return since;
  }

  @Override
  public String name() {
    return "earlyStopping";
  }

  @Override
  public String recipe() {
    return watch + ", patience " + patience;
  }

  @Override
  public Map<String, Tensor> state() {
    return Map.of("seen", Tensor.of(best, since));
  }

  @Override
  public void restore(Map<String, Tensor> saved) {
    double[] seen = saved.get("seen").toDoubles();
    best = seen[0];
    since = (int) seen[1];
  }
}
