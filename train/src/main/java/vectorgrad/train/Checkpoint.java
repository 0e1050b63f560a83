package vectorgrad.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import vectorgrad.data.Dataset;
import vectorgrad.data.Loader;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// Everything that a run needs to go on as if it had never stopped, to the bit.
///
/// | what | how |
/// |---|---|
/// | parameters, buffers (running statistics, the random streams of dropouts), what is frozen | put back |
/// | the optimizer's state and count of steps, that of its groups and of schedules with a memory | put back |
/// | averages of weights, the best weights, snapshots, how long patience lasts: [Companion]s | put back |
/// | the place in the data, the averages of the epoch in progress, the history | put back |
/// | the samples: their number, a checksum of sixteen of them; seed and batch size | compared; another one is refused |
/// | rates, decays, schedules, clipping, the loss, the layers' settings: the recipe | compared; another one is refused, except by [Trainer#branch] |
///
/// A recipe is text: records print their settings, functions do not, so that two schedules written
/// as lambdas look alike.
///
/// As a file it is a [Safetensors] one. The tensors are named `model.…`, `optimizer.…`,
/// `companion.…` and `history.losses`; the rest is JSON in the metadata, under `run` and
/// `settings`.
///
/// [Trainer#checkpoint] makes one and [Trainer#restore] takes one.
///
/// @param model the parameters and buffers by name
/// @param optimizer the optimizer's state by name
/// @param companions the states of companions, by their name and that of the tensor
/// @param run where the run stands
/// @param history what has happened
/// @param settings whatever else its writer must know to go on; nobody here reads it
public record Checkpoint(
    Map<String, Tensor> model,
    Map<String, Tensor> optimizer,
    Map<String, Tensor> companions,
    Run run,
    History history,
    String settings) {
  static final int VERSION = 2;
  static final String COMPANION = "companion.";
  private static final String MODEL = "model.";
  private static final String OPTIMIZER = "optimizer.";
  private static final String LOSSES = "history.losses";

  /// A loss may be infinite.
  private static final Gson JSON =
      new GsonBuilder().serializeSpecialFloatingPointValues().disableHtmlEscaping().create();

  /// Where a run stands.
  ///
  /// @param version the version of this format
  /// @param position how far the run is
  /// @param steps how many steps the optimizer has made
  /// @param order which batches are read
  /// @param recipe the settings by what they belong to
  /// @param frozen the names of frozen parameters
  /// @param epochs the finished epochs
  public record Run(
      int version,
      Position position,
      long steps,
      Order order,
      Map<String, String> recipe,
      List<String> frozen,
      List<History.Epoch> epochs) {
    /// Checks that nothing is missing, as it may come from a file.
    public Run {
      Objects.requireNonNull(position);
      Objects.requireNonNull(order);
      recipe = Collections.unmodifiableMap(new LinkedHashMap<>(recipe));
      frozen = List.copyOf(frozen);
      epochs = List.copyOf(epochs);
    }
  }

  /// Which batches are read: a run that goes on with others would not be the same run.
  ///
  /// @param samples the samples of an epoch
  /// @param checksum of sixteen of them, evenly spread
  /// @param batchSize the samples of a batch
  /// @param seed the key of the shuffling in hexadecimal, or `none`
  public record Order(int samples, String checksum, int batchSize, String seed) {
    private static final int CHECKED = 16;

    static Order of(Loader loader) {
      return new Order(
          loader.samples(),
          checksum(loader.data()),
          loader.batchSize(),
          loader.seed().map(seed -> Long.toHexString(seed.key())).orElse("none"));
    }

    private static String checksum(Dataset data) {
      int count = Math.min(CHECKED, data.size());
      int[] positions = new int[count];
      Arrays.setAll(positions, i -> (int) ((long) i * data.size() / count));
      Dataset some = data.select(positions);
      double[] targets = some.labels().to(DType.F64).toDoubles();
      return "%08x"
          .formatted(31 * Arrays.hashCode(some.inputs().toFloats()) + Arrays.hashCode(targets));
    }

    @Override
    public String toString() {
      return "%,d samples (%s) in batches of %,d, shuffled by %s"
          .formatted(samples, checksum, batchSize, seed);
    }
  }

  /// Writes the checkpoint: the whole of it, or nothing.
  public void write(Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    model.forEach((name, tensor) -> tensors.put(MODEL + name, tensor));
    optimizer.forEach((name, tensor) -> tensors.put(OPTIMIZER + name, tensor));
    companions.forEach((name, tensor) -> tensors.put(COMPANION + name, tensor));
    tensors.put(LOSSES, Tensor.of(history.losses()));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "vectorgrad checkpoint");
    metadata.put("run", JSON.toJson(run));
    metadata.put("settings", settings);
    new Safetensors(tensors, metadata).write(file);
  }

  /// Reads what [#write] wrote.
  ///
  /// @throws CheckpointException if there is no such file, or it is damaged or not a checkpoint
  public static Checkpoint read(Path file) throws IOException {
    Safetensors contents = Safetensors.read(file);
    Map<String, String> metadata = contents.metadata();
    Tensor losses = contents.tensors().get(LOSSES);
    if (!metadata.containsKey("run") || !metadata.containsKey("settings") || losses == null) {
      throw new CheckpointException(
          Message.of("checkpoint", "the file holds tensors, but not the state of a run")
              .row("file", file)
              .row(
                  "help",
                  "to go on, name a checkpoint.safetensors; other files hold weights only"));
    }
    expectVersion(file, metadata.get("run"));
    try {
      Run run = JSON.fromJson(metadata.get("run"), Run.class);
      return new Checkpoint(
          part(MODEL, contents.tensors()),
          part(OPTIMIZER, contents.tensors()),
          part(COMPANION, contents.tensors()),
          run,
          new History(run.epochs(), losses.toFloats()),
          metadata.get("settings"));
    } catch (RuntimeException e) {
      // Gson and the records tell apart many ways of being wrong; to a user they are one
      throw CheckpointException.damaged(file, "the state of the run cannot be read", e);
    }
  }

  /// Alone, since another version may have other fields.
  private record Version(int version) {}

  private static void expectVersion(Path file, String run) throws CheckpointException {
    int version;
    try {
      version = JSON.fromJson(run, Version.class).version();
    } catch (RuntimeException e) {
      throw CheckpointException.damaged(file, "the state of the run cannot be read", e);
    }
    if (version != VERSION) {
      throw new CheckpointException(
          Message.of("checkpoint", "the file has version " + version)
              .row("file", file)
              .row("rule", "this Vectorgrad reads version " + VERSION)
              .row("help", "its parameters are there: see Safetensors.read"));
    }
  }

  /// The tensors whose names begin with `prefix`, under what follows it.
  static Map<String, Tensor> part(String prefix, Map<String, Tensor> tensors) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> {
      if (name.startsWith(prefix)) {
        part.put(name.substring(prefix.length()), tensor);
      }
    });
    return part;
  }
}
