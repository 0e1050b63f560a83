package vectorgrad.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vectorgrad.data.DataUnavailableException;
import vectorgrad.data.Dataset;
import vectorgrad.data.Digits;
import vectorgrad.data.Loader;
import vectorgrad.data.Pictures;
import vectorgrad.data.Sources;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Models;
import vectorgrad.optim.Adam;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.train.Checkpoint;
import vectorgrad.train.Evaluation;
import vectorgrad.train.History;
import vectorgrad.train.RunFolder;
import vectorgrad.train.Trainer;

/// `vg train`: trains a network on pictures and reports.
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a network and reports its accuracy on the test pictures.",
      "",
      "Ctrl-C finishes the step, saves, and says how to go on."
    },
    version = Vg.VERSION,
    sortOptions = false)
final class TrainCommand implements Callable<Integer> {
  private static final String DEFAULT_DATA = "fashion-mnist";
  private static final int EVALUATION_BATCH = 256;
  private static final long SAVING_SECONDS = 30;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "MODEL",
      arity = "0..1",
      defaultValue = "lenet",
      description = "The network: lenet (the default).")
  private String model;

  @Option(
      names = "--data",
      paramLabel = "NAME|DIR",
      description =
          "mnist, fashion-mnist (the default), digits, or a folder with the four IDX files of such a set.")
  private Optional<String> data;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training pictures. Default 3.")
  private Optional<Integer> epochs;

  @Option(names = "--batch", paramLabel = "N", description = "Pictures a step. Default 64.")
  private Optional<Integer> batch;

  @Option(names = "--lr", paramLabel = "RATE", description = "Adam's learning rate. Default 0.001.")
  private Optional<Double> learningRate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Initial parameters, order and dropout follow from it. Default 1.")
  private Optional<Long> seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads; the result does not depend on it. Default: one a core.")
  private Optional<Integer> threads;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Uses the first N training pictures only.")
  private Optional<Integer> limit;

  @Option(
      names = "--validation",
      paramLabel = "N",
      description =
          "Holds N pictures out of the training ones; 0 trains on all. Default 5000, at most a twelfth.")
  private Optional<Integer> validation;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder of the run. Default runs/MODEL-DATA-TIME.")
  private Optional<Path> out;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description = "Goes on from a checkpoint, with its settings.")
  private Optional<Path> resume;

  private PrintWriter stdout;
  private PrintWriter stderr;

  @Override
  public Integer call() throws IOException {
    stdout = spec.commandLine().getOut();
    stderr = spec.commandLine().getErr();
    check();
    threads.ifPresent(Device::threads);
    note("Vectorgrad on " + Device.CPU.describe());

    Optional<Checkpoint> saved =
        resume.isPresent() ? Optional.of(Checkpoint.load(resume.get())) : Optional.empty();
    Optional<Settings> before = saved.map(checkpoint -> Settings.fromJson(checkpoint.settings()));
    refuseOtherSettings(before);
    Pictures pictures = pictures(before.map(Settings::data).or(() -> data));
    Settings settings = settings(pictures, before);
    refuseOtherData(settings, pictures);

    List<Dataset> parts = parts(pictures.train(), settings);
    Layer network = network(pictures).initialize(Seed.of(settings.seed()));
    Adam adam = new Adam(network.parameters()).learningRate(settings.learningRate());
    if (saved.isPresent()) {
      saved.get().restore(network, adam);
    }
    RunFolder folder = RunFolder.create(folder(settings));
    folder.settings(settings.toJson());
    note(
        "%s, %,d training pictures, %,d held out, %,d to test"
            .formatted(
                pictures.name(), parts.get(0).size(), parts.get(1).size(), pictures.test().size()));

    Loader loader =
        parts.get(0).shuffled(Seed.of(settings.seed()).fold(1)).batches(settings.batch());
    int classes = pictures.train().classes().size();
    Trainer trainer =
        new Trainer(network, adam, loader)
            .epochs(settings.epochs())
            .resume(saved.map(Checkpoint::progress).orElse(Checkpoint.Progress.START));
    if (parts.get(1).size() > 0) {
      trainer.validateOn(parts.get(1).batches(EVALUATION_BATCH), classes);
    }
    CountDownLatch ended = new CountDownLatch(1);
    Thread hook = new Thread(() -> interrupt(trainer, ended), "vg-interrupt");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return run(trainer, network, adam, folder, settings, pictures, loader);
    } finally {
      ended.countDown();
      stdout.flush();
      unhook(hook);
    }
  }

  private int run(
      Trainer trainer,
      Layer network,
      Adam adam,
      RunFolder folder,
      Settings settings,
      Pictures pictures,
      Loader loader)
      throws IOException {
    History history;
    try (var view = ProgressView.of(stderr, settings.epochs(), loader)) {
      trainer.listen(
          new Trainer.Listener() {
            @Override
            public void onStep(Trainer.Step step) {
              view.step(step);
            }

            @Override
            public void onEpoch(Trainer unused, History.Epoch epoch) {
              view.epoch(epoch);
            }
          });
      history = trainer.run();
    }
    String title = settings.model() + " on " + pictures.name();
    Checkpoint.save(folder.checkpoint(), network, adam, trainer.progress(), settings.toJson());
    folder.history(history, title);
    if (trainer.progress().epoch() < settings.epochs()) {
      note("stopped; go on with: vg train --resume " + folder.checkpoint());
      return 130;
    }
    int classes = pictures.train().classes().size();
    Evaluation test = Evaluation.of(network, pictures.test().batches(EVALUATION_BATCH), classes);
    folder.model(network);
    folder.confusion(test.confusion(), pictures.test().classes(), title + ": test pictures");
    note("test loss %.4f; the run is in %s".formatted(test.loss(), folder.path()));
    stdout.printf(Locale.ROOT, "test accuracy %.4f%n", test.accuracy());
    return 0;
  }

  /// Ctrl-C: lets the step finish, and the JVM live until everything is saved.
  private static void interrupt(Trainer trainer, CountDownLatch ended) {
    trainer.stop();
    try {
      if (!ended.await(SAVING_SECONDS, TimeUnit.SECONDS)) {
        System.getLogger("vectorgrad").log(System.Logger.Level.WARNING, "not saved in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      // it is the hook that made the run end; it returns now
      Thread.onSpinWait();
    }
  }

  // ---- settings -------------------------------------------------------------------------------

  private void check() {
    atLeast("--epochs", 1, epochs);
    atLeast("--batch", 1, batch);
    atLeast("--threads", 1, threads);
    atLeast("--limit", 1, limit);
    atLeast("--validation", 0, validation);
    if (learningRate.isPresent()
        && !(learningRate.get() > 0 && Double.isFinite(learningRate.get()))) {
      throw new Failures.UserError("--lr must be a positive number, found " + learningRate.get());
    }
    if (!model.equals("lenet")) {
      throw new Failures.UserError(
          Message.of("train", "there is no model \"" + model + "\"")
              .row("help", "one of: lenet")
              .toString());
    }
  }

  private static void atLeast(String flag, int least, Optional<Integer> value) {
    if (value.isPresent() && value.get() < least) {
      throw new Failures.UserError(flag + " must be at least " + least + ", found " + value.get());
    }
  }

  /// A resumed run keeps the settings that decide its result; more epochs may be asked for.
  private void refuseOtherSettings(Optional<Settings> before) {
    if (before.isEmpty()) {
      return;
    }
    Settings s = before.get();
    refuse("--batch", batch, s.batch());
    refuse("--lr", learningRate, s.learningRate());
    refuse("--seed", seed, s.seed());
    refuse("--limit", limit, s.limit());
    refuse("--validation", validation, s.validation());
  }

  private static <T> void refuse(String flag, Optional<T> asked, T saved) {
    if (asked.isPresent() && !asked.get().equals(saved)) {
      throw new Failures.UserError(
          Message.of("resume", flag + " " + asked.get() + " differs from the run's " + saved)
              .row("rule", "a resumed run keeps its settings; only --epochs may change")
              .toString());
    }
  }

  private Settings settings(Pictures pictures, Optional<Settings> before) {
    if (before.isPresent()) {
      Settings s = before.get();
      return new Settings(
          s.model(),
          s.data(),
          epochs.orElse(s.epochs()),
          s.batch(),
          s.learningRate(),
          s.seed(),
          s.limit(),
          s.validation());
    }
    int available = Math.min(pictures.train().size(), limit.orElse(Integer.MAX_VALUE));
    int heldOut = validation.orElse(Math.min(5000, available / 12));
    if (heldOut >= available) {
      throw new Failures.UserError(
          "--validation %d leaves nothing of %d training pictures".formatted(heldOut, available));
    }
    return new Settings(
        model,
        data.filter(name -> name.equals(pictures.name()) || Files.isDirectory(Path.of(name)))
            .orElse(pictures.name()),
        epochs.orElse(3),
        batch.orElse(64),
        learningRate.orElse(1e-3),
        seed.orElse(1L),
        limit.orElse(0),
        heldOut);
  }

  private static void refuseOtherData(Settings settings, Pictures pictures) {
    if (settings.validation() + 1 > pictures.train().size()) {
      throw new Failures.UserError(
          Message.of("resume", "the data set has only " + pictures.train().size() + " pictures")
              .row("data", settings.data())
              .toString());
    }
  }

  /// The pictures to learn from, and those held out.
  private static List<Dataset> parts(Dataset train, Settings settings) {
    Dataset limited =
        settings.limit() > 0 && settings.limit() < train.size()
            ? train.take(settings.limit())
            : train;
    int heldOut = settings.validation();
    return limited.split(Seed.of(settings.seed()).fold(2), limited.size() - heldOut, heldOut);
  }

  /// LeNet as it is for 28 × 28, its smaller relative for the digits.
  private static Layer network(Pictures pictures) {
    Shape shape = pictures.train().inputShape();
    if (shape.equals(Shape.of(1, 28, 28))) {
      return Models.leNet();
    }
    if (shape.equals(Shape.of(1, 8, 8))) {
      return Models.digits();
    }
    throw new Failures.UserError(
        Message.of("train", "lenet has no form for pictures of this size")
            .row("data", pictures.name() + " " + shape)
            .row("help", "it takes (1, 28, 28) and (1, 8, 8)")
            .toString());
  }

  private Pictures pictures(Optional<String> name) throws IOException {
    Sources sources = Sources.standard().heardBy(new DataView(stderr));
    try {
      return Pictures.named(name.orElse(DEFAULT_DATA), sources);
    } catch (DataUnavailableException e) {
      if (name.isPresent()) {
        throw e;
      }
      note(e.summary() + "; training on the embedded digits instead");
      return Digits.load();
    }
  }

  private Path folder(Settings settings) {
    if (out.isPresent()) {
      return out.get();
    }
    if (resume.isPresent()) {
      return resume.get().toAbsolutePath().getParent();
    }
    String time =
        LocalDateTime.now(ZoneId.systemDefault())
            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    String name = Path.of(settings.data()).getFileName().toString();
    return Path.of("runs", settings.model() + "-" + name + "-" + time);
  }

  private void note(String line) {
    stderr.println(line);
    stderr.flush();
  }
}
