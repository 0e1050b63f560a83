package vectorgrad.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import vectorgrad.data.SafeFile;

/// An SVG picture on a white card, so that it can be read on a dark page too: bars, lines and
/// words, on as much paper as they need.
final class Drawing {
  static final int WIDTH = 900;
  static final int MARGIN = 24;
  static final String INK = "#24292f";
  static final String QUIET = "#6e7781";
  static final String PALE = "#d8dee4";
  static final String OURS = "#2166ac";
  static final String THEIRS = "#e07b18";
  static final String PAPER = "#ffffff";

  private static final int FIRST_LINE = 32;
  private static final int SECOND_LINE = 52;

  private final StringBuilder parts = new StringBuilder();

  /// Where a text is held.
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  /// Begins with a title, and a line on where it was measured; the rest has its place from [#TOP]
  /// on.
  static Drawing of(String title, String origin) {
    var drawing = new Drawing();
    drawing.text(title, MARGIN, FIRST_LINE, 17, INK, true, Anchor.START);
    drawing.text(origin, MARGIN, SECOND_LINE, 12, QUIET, false, Anchor.START);
    return drawing;
  }

  /// Below title and origin.
  static final int TOP = 72;

  void bar(double x, double y, double width, double height, String color) {
    add(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>"
            .formatted(number(x), number(y), number(width), number(height), color));
  }

  void line(double x1, double y1, double x2, double y2, double width, String color) {
    add(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\" stroke-width=\"%s\"/>"
            .formatted(number(x1), number(y1), number(x2), number(y2), color, number(width)));
  }

  void dot(double x, double y, double radius, String color) {
    add(
        "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\"/>"
            .formatted(number(x), number(y), number(radius), color));
  }

  void text(String text, double x, double y) {
    text(text, x, y, 13, INK, false, Anchor.START);
  }

  void heading(String text, double x, double y) {
    text(text, x, y, 13, INK, true, Anchor.START);
  }

  void label(String text, double x, double y, Anchor anchor) {
    text(text, x, y, 12, QUIET, false, anchor);
  }

  private void text(
      String text, double x, double y, int size, String color, boolean bold, Anchor anchor) {
    add(
        "<text x=\"%s\" y=\"%s\" font-size=\"%d\" fill=\"%s\"%s%s>%s</text>"
            .formatted(
                number(x),
                number(y),
                size,
                color,
                bold ? " font-weight=\"bold\"" : "",
                anchor == Anchor.START
                    ? ""
                    : " text-anchor=\"" + anchor.name().toLowerCase(Locale.ROOT) + "\"",
                text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")));
  }

  private void add(String element) {
    parts.append(element).append('\n');
  }

  /// The picture, `height` high.
  String svg(double height) {
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %s" width="%d" height="%s"
      font-family="DejaVu Sans, Verdana, Helvetica, sans-serif">
    <rect width="%d" height="%s" rx="8" fill="#ffffff"/>
    """
            .formatted(WIDTH, number(height), WIDTH, number(height), WIDTH, number(height))
        + parts
        + "</svg>\n";
  }

  static void write(String svg, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    SafeFile.write(file, svg);
  }

  private static String number(double number) {
    String text = String.format(Locale.ROOT, "%.1f", number);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }
}
