package vectorgrad.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;

/// Digits: 1,797 handwritten digits, 8×8, grey. They are part of this module and need no file and
/// no network.
///
/// Source: E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits" (its test set), UCI
/// Machine Learning Repository, 1998, doi:10.24432/C50P49. Licence: CC BY 4.0, see `NOTICE.txt`
/// beside the file.
public final class Digits {
  static final String NAME = "digits";

  private static final String RESOURCE = "digits.csv.gz";
  private static final int COUNT = 1797;
  private static final int TRAIN = 1437;
  private static final int PIXELS = 64;
  private static final int FULL = 16;
  private static final List<String> CLASSES =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

  private Digits() {}

  /// 1,437 digits to train on and 360 to test with, divided at random and always alike.
  public static Pictures load() {
    List<Dataset> parts = all().split(Seed.of(0), TRAIN, COUNT - TRAIN);
    return new Pictures(
        NAME, parts.get(0), parts.get(1), new Origin("part of Vectorgrad", List.of()));
  }

  /// All digits in the order in which they were published.
  public static Dataset all() {
    byte[] pixels = new byte[COUNT * PIXELS];
    int[] labels = new int[COUNT];
    byte[] text = text();
    int at = 0;
    for (int sample = 0; sample < COUNT; sample++) {
      for (int i = 0; i <= PIXELS; i++) {
        int value = 0;
        while (text[at] >= '0') {
          value = 10 * value + text[at++] - '0';
        }
        at++; // the comma, or the end of the line
        if (i < PIXELS) {
          pixels[sample * PIXELS + i] = (byte) value;
        } else {
          labels[sample] = value;
        }
      }
    }
    return Dataset.of(Samples.of(pixels, Shape.of(1, 8, 8), FULL), labels, CLASSES);
  }

  private static byte[] text() {
    try (InputStream resource = Digits.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException("the resource " + RESOURCE + " is missing from the module");
      }
      return new GZIPInputStream(resource).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
