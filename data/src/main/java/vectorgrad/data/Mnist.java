package vectorgrad.data;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// MNIST: 60,000 + 10,000 handwritten digits, 28×28, grey.
///
/// Source: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document
/// recognition", 1998.
public final class Mnist {
  static final String NAME = "mnist";

  static final PublishedFiles FILES =
      new PublishedFiles(
          NAME,
          List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
          PublishedFiles.files(
              "6bbc9ace898e44ae57da46a324031adb",
              "a25bea736e30d166cdddb491f175f624",
              "2646ac647ad5339dbf082846283269ea",
              "27ae3e4e09519cfbb04c329615203637"),
          List.of(
              URI.create("https://ossci-datasets.s3.amazonaws.com/mnist/"),
              URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/")),
          Optional.empty());

  private Mnist() {}

  /// MNIST from the standard sources.
  ///
  /// @throws DataUnavailableException if none of them has it
  public static Pictures load() throws IOException {
    return load(Sources.standard());
  }

  /// MNIST from the given sources.
  ///
  /// @throws DataException if they are a folder, and a file in it is missing or damaged
  /// @throws DataUnavailableException if none of them has it
  public static Pictures load(Sources sources) throws IOException {
    return Fetch.load(FILES, sources);
  }
}
