package vectorgrad.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import vectorgrad.nn.Layer;
import vectorgrad.tensor.Message;

/// The folder of a run: what it was, what happened, and what came out.
///
/// | file | holds |
/// |------|-------|
/// | `settings.json` | the settings and seeds |
/// | `checkpoint.safetensors` | everything to go on from |
/// | `model.safetensors` | parameters and buffers alone |
/// | `history.csv` | a line for each epoch |
/// | `curves.png` | the learning curves |
/// | `confusion.png` | which classes were taken for which |
///
/// @param path the folder
public record RunFolder(Path path) {

  /// Creates the folder, or takes one that is there.
  ///
  /// @throws IOException naming the folder if it cannot be written
  public static RunFolder create(Path path) throws IOException {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw notWritable(path, e);
    }
    if (!Files.isDirectory(path) || !Files.isWritable(path)) {
      throw notWritable(path, null);
    }
    return new RunFolder(path);
  }

  private static IOException notWritable(Path path, IOException cause) {
    return new IOException(
        Message.of("run", "the folder cannot be written")
            .row("folder", path)
            .row("help", "choose another one with --out")
            .toString(),
        cause);
  }

  /// Where everything to go on from is kept.
  public Path checkpoint() {
    return path.resolve("checkpoint.safetensors");
  }

  /// Writes the settings, as JSON.
  public void settings(String json) throws IOException {
    SafeFile.write(path.resolve("settings.json"), json + "\n");
  }

  /// Writes the parameters and buffers.
  public void model(Layer model) throws IOException {
    Safetensors.write(
        path.resolve("model.safetensors"),
        Checkpoint.tensorsOf(model),
        Map.of("format", "vectorgrad"));
  }

  /// Writes the history and its picture.
  public void history(History history, String title) throws IOException {
    SafeFile.write(path.resolve("history.csv"), history.toCsv());
    Plots.curves(history, title, path.resolve("curves.png"));
  }

  /// Writes the picture of the confusion.
  public void confusion(Evaluation.Confusion confusion, List<String> classes, String title)
      throws IOException {
    Plots.confusion(confusion, classes, title, path.resolve("confusion.png"));
  }
}
