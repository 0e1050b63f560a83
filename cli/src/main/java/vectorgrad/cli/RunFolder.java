package vectorgrad.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import vectorgrad.tensor.Message;

/// The folder of a run.
///
/// | file | holds |
/// |------|-------|
/// | `settings.json` | the settings and seeds |
/// | `checkpoint.safetensors` | everything to go on from |
/// | `model.safetensors` | parameters and buffers alone |
/// | `ensemble.safetensors` | those of all snapshots, where there are some |
/// | `history.csv` | a line for each epoch |
/// | `curves.png` | the learning curves |
/// | `confusion.png` | which classes were taken for which |
/// | `profile.json` | when each kernel ran, where `--profile` asked for it |
///
/// @param path the folder
record RunFolder(Path path) {
  static final String CHECKPOINT = "checkpoint.safetensors";

  /// Makes the folder of a new run. Another run that lies there is not overwritten.
  static RunFolder fresh(Path path) {
    boolean saved = Files.exists(path.resolve(CHECKPOINT));
    if (saved || Files.exists(path.resolve("settings.json"))) {
      throw new UserError(
          Message.of("train", "another run lies in the folder")
              .row("folder", path)
              .row(
                  "help",
                  saved
                      ? "name another --out, or go on with it: --resume " + path.resolve(CHECKPOINT)
                      : "name another --out, or delete it: it ended before its first checkpoint"));
    }
    return writable(path);
  }

  /// The folder, made if need be, after trying to write there.
  static RunFolder writable(Path path) {
    try {
      Files.createDirectories(path);
      Path trial = path.resolve(".try." + ProcessHandle.current().pid());
      Files.write(trial, new byte[0]);
      Files.delete(trial);
      return new RunFolder(path);
    } catch (IOException e) {
      UserError error =
          new UserError(
              Message.of("train", "the folder of the run cannot be written")
                  .row("folder", path)
                  .row("help", "name another one with --out"));
      error.initCause(e);
      throw error;
    }
  }

  Path settings() {
    return path.resolve("settings.json");
  }

  Path checkpoint() {
    return path.resolve(CHECKPOINT);
  }

  Path model() {
    return path.resolve("model.safetensors");
  }

  Path ensemble() {
    return path.resolve("ensemble.safetensors");
  }

  Path history() {
    return path.resolve("history.csv");
  }

  Path profile() {
    return path.resolve("profile.json");
  }

  Path curves() {
    return path.resolve("curves.png");
  }

  Path confusion() {
    return path.resolve("confusion.png");
  }
}
