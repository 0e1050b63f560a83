package vectorgrad.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;

/// Makes pictures of the four IDX files of a data set: train pictures, train labels, test pictures,
/// test labels.
final class IdxFolder {
  private static final int WHITE = 255;

  private IdxFolder() {}

  /// The pictures in a folder about which nothing is known.
  static Pictures read(Path folder) throws IOException {
    PublishedFiles names = Mnist.FILES;
    List<Idx> contents = new ArrayList<>();
    for (Path file : names.locateAll(folder)) {
      contents.add(Idx.read(file).expectRank(names.files().get(contents.size()).rank()));
    }
    String source = "folder " + folder;
    for (PublishedFiles known : List.of(FashionMnist.FILES, Mnist.FILES)) {
      List<String> sums = known.files().stream().map(PublishedFiles.Entry::md5).toList();
      if (contents.stream().map(Idx::md5).toList().equals(sums)) {
        return assemble(known.name(), contents, known.classes(), new Origin(source, List.of()));
      }
    }
    String note = folder + " holds pictures of no published data set; they are used unverified";
    return assemble(
        folder.toAbsolutePath().normalize().getFileName().toString(),
        contents,
        numbered(contents),
        new Origin(source, List.of(note)));
  }

  /// As many class names as the largest label needs.
  private static List<String> numbered(List<Idx> contents) {
    int classes = 1;
    for (Idx labels : List.of(contents.get(1), contents.get(3))) {
      for (byte label : labels.values()) {
        classes = Math.max(classes, (label & 0xff) + 1);
      }
    }
    return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }

  static Pictures assemble(String name, List<Idx> contents, List<String> classes, Origin origin)
      throws DataException {
    Dataset train = dataset(contents.get(0), contents.get(1), classes);
    Dataset test = dataset(contents.get(2), contents.get(3), classes);
    if (!train.inputShape().equals(test.inputShape())) {
      throw new DataException(
          Message.of("data", "train and test pictures differ in size")
              .row("train", train.inputShape() + " in " + contents.get(0).file())
              .row("test", test.inputShape() + " in " + contents.get(2).file()),
          contents.get(2).file());
    }
    return new Pictures(name, train, test, origin);
  }

  private static Dataset dataset(Idx images, Idx labels, List<String> classes)
      throws DataException {
    if (images.shape().get(0) != labels.shape().get(0) || images.shape().size() == 0) {
      throw new DataException(
          Message.of("data", "every picture needs one label")
              .row("images", images.shape() + " in " + images.file())
              .row("labels", labels.shape() + " in " + labels.file()),
          labels.file());
    }
    int[] numbers = new int[labels.values().length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = labels.values()[i] & 0xff;
      if (numbers[i] >= classes.size()) {
        throw new DataException(
            Message.of("data", "label " + numbers[i] + " of picture " + i + " has no class")
                .row("file", labels.file())
                .row("rule", "labels are 0 to " + (classes.size() - 1)),
            labels.file());
      }
    }
    Shape picture = Shape.of(1, images.shape().get(1), images.shape().get(2));
    return Dataset.of(Samples.of(images.values(), picture, WHITE), numbers, classes);
  }
}
