package vectorgrad.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import vectorgrad.tensor.Message;

/// What is published as one data set: the names, ranks, lengths and sums of its four IDX files, and
/// where the public keeps them.
///
/// @param name the name of the data set, and of its folder in the cache and on mirrors
/// @param classes what the labels mean, in their order
/// @param files train pictures, train labels, test pictures, test labels
/// @param mirrors folders on the web
/// @param debian the Debian package, if there is one
record PublishedFiles(
    String name,
    List<String> classes,
    List<Entry> files,
    List<URI> mirrors,
    Optional<DebianPackage> debian) {

  /// One IDX file.
  ///
  /// @param name its name without `.gz`
  /// @param rank its number of axes
  /// @param bytes its uncompressed length
  /// @param md5 the sum of its uncompressed content
  record Entry(String name, int rank, long bytes, String md5) {

    /// The name under which mirrors and the cache keep it.
    String compressedName() {
      return name + ".gz";
    }

    /// Finds this file in `folder` under any of its usual names.
    Optional<Path> locate(Path folder) {
      // Some copies in circulation write the last hyphen as a dot: train-images.idx3-ubyte.
      String dotted = name.replace("-idx", ".idx");
      return List.of(compressedName(), name, dotted + ".gz", dotted).stream()
          .map(folder::resolve)
          .filter(Files::isRegularFile)
          .findFirst();
    }

    /// Reads and verifies `file` as this one.
    Idx read(Path file) throws IOException {
      return Idx.read(file).expectRank(rank).expectMd5(md5);
    }
  }

  /// The four files of MNIST and everything shaped like it.
  static List<Entry> files(
      String trainImagesMd5, String trainLabelsMd5, String testImagesMd5, String testLabelsMd5) {
    return List.of(
        new Entry("train-images-idx3-ubyte", 3, 47_040_016, trainImagesMd5),
        new Entry("train-labels-idx1-ubyte", 1, 60_008, trainLabelsMd5),
        new Entry("t10k-images-idx3-ubyte", 3, 7_840_016, testImagesMd5),
        new Entry("t10k-labels-idx1-ubyte", 1, 10_008, testLabelsMd5));
  }

  /// Reads and verifies all files in `folder`.
  Pictures read(Path folder, Origin origin) throws IOException {
    List<Idx> contents = new ArrayList<>();
    for (Path file : locateAll(folder)) {
      contents.add(files.get(contents.size()).read(file));
    }
    return IdxFolder.assemble(name, contents, classes, origin);
  }

  /// Where the files lie in `folder`, in their order.
  ///
  /// @throws DataException that names the first one missing
  List<Path> locateAll(Path folder) throws DataException {
    List<Path> found = new ArrayList<>();
    for (Entry entry : files) {
      found.add(entry.locate(folder).orElseThrow(() -> missing(entry, folder)));
    }
    return found;
  }

  private static DataException missing(Entry entry, Path folder) {
    Path file = folder.resolve(entry.compressedName());
    boolean exists = Files.isDirectory(folder);
    return new DataException(
        Message.of("data", exists ? "a file is not in the folder" : "there is no such folder")
            .row("folder", folder)
            .row("wanted", entry.compressedName() + " or " + entry.name()),
        file);
  }
}
