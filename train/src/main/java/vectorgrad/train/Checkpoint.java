package vectorgrad.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import vectorgrad.data.Loader;
import vectorgrad.nn.Parameterized;
import vectorgrad.optim.Optimizer;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Tensor;

/// Everything that a run needs to go on as if it had never stopped, to the bit: parameters and
/// buffers (the state of dropout among them), the optimizer's state, the place in the data and the
/// seed of its order, the averages of the epoch in progress, and the history.
///
/// As a file it is a [Safetensors] one. The tensors are named `model.…`, `optimizer.…` and
/// `history.losses`; the rest is JSON in the metadata, under `run` and `settings`.
///
/// [Trainer#checkpoint] makes one and [Trainer#restore] takes one.
///
/// @param model the parameters and buffers by name
/// @param optimizer the optimizer's state by name
/// @param run where the run stands
/// @param history what has happened
/// @param settings whatever else its writer must know to go on; nobody here reads it
public record Checkpoint(
    Map<String, Tensor> model,
    Map<String, Tensor> optimizer,
    Run run,
    History history,
    String settings) {
  private static final int VERSION = 1;
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
  /// @param optimizer the name of the optimizer
  /// @param steps how many steps it has made
  /// @param order which batches are read
  /// @param epochs the finished epochs
  public record Run(
      int version,
      Position position,
      String optimizer,
      long steps,
      Order order,
      List<History.Epoch> epochs) {
    /// Checks that nothing is missing, as it may come from a file.
    public Run {
      Objects.requireNonNull(position);
      Objects.requireNonNull(optimizer);
      Objects.requireNonNull(order);
      epochs = List.copyOf(epochs);
    }

    static Run of(Position position, Optimizer optimizer, Loader loader, History history) {
      return new Run(
          VERSION,
          position,
          optimizer.getClass().getSimpleName(),
          optimizer.steps(),
          Order.of(loader),
          history.epochs());
    }
  }

  /// Which batches are read: a run that goes on with others would not be the same run.
  ///
  /// @param samples the samples of an epoch
  /// @param batchSize the samples of a batch
  /// @param seed the key of the shuffling in hexadecimal, or `none`
  public record Order(int samples, int batchSize, String seed) {
    static Order of(Loader loader) {
      return new Order(
          loader.samples(),
          loader.batchSize(),
          loader.seed().map(seed -> Long.toHexString(seed.key())).orElse("none"));
    }

    @Override
    public String toString() {
      return "%,d samples in batches of %,d, shuffled by %s".formatted(samples, batchSize, seed);
    }
  }

  /// Writes the checkpoint: the whole of it, or nothing.
  public void write(Path file) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    model.forEach((name, tensor) -> tensors.put(MODEL + name, tensor));
    optimizer.forEach((name, tensor) -> tensors.put(OPTIMIZER + name, tensor));
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
    try {
      Run run = JSON.fromJson(metadata.get("run"), Run.class);
      if (run.version() != VERSION) {
        throw new CheckpointException(
            Message.of("checkpoint", "the file has version " + run.version())
                .row("file", file)
                .row("rule", "this Vectorgrad reads version " + VERSION));
      }
      return new Checkpoint(
          part(MODEL, contents),
          part(OPTIMIZER, contents),
          run,
          new History(run.epochs(), losses.toFloats()),
          metadata.get("settings"));
    } catch (RuntimeException e) {
      // Gson and the records tell apart many ways of being wrong; to a user they are one
      throw CheckpointException.damaged(file, "the state of the run cannot be read", e);
    }
  }

  private static Map<String, Tensor> part(String prefix, Safetensors contents) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    contents
        .tensors()
        .forEach((name, tensor) -> {
          if (name.startsWith(prefix)) {
            part.put(name.substring(prefix.length()), tensor);
          }
        });
    return part;
  }

  /// Puts the state back, or refuses and changes nothing.
  void restore(Parameterized present, Optimizer presentOptimizer, Loader loader)
      throws CheckpointException {
    Map<String, Tensor> wanted = new LinkedHashMap<>();
    Weights.of(present).forEach((name, tensor) -> wanted.put(MODEL + name, tensor));
    presentOptimizer.state().forEach((name, cell) -> wanted.put(OPTIMIZER + name, cell.value()));
    Map<String, Tensor> found = new LinkedHashMap<>();
    model.forEach((name, tensor) -> found.put(MODEL + name, tensor));
    optimizer.forEach((name, tensor) -> found.put(OPTIMIZER + name, tensor));
    Differences.refuse("checkpoint", wanted, found);
    refuse("another optimizer", presentOptimizer.getClass().getSimpleName(), run.optimizer());
    refuse("other batches", Order.of(loader), run.order());
    if (run.position().batch() > loader.batches()) {
      throw new CheckpointException(
          Message.of("checkpoint", "its next batch is " + run.position().batch())
              .row("rule", "an epoch has " + loader.batches() + " batches"));
    }
    presentOptimizer.restore(optimizer, run.steps());
    Weights.set(present, model);
  }

  private static void refuse(String what, Object here, Object there) throws CheckpointException {
    if (!here.equals(there)) {
      throw new CheckpointException(
          Message.of("checkpoint", "it belongs to a run with " + what + "; nothing was changed")
              .row("here", here)
              .row("file", there));
    }
  }
}
