package vectorgrad.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Fashion-MNIST: 60,000 + 10,000 pictures of clothes, 28×28, grey.
///
/// Source: H. Xiao, K. Rasul, R. Vollgraf, "Fashion-MNIST: a novel image dataset for benchmarking
/// machine learning algorithms", arXiv:1708.07747. Licence: MIT.
public final class FashionMnist {
  static final String NAME = "fashion-mnist";

  static final PublishedFiles FILES =
      new PublishedFiles(
          NAME,
          List.of(
              "T-shirt/top",
              "Trouser",
              "Pullover",
              "Dress",
              "Coat",
              "Sandal",
              "Shirt",
              "Sneaker",
              "Bag",
              "Ankle boot"),
          PublishedFiles.files(
              "f4a8712d7a061bf5bd6d2ca38dc4d50a",
              "9018921c3c673c538a1fc5bad174d6f9",
              "8181f5470baa50b63fa0f6fddb340f0a",
              "15d484375f8d13e6eb1aabb0c3f46965"),
          List.of(
              URI.create(
                  "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
              URI.create("https://storage.googleapis.com/tensorflow/tf-keras-datasets/")),
          Optional.of(
              DebianPackage.named(
                  "dataset-fashion-mnist", Path.of("/usr/share/datasets/fashion-mnist"))));

  private FashionMnist() {}

  /// Fashion-MNIST from the standard sources.
  ///
  /// @throws DataUnavailableException if none of them has it
  public static Pictures load() throws IOException {
    return load(Sources.standard());
  }

  /// Fashion-MNIST from the given sources.
  ///
  /// @throws DataException if they are a folder, and a file in it is missing or damaged
  /// @throws DataUnavailableException if none of them has it
  public static Pictures load(Sources sources) throws IOException {
    return Fetch.load(FILES, sources);
  }
}
