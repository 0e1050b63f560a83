package vectorgrad.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import vectorgrad.data.Dataset;
import vectorgrad.data.Loader;
import vectorgrad.data.Pictures;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Sequential;
import vectorgrad.optim.Adam;
import vectorgrad.optim.LossScaler;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.train.Best;
import vectorgrad.train.EarlyStopping;
import vectorgrad.train.Metric;
import vectorgrad.train.Snapshots;
import vectorgrad.train.Trainer;
import vectorgrad.train.Watch;

/// What a run consists of, as its [Settings] say.
///
/// @param training the pictures to train on
/// @param heldOut how many there are to validate on
/// @param scaler what scales the loss, in f16
/// @param best the best epoch, if it is kept
/// @param snapshots the ends of cycles, if they are kept
record RunParts(
    Trainer trainer,
    Loader training,
    int heldOut,
    Optional<LossScaler> scaler,
    Optional<Best> best,
    Optional<Snapshots> snapshots) {
  static final int EVALUATION_BATCH = 256;

  static RunParts of(Settings settings, Pictures pictures, List<Device> devices) {
    Regularisation more = settings.regularisation();
    expectSense(settings);
    Sequential network = Zoo.network(settings.model(), pictures);
    network.initialize(settings.initialization()).to(devices.getFirst());
    Dataset all = settings.limit() > 0 ? pictures.train().take(settings.limit()) : pictures.train();
    List<Dataset> split =
        all.split(settings.holdingOut(), all.size() - settings.validation(), settings.validation());
    Loader plain = split.get(0).shuffled(settings.shuffling()).batches(settings.batch());
    Loader training = more.mixup() > 0 ? plain.mixup(more.mixup(), settings.mixing()) : plain;
    Trainer trainer =
        new Trainer(network, new CrossEntropy(), optimizer(settings, network, training), training)
            .metrics(Metric.ACCURACY)
            .accumulate(more.accumulate())
            .precision(DType.valueOf(settings.precision().toUpperCase(Locale.ROOT)));
    Optional<LossScaler> scaler = when(settings.precision().equals("f16"), LossScaler::new);
    scaler.ifPresent(trainer::scale);
    if (devices.size() > 1) {
      trainer.replicas(devices.toArray(Device[]::new));
    }
    if (more.clip() > 0) {
      trainer.clipNorm(more.clip());
    }
    int heldOut = split.get(1).size();
    if (heldOut > 0) {
      trainer.validateOn(split.get(1).batches(EVALUATION_BATCH));
    }
    average(settings, trainer, training);
    Optional<Best> best = when(more.patience() > 0, () -> new Best(trainer, Watch.loss()));
    Optional<Snapshots> snapshots = when(more.snapshots() > 0, () -> new Snapshots(trainer));
    best.ifPresent(trainer::listen);
    snapshots.ifPresent(trainer::listen);
    if (more.patience() > 0) {
      trainer.listen(new EarlyStopping(Watch.loss(), more.patience()));
    }
    return new RunParts(trainer, training, heldOut, scaler, best, snapshots);
  }

  /// What only all settings together show.
  private static void expectSense(Settings settings) {
    Regularisation more = settings.regularisation();
    if (more.patience() > 0 && settings.validation() == 0) {
      throw new UserError(
          Message.of(
                  "train",
                  "--patience %d has no validation loss to wait for".formatted(more.patience()))
              .row("help", "hold pictures out with --validation N"));
    }
    if (more.average().equals(Regularisation.SWA)
        && Regularisation.beforeAveraging(settings.epochs()) == settings.epochs()) {
      throw new UserError(
          Message.of("train", "--average swa takes the last quarter of the epochs")
              .row("epochs", settings.epochs())
              .row("help", "--epochs 4 or more, or --average ema:0.999"));
    }
  }

  private static Adam optimizer(Settings settings, Layer network, Loader training) {
    Adam adam = new Adam(network.parameters()).learningRate(settings.rate(training.batches()));
    double maxNorm = settings.regularisation().maxNorm();
    return maxNorm > 0 ? adam.maxNorm(maxNorm) : adam;
  }

  private static void average(Settings settings, Trainer trainer, Loader training) {
    Regularisation more = settings.regularisation();
    if (more.average().isEmpty()) {
      return;
    }
    boolean mean = more.average().equals(Regularisation.SWA);
    int steps = Math.ceilDiv(training.batches(), more.accumulate());
    long skipped = (long) Regularisation.beforeAveraging(settings.epochs()) * steps;
    trainer.average(
        more.averageOf(trainer.model().parameters()), mean ? steps : 1, mean ? skipped : 0);
  }

  private static <T> Optional<T> when(boolean wanted, Supplier<T> made) {
    return wanted ? Optional.of(made.get()) : Optional.empty();
  }
}
