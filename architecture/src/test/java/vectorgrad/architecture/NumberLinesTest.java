package vectorgrad.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.FloatFormat;

/// The picture of the tour's chapter on halves is drawn by the formats themselves. When they
/// change, what this test draws takes the picture's place: it lies in `target`.
class NumberLinesTest {
  private static final List<FloatFormat> FORMATS =
      List.of(
          FloatFormat.FP32,
          FloatFormat.TF32,
          FloatFormat.BF16,
          FloatFormat.FP16,
          FloatFormat.E5M2,
          FloatFormat.E4M3);
  private static final int LEFT = 70;
  private static final int WIDTH = 680;
  private static final int ROW = 26;

  private final StringBuilder svg = new StringBuilder();

  private void draw(String element) {
    svg.append(element).append('\n');
  }

  /// A place in the picture, to a tenth.
  private static String at(double x) {
    return String.format(Locale.ROOT, "%.1f", x);
  }

  /// Powers of two from 2⁻¹⁵⁰ to 2¹³⁰.
  private static double power(double x) {
    return LEFT + WIDTH * (Math.log(x) / Math.log(2) + 150) / 280;
  }

  /// Numbers from 0 to 4.
  private static double number(double x) {
    return LEFT + WIDTH * x / 4;
  }

  private String picture() {
    draw(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 780 360"
          font-family="DejaVu Sans, Helvetica, sans-serif" font-size="12">
        <rect width="780" height="360" fill="#ffffff"/>\
        """);
    int y = 24;
    title(y, "how far they reach: normal numbers, and subnormal ones in a lighter colour");
    y += 10;
    for (FloatFormat format : FORMATS) {
      draw("<text x=\"12\" y=\"%d\">%s</text>".formatted(y + 16, format.name()));
      bar(format.minSubnormal(), format.minNormal(), y, "#9ecae1");
      bar(format.minNormal(), format.max(), y, "#3182bd");
      y += ROW;
    }
    for (int e = -150; e <= 120; e += 30) {
      String x = at(power(Math.scalb(1.0, e)));
      draw(
          "<line x1=\"%s\" y1=\"34\" x2=\"%s\" y2=\"%d\" stroke=\"#ccc\"/>".formatted(x, x, y + 2));
      label(x, y + 18, "2<tspan dy=\"-4\" font-size=\"8\">" + e + "</tspan>");
    }
    y += 56;
    title(y, "how dense they are: every number from 0 to 4");
    y += 10;
    for (FloatFormat format : List.of(FloatFormat.BF16, FloatFormat.E4M3, FloatFormat.E5M2)) {
      draw("<text x=\"12\" y=\"%d\">%s</text>".formatted(y + 16, format.name()));
      StringBuilder ticks = new StringBuilder();
      double last = -1;
      for (double x = 0; x <= 4; x = format.next(x)) {
        if (number(x) - last > 0.4) { // what is nearer is not seen
          ticks.append("M").append(at(number(x))).append(" ").append(y + 2).append("v18");
          last = number(x);
        }
      }
      draw("<path d=\"%s\" stroke=\"#3182bd\" stroke-width=\"0.8\"/>".formatted(ticks));
      y += ROW;
    }
    for (int n = 0; n <= 4; n++) {
      label(at(number(n)), y + 16, Integer.toString(n));
    }
    draw("</svg>");
    return svg.toString();
  }

  private void title(int y, String text) {
    draw("<text x=\"%d\" y=\"%d\" fill=\"#666\">%s</text>".formatted(LEFT, y, text));
  }

  private void label(String x, int y, String text) {
    String style = "text-anchor=\"middle\" fill=\"#666\" font-size=\"11\"";
    draw("<text x=\"%s\" y=\"%d\" %s>%s</text>".formatted(x, y, style, text));
  }

  private void bar(double from, double to, int y, String color) {
    String width = at(power(to) - power(from));
    draw(
        "<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"16\" fill=\"%s\"/>"
            .formatted(at(power(from)), y + 3, width, color));
  }

  @Test
  void thePictureOfTheTourIsTheOneTheFormatsDraw() throws IOException {
    String picture = picture();
    Path drawn = Path.of("target", "number-lines.svg");
    Files.createDirectories(drawn.getParent());
    Files.writeString(drawn, picture);
    Path shown = House.root().resolve("docs").resolve("tour").resolve("number-lines.svg");
    assertEquals(Files.readString(shown).replace("\r", ""), picture, () -> "see " + drawn);
  }
}
