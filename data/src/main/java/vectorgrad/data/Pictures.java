package vectorgrad.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import vectorgrad.tensor.Message;

/// Pictures with classes, to train on and to test with.
///
/// @param name the data set: `fashion-mnist`, `mnist`, `digits`, or the name of a folder
/// @param train the pictures to train on
/// @param test the pictures to test with
/// @param origin where they came from
public record Pictures(String name, Dataset train, Dataset test, Origin origin) {

  /// The pictures somebody names on a command line: `fashion-mnist`, `mnist`, `digits`, or a folder
  /// with four IDX files. For a folder with one of the three names write `./NAME`.
  ///
  /// @throws DataException if it is none of these, or a file in the folder is missing or damaged
  /// @throws DataUnavailableException if no source has the data set
  public static Pictures named(String nameOrFolder, Sources sources) throws IOException {
    return switch (nameOrFolder) {
      case FashionMnist.NAME -> FashionMnist.load(sources);
      case Mnist.NAME -> Mnist.load(sources);
      case Digits.NAME -> Digits.load();
      default -> {
        Path folder = Path.of(nameOrFolder);
        if (!Files.isDirectory(folder)) {
          throw new DataException(
              Message.of("data", "there is no data set and no folder \"" + nameOrFolder + "\"")
                  .row("known", String.join(", ", FashionMnist.NAME, Mnist.NAME, Digits.NAME))
                  .row("folder", folder.toAbsolutePath()),
              folder);
        }
        yield in(folder);
      }
    };
  }

  /// The pictures in a folder of four IDX files named like those of MNIST, compressed or not.
  ///
  /// If their content is that of a published data set, they get its name and classes. Otherwise the
  /// classes are named by their numbers, and the origin notes that nothing vouches for the content.
  ///
  /// @throws DataException if a file is missing or damaged, or they do not fit together
  public static Pictures in(Path folder) throws IOException {
    return IdxFolder.read(folder);
  }
}
