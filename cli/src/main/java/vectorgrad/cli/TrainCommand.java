package vectorgrad.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import vectorgrad.optim.Schedule;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.train.Checkpoint;

/// `vg train`: its options and what they may be. The work is done by [TrainingRun].
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a network on pictures and reports its accuracy on the test pictures, alone in the last line.",
      "",
      "Ctrl-C finishes the step, saves, and says how to go on."
    },
    versionProvider = Vg.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true)
final class TrainCommand implements Callable<Integer> {
  private static final int EPOCHS = 3;
  private static final int EPOCHS_OF_FEW = 30; // fewer than FEW pictures need more passes
  private static final int FEW = 10_000;
  private static final int BATCH = 64;
  private static final double LEARNING_RATE = 1e-3;
  private static final long SEED = 1;
  private static final List<String> PRECISIONS = List.of("f32", "bf16", "f16");

  private final Supplier<Interruption> interruption;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "NETWORK",
      arity = "0..1",
      description = {
        "lenet (the default): LeNet, or a smaller relative for pictures of 8×8.",
        "mlp: one hidden layer of 128 units."
      })
  private Optional<String> model;

  @Option(
      names = "--data",
      paramLabel = "NAME|DIR",
      description =
          "fashion-mnist (the default), mnist, digits, or a folder with the four IDX files of such a set.")
  private Optional<String> data;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "Passes over the training pictures. Default: "
              + EPOCHS
              + ", or "
              + EPOCHS_OF_FEW
              + " for sets as small as the digits.")
  private Optional<Integer> epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Pictures in a batch. Default: " + BATCH + ".")
  private Optional<Integer> batch;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "Learning rate of Adam. Default: " + LEARNING_RATE + ".")
  private Optional<Double> learningRate;

  @Option(
      names = "--schedule",
      paramLabel = "TEXT",
      description = {
        "How the learning rate goes on from there, as vg schedule shows it:",
        "\"warmup(500) then cosine(2000)\". Default: as it is."
      })
  private Optional<String> schedule;

  @Option(
      names = "--precision",
      paramLabel = "DTYPE",
      description = {
        "Computes products in bf16, f16 or f32, the default. Weights stay in f32; for f16 the loss is",
        "scaled, and steps that overflow are skipped."
      })
  private Optional<String> precision;

  @Mixin private RegularisationOptions regularisation;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Initial parameters, order and dropout follow from it. Default: " + SEED + ".")
  private Optional<Long> seed;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Uses the first N training pictures only.")
  private Optional<Integer> limit;

  @Option(
      names = "--validation",
      paramLabel = "N",
      description =
          "Holds N training pictures out to validate on; 0 trains on all. Default: 5000, at most a twelfth.")
  private Optional<Integer> validation;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "The result does not depend on it. Default: one for each core.")
  private Optional<Integer> threads;

  @Option(
      names = "--device",
      paramLabel = "NAME[,NAME…]",
      defaultValue = "cpu",
      description = {
        "Where to compute: cpu (the default), opencl:0, opencl:1, … for what vg doctor lists,",
        "best for a GPU if there is one, or reference, slow and plain.",
        "Several, as opencl:0,opencl:1, share each batch: a replica of the network learns on each,",
        "and their gradients are averaged."
      })
  private String device;

  @Option(
      names = "--fallback",
      description = {
        "Lets the processor compute what an OpenCL device cannot, and tells what that was;",
        "without it, that is an error."
      })
  private boolean fallback;

  @Option(
      names = "--profile",
      description = {
        "Shows which kernels took how long, and writes when each ran to profile.json in the folder",
        "of the run, for ui.perfetto.dev or chrome://tracing. Of several devices, those of the first."
      })
  private boolean profile;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The folder of the run. Default: runs/NETWORK-DATA-TIME.")
  private Optional<Path> out;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description = {
        "Goes on from a checkpoint, with its settings and in its folder.",
        "--epochs may ask for more."
      })
  private Optional<Path> resume;

  TrainCommand() {
    this(Interruption::listen);
  }

  TrainCommand(Supplier<Interruption> interruption) {
    this.interruption = interruption;
  }

  @Override
  public Integer call() throws IOException {
    atLeast("--epochs", 1, epochs);
    atLeast("--batch", 1, batch);
    atLeast("--limit", 1, limit);
    atLeast("--validation", 0, validation);
    atLeast("--threads", 1, threads);
    positive("--lr", learningRate);
    regularisation.check();
    precision.ifPresent(TrainCommand::expectPrecision);
    schedule.ifPresent(TrainCommand::expectSchedule);
    if (schedule.isPresent() && regularisation.chosen().snapshots() > 0) {
      throw new UserError(
          Message.of("train", "--snapshots and --schedule do not go together")
              .row("rule", "the learning rate falls once for every snapshot, along a cosine"));
    }
    model.ifPresent(Zoo::named);
    if (fallback) {
      System.setProperty("vectorgrad.opencl.fallback", "true");
    }
    List<Device> devices = devices(device);
    threads.ifPresent(Device::threads);
    try (TrainingRun run =
        new TrainingRun(
            spec.commandLine().getOut(),
            spec.commandLine().getErr(),
            Terminal.ofStandardError(),
            devices,
            profile,
            out)) {
      return resume.isPresent() ? resume(run, resume.get()) : start(run);
    }
  }

  /// The devices of a list of names.
  private static List<Device> devices(String names) {
    return Arrays.stream(names.split(",", -1))
        .map(name -> {
          if (name.isBlank()) {
            throw new UserError(
                Message.of("train", "--device has an empty name, found \"" + names + "\"")
                    .row("help", "names with commas between them: --device opencl:0,opencl:1"));
          }
          return Device.named(name.strip());
        })
        .toList();
  }

  private static void expectSchedule(String text) {
    try {
      Schedule.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UserError(e);
    }
  }

  private static void expectPrecision(String name) {
    if (!PRECISIONS.contains(name)) {
      throw new UserError(
          Message.of("train", "--precision is f32, bf16 or f16, found \"" + name + "\"")
              .row("help", "bf16 reaches as far as f32; f16 has three more bits of fraction"));
    }
  }

  static void positive(String flag, Optional<Double> value) {
    if (value.isPresent() && !(value.get() > 0 && Double.isFinite(value.get()))) {
      throw new UserError("train", flag + " must be a positive number, found " + value.get());
    }
  }

  static void atLeast(String flag, int least, Optional<Integer> value) {
    if (value.isPresent() && value.get() < least) {
      throw new UserError("train", flag + " must be at least " + least + ", found " + value.get());
    }
  }

  private int start(TrainingRun run) throws IOException {
    return run.start(
        data,
        (name, available) ->
            new Settings(
                model.map(Zoo::named).orElse(Zoo.LENET),
                name,
                epochs.orElse(available < FEW ? EPOCHS_OF_FEW : EPOCHS),
                batch.orElse(BATCH),
                learningRate.orElse(LEARNING_RATE),
                schedule.orElse(""),
                precision.orElse(PRECISIONS.getFirst()),
                seed.orElse(SEED),
                limit.orElse(0),
                heldOut(Math.min(available, limit.orElse(available))),
                regularisation.chosen()),
        interruption);
  }

  /// How many of the training pictures are held out: as asked for, or 5,000 of 60,000 and as many
  /// of fewer.
  private int heldOut(int available) {
    int heldOut = validation.orElse(Math.min(5000, available / 12));
    if (heldOut >= available) {
      throw new UserError(
          Message.of("train", "--validation %,d leaves nothing to train on".formatted(heldOut))
              .row("rule", "there are %,d training pictures".formatted(available)));
    }
    return heldOut;
  }

  private int resume(TrainingRun run, Path named) throws IOException {
    Path file = Files.isDirectory(named) ? named.resolve(RunFolder.CHECKPOINT) : named;
    Checkpoint checkpoint = Checkpoint.read(file);
    Settings saved = Settings.fromJson(checkpoint.settings(), file);
    same("NETWORK", model.map(Zoo::named), saved.model());
    same("--data", data.map(TrainingRun::settled), saved.data());
    same("--batch", batch, saved.batch());
    same("--lr", learningRate, saved.learningRate());
    same("--schedule", schedule, saved.schedule());
    same("--precision", precision, saved.precision());
    same("--seed", seed, saved.seed());
    same("--limit", limit, saved.limit());
    same("--validation", validation, saved.validation());
    regularisation.expectSame(saved.regularisation());
    int done = checkpoint.run().epochs().size();
    if (epochs.isPresent() && epochs.get() < done) {
      throw new UserError(
          Message.of("resume", "--epochs %d is less than what is done".formatted(epochs.get()))
              .row("file", file)
              .row("epochs", done + " done"));
    }
    boolean cycles = saved.regularisation().snapshots() > 0;
    boolean mean = saved.regularisation().average().equals(Regularisation.SWA);
    if ((cycles || mean) && epochs.isPresent() && epochs.get() != saved.epochs()) {
      throw new UserError(
          Message.of(
                  "resume",
                  "--epochs %d differs from the run's %d".formatted(epochs.get(), saved.epochs()))
              .row(
                  "rule",
                  cycles
                      ? "the cycles of --snapshots are as long as the run"
                      : "--average swa takes the last quarter of the run"));
    }
    return run.resume(
        saved.withEpochs(epochs.orElse(saved.epochs())), checkpoint, file, interruption);
  }

  static <T> void same(String flag, Optional<T> asked, T saved) {
    if (asked.isPresent() && !asked.get().equals(saved)) {
      boolean none =
          saved.equals("") || (saved instanceof Number number && number.doubleValue() == 0);
      throw new UserError(
          Message.of(
                  "resume",
                  none
                      ? "the run has no " + flag
                      : "%s %s differs from the run's %s".formatted(flag, asked.get(), saved))
              .row("rule", "a run keeps its settings; only --epochs may change"));
    }
  }
}
