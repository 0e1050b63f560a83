package vectorgrad.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonSyntaxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import vectorgrad.nn.Layer;
import vectorgrad.optim.Optimizer;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// Everything that a training run needs to go on bit by bit: parameters, buffers (such as the state
/// of dropout), optimizer state, the place in the data, the history and the settings, in one
/// safetensors file.
///
/// @param tensors parameters and buffers as `model.…`, optimizer state as `optimizer.…`
/// @param progress how far the run is
/// @param settings the settings of the run, as JSON
public record Checkpoint(Map<String, Tensor> tensors, Progress progress, String settings) {
  /// A loss may be NaN, and a run without validation has none.
  private static final Gson GSON = new GsonBuilder().serializeSpecialFloatingPointValues().create();

  private static final String MODEL = "model.";
  private static final String OPTIMIZER = "optimizer.";

  /// How far a run is.
  ///
  /// @param epoch the epoch in progress, from 0
  /// @param batch the next batch in it, from 0
  /// @param optimizerSteps the steps that the optimizer has made
  /// @param running the sums of the epoch in progress
  /// @param history the finished epochs
  public record Progress(
      int epoch, int batch, long optimizerSteps, History.Running running, History history) {
    /// The start of a run.
    public static final Progress START = new Progress(0, 0, 0, History.Running.NONE, History.EMPTY);
  }

  /// The parameters and buffers of a model by name.
  public static Map<String, Tensor> tensorsOf(Layer model) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    model.namedParameters().forEach((name, p) -> tensors.put(name, p.value()));
    model.namedBuffers().forEach((name, b) -> tensors.put(name, b.value()));
    return tensors;
  }

  /// Writes the present state of a run, to a temporary name first.
  public static void save(
      Path file, Layer model, Optimizer optimizer, Progress progress, String settings)
      throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensorsOf(model).forEach((name, tensor) -> tensors.put(MODEL + name, tensor));
    optimizer.state().forEach((name, cell) -> tensors.put(OPTIMIZER + name, cell.value()));
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "vectorgrad checkpoint 1");
    metadata.put("progress", GSON.toJson(progress));
    metadata.put("settings", settings);
    Safetensors.write(file, tensors, metadata);
  }

  /// Reads what [#save] wrote.
  ///
  /// @throws CheckpointException if the file is damaged or no checkpoint
  public static Checkpoint load(Path file) throws IOException {
    Safetensors.Contents contents = Safetensors.read(file);
    String progress = contents.metadata().get("progress");
    String settings = contents.metadata().get("settings");
    if (progress == null || settings == null) {
      throw new CheckpointException(
          Message.of("checkpoint", "the file holds tensors but no state of a run")
              .row("file", file)
              .row(
                  "help",
                  "resume from checkpoint.safetensors; model.safetensors has parameters only"));
    }
    try {
      return new Checkpoint(contents.tensors(), GSON.fromJson(progress, Progress.class), settings);
    } catch (JsonSyntaxException e) {
      throw new CheckpointException(
          Message.of("checkpoint", "the state of the run cannot be read").row("file", file));
    }
  }

  /// Puts the tensors into `model` and `optimizer`.
  ///
  /// @throws CheckpointException with the table of differences if names are missing or left over or
  ///   shapes or dtypes differ; nothing is changed then
  public void restore(Layer model, Optimizer optimizer) throws CheckpointException {
    Map<String, Tensor> saved = part(MODEL);
    fits(tensorsOf(model), saved);
    try {
      optimizer.restore(part(OPTIMIZER), progress.optimizerSteps());
    } catch (IllegalArgumentException e) {
      throw new CheckpointException(
          Message.of("checkpoint", "the optimizer's state does not fit\n" + e.getMessage()));
    }
    model.namedParameters().forEach((name, p) -> p.set(saved.get(name).to(p.device())));
    model.namedBuffers().forEach((name, b) -> b.set(saved.get(name).to(b.value().device())));
  }

  /// Compares what a model has with what was saved.
  ///
  /// @throws CheckpointException with the table of differences if there are any
  static void fits(Map<String, Tensor> model, Map<String, Tensor> saved)
      throws CheckpointException {
    TreeSet<String> names = new TreeSet<>(model.keySet());
    names.addAll(saved.keySet());
    Message message =
        Message.of("checkpoint", "the saved tensors do not fit the model; nothing was loaded");
    boolean differs = false;
    for (String name : names) {
      String here = describe(model.get(name));
      String there = describe(saved.get(name));
      if (!here.equals(there)) {
        differs = true;
        message.row(name, "model " + here + ", saved " + there);
      }
    }
    if (differs) {
      throw new CheckpointException(
          message.row("help", "load it into the network it was saved from"));
    }
  }

  private static String describe(Tensor tensor) {
    return tensor == null ? "has none" : tensor.shape() + " " + tensor.dtype();
  }

  private Map<String, Tensor> part(String prefix) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> {
      if (name.startsWith(prefix)) {
        part.put(name.substring(prefix.length()), tensor);
      }
    });
    return part;
  }
}
