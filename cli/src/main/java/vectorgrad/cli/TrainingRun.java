package vectorgrad.cli;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import vectorgrad.data.DataUnavailableException;
import vectorgrad.data.Digits;
import vectorgrad.data.Loader;
import vectorgrad.data.Pictures;
import vectorgrad.data.SafeFile;
import vectorgrad.data.Sources;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Layer;
import vectorgrad.optim.LossScaler;
import vectorgrad.tensor.Device;
import vectorgrad.train.Best;
import vectorgrad.train.Checkpoint;
import vectorgrad.train.ConfusionPlot;
import vectorgrad.train.Evaluation;
import vectorgrad.train.History;
import vectorgrad.train.LearningCurves;
import vectorgrad.train.Metric;
import vectorgrad.train.Profile;
import vectorgrad.train.Snapshots;
import vectorgrad.train.Trainer;
import vectorgrad.train.Weights;

/// A training from the data to the files it leaves behind.
///
/// Standard output gets what the run found out, ending with the test accuracy; standard error gets
/// how far it is and what went wrong.
final class TrainingRun implements AutoCloseable {
  private static final String DEFAULT_DATA = "fashion-mnist";
  private static final int MOST_COLUMNS = 120;

  private final PrintWriter out;
  private final PrintWriter err;
  private final Terminal terminal;
  private final List<Device> devices;
  private final Optional<Profile> profile;
  private final Optional<Path> asked;

  /// @param all one for each replica
  /// @param profiled whether to show what ran on the first device
  /// @param asked the folder of the run, if somebody named one
  TrainingRun(
      PrintWriter out,
      PrintWriter err,
      Terminal terminal,
      List<Device> all,
      boolean profiled,
      Optional<Path> asked) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    Device first = all.getFirst();
    this.profile = profiled ? Optional.of(Profile.of(first)) : Optional.empty();
    Device heard = profile.map(Profile::device).orElse(first);
    this.devices = all.stream().map(device -> device == first ? heard : device).toList();
    this.asked = asked;
    if (devices.size() == 1) {
      say(Vg.Version.text() + " on " + devices.getFirst().describe());
    } else {
      say(Vg.Version.text() + ", replicas on");
      devices.forEach(device -> say("  " + device + ": " + device.describe()));
    }
  }

  /// Trains from the beginning.
  ///
  /// @param data the data set, if somebody named one
  /// @param settings makes the settings of the data set's name and the number of its training
  ///   pictures
  /// @return the exit code
  int start(
      Optional<String> data,
      BiFunction<String, Integer, Settings> settings,
      Supplier<Interruption> interruption)
      throws IOException {
    Pictures pictures = pictures(data);
    String name =
        data.filter(TrainingRun::isFolder).map(TrainingRun::settled).orElse(pictures.name());
    Settings chosen = settings.apply(name, pictures.train().size());
    return new Work(chosen, pictures).run(Optional.empty(), interruption);
  }

  /// Goes on from a checkpoint.
  ///
  /// @return the exit code
  int resume(
      Settings settings, Checkpoint checkpoint, Path file, Supplier<Interruption> interruption)
      throws IOException {
    Work work = new Work(settings, pictures(Optional.of(settings.data())));
    work.trainer.restore(checkpoint);
    return work.run(Optional.of(file), interruption);
  }

  private static boolean isFolder(String data) {
    return Files.isDirectory(Path.of(data));
  }

  /// The name of a data set, or where its folder is, whatever folder one is in.
  static String settled(String data) {
    return isFolder(data) ? Path.of(data).toAbsolutePath().normalize().toString() : data;
  }

  /// The pictures; digits where the usual ones are nowhere to be had and no others were asked for.
  private Pictures pictures(Optional<String> data) throws IOException {
    try (DataView view = new DataView(err, terminal)) {
      Pictures pictures =
          Pictures.named(data.orElse(DEFAULT_DATA), Sources.standard().heardBy(view));
      pictures.origin().notes().forEach(err::println);
      return pictures;
    } catch (DataUnavailableException e) {
      if (data.isPresent()) {
        throw e;
      }
      err.println(e.summary() + "; training on the embedded digits instead");
      return Digits.load();
    }
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
    err.flush();
  }

  /// A run with its parts.
  private final class Work {
    private final Settings settings;
    private final Pictures pictures;
    private final RunParts parts;
    private final Trainer trainer;

    Work(Settings settings, Pictures pictures) {
      this.settings = settings;
      this.pictures = pictures;
      this.parts = RunParts.of(settings, pictures, devices);
      this.trainer = parts.trainer();
    }

    private String title() {
      return settings.model() + " on " + pictures.name();
    }

    int run(Optional<Path> checkpoint, Supplier<Interruption> interruption) throws IOException {
      RunFolder folder = folder(checkpoint);
      describe(folder);
      try (Interruption interrupted = interruption.get()) {
        trainer.stopWhen(interrupted);
        if (!train(folder)) {
          return stopped(folder);
        }
        parts.scaler().ifPresent(this::tell);
        Optional<Evaluation> test = test();
        if (test.isEmpty()) {
          return stopped(folder);
        }
        report(folder, test.get());
        return 0;
      }
    }

    private void tell(LossScaler scaler) {
      say(
          String.format(
              Locale.ROOT,
              "f16: %,d of %,d steps overflowed and were skipped, the scale ended at %,.0f",
              scaler.skipped(),
              scaler.steps(),
              scaler.scale()));
    }

    /// Of what the run leaves behind: the snapshots together, the best epoch, or the last one.
    private Optional<Evaluation> test() {
      Loader test = pictures.test().batches(RunParts.EVALUATION_BATCH);
      if (parts.best().isPresent()) {
        Best best = parts.best().get();
        say(
            "epoch %d was the best of %d"
                .formatted(best.epoch(), trainer.history().epochs().size()));
        return best.evaluate(test);
      }
      Optional<Evaluation> last = trainer.evaluate(test);
      if (last.isEmpty() || parts.snapshots().isEmpty()) {
        return last;
      }
      Snapshots snapshots = parts.snapshots().get();
      say(
          String.format(
              Locale.ROOT,
              "the last of %d snapshots has a test accuracy of %.4f alone; together:",
              snapshots.taken().size(),
              last.get().averages().accuracy()));
      return Optional.of(
          Evaluation.of(snapshots.ensemble(), new CrossEntropy(), test, Metric.ACCURACY));
    }

    private RunFolder folder(Optional<Path> checkpoint) {
      if (checkpoint.isPresent()) {
        Path own = checkpoint.get().toAbsolutePath().getParent();
        return asked.isEmpty() || asked.get().toAbsolutePath().normalize().equals(own.normalize())
            ? RunFolder.writable(asked.orElse(own))
            : RunFolder.fresh(asked.get());
      }
      return RunFolder.fresh(
          asked.orElseGet(() -> {
            String time =
                LocalDateTime.now(ZoneId.systemDefault())
                    .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
            return Path.of("runs", settings.model() + "-" + pictures.name() + "-" + time);
          }));
    }

    private void describe(RunFolder folder) throws IOException {
      say(
          "%s, %s: %,d pictures to train on, %,d held out, %,d to test"
              .formatted(
                  pictures.name(),
                  pictures.origin().source(),
                  parts.training().samples(),
                  parts.heldOut(),
                  pictures.test().size()));
      say(
          "%s, %,d parameters, into %s"
              .formatted(settings.model(), trainer.model().parameterCount(), folder.path()));
      JsonObject more = new JsonObject();
      more.addProperty("pictures", pictures.origin().source());
      more.addProperty("parameters", trainer.model().parameterCount());
      more.addProperty(
          "device", devices.stream().map(Device::describe).collect(Collectors.joining("; ")));
      more.addProperty("threads", Device.threads());
      more.addProperty("java", Runtime.version().toString());
      more.addProperty("version", Vg.Version.text());
      SafeFile.write(folder.settings(), settings.toJson(more));
    }

    /// Whether all epochs are done.
    private boolean train(RunFolder folder) throws IOException {
      try (ProgressView view =
          ProgressView.of(out, err, terminal, settings.epochs(), parts.training())) {
        trainer.listen(view).listen(new Saving(folder));
        return trainer.run(settings.epochs());
      }
    }

    private int stopped(RunFolder folder) throws IOException {
      save(folder);
      showProfile(folder);
      draw(() -> LearningCurves.write(trainer.history(), title(), folder.curves()));
      say("stopped and saved; go on with: vg train --resume " + folder.checkpoint());
      return Vg.INTERRUPTED;
    }

    private void report(RunFolder folder, Evaluation test) throws IOException {
      save(folder);
      Map<String, String> metadata =
          Map.of(
              "format", "vectorgrad weights",
              "network", settings.model(),
              "data", pictures.name(),
              "classes", String.join("\n", pictures.test().classes()));
      if (parts.best().isPresent()) {
        parts.best().get().write(folder.model(), metadata);
      } else {
        trainer.inUse(() -> written(trainer.model(), folder.model(), metadata));
      }
      if (parts.snapshots().isPresent()) {
        written(parts.snapshots().get().ensemble(), folder.ensemble(), metadata);
      }
      String accuracy =
          String.format(Locale.ROOT, "test accuracy %.4f", test.averages().accuracy());
      draw(() -> LearningCurves.write(trainer.history(), title(), folder.curves()));
      if (test.confusion().isPresent()) {
        draw(() ->
            ConfusionPlot.write(
                test.confusion().get(), title() + ": " + accuracy, folder.confusion()));
      }
      showProfile(folder);
      devices.forEach(
          device -> device.backend().fallbacks().forEach(line -> say(device + ": " + line)));
      say(
          String.format(
              Locale.ROOT, "test loss %.4f, files in %s", test.averages().loss(), folder.path()));
      say(accuracy);
    }

    private void showProfile(RunFolder folder) throws IOException {
      if (profile.isPresent()) {
        int width = Math.min(terminal.width(), MOST_COLUMNS);
        say(profile.get().table(width));
        profile.get().writeTrace(folder.profile());
        say("when each kernel ran: " + folder.profile() + ", for ui.perfetto.dev");
      }
    }

    private Path written(Layer weights, Path file, Map<String, String> metadata) {
      try {
        Weights.write(weights, file, metadata);
        return file;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void save(RunFolder folder) throws IOException {
      trainer.checkpoint(settings.toJson()).write(folder.checkpoint());
      trainer.history().write(folder.history());
    }

    /// A run without pictures is still a run.
    private void draw(Drawing drawing) {
      try {
        drawing.draw();
      } catch (IOException e) {
        err.println(e.getMessage());
      }
    }

    /// Saves after each epoch.
    private final class Saving implements Trainer.Listener {
      private final RunFolder folder;

      Saving(RunFolder folder) {
        this.folder = folder;
      }

      @Override
      public void onEpoch(History.Epoch epoch) {
        try {
          save(folder);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  /// Something that makes a picture.
  @FunctionalInterface
  private interface Drawing {
    void draw() throws IOException;
  }
}
