package vectorgrad.train;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.util.Locale;

/// What a drawing is made of, for SVG and for pixels alike.
interface Canvas {
  /// Fills a shape.
  void fill(Shape shape, Color color);

  /// Draws the line of a shape.
  void draw(Shape shape, Color color, double width);

  /// Writes so that the point (`x`, `y`) is at `share` of the text's width, on its base line.
  void text(String text, double x, double y, Style style, double share);

  /// Draws what lies inside a rectangle.
  void inside(Rectangle2D bounds, Runnable drawing);

  /// How a text looks.
  record Style(double size, boolean bold, Color color) {
    static Style plain(double size, Color color) {
      return new Style(size, false, color);
    }

    static Style bold(double size, Color color) {
      return new Style(size, true, color);
    }
  }

  /// An SVG picture on a white card, so that it can be read on a dark page too.
  final class Svg implements Canvas {
    private final StringBuilder svg = new StringBuilder();
    private int clips;

    Svg(double width, double height) {
      raw(
          """
          <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s"
            font-family="DejaVu Sans, Verdana, Helvetica, sans-serif">
          <rect width="%s" height="%s" rx="8" fill="#ffffff"/>\
          """
              .formatted(number(width), number(height), number(width), number(height)));
    }

    @Override
    public void fill(Shape shape, Color color) {
      raw("<path d=\"%s\" fill=\"%s\"/>".formatted(path(shape), hex(color)));
    }

    @Override
    public void draw(Shape shape, Color color, double width) {
      raw("<path d=\"%s\" %s/>".formatted(path(shape), line(color, width)));
    }

    @Override
    public void text(String text, double x, double y, Style style, double share) {
      raw(words(text, x, y, style, share));
    }

    @Override
    public void inside(Rectangle2D b, Runnable drawing) {
      String clip = "clip" + clips++;
      raw(
          "<clipPath id=\"%s\"><rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/></clipPath>"
              .formatted(
                  clip,
                  number(b.getX()),
                  number(b.getY()),
                  number(b.getWidth()),
                  number(b.getHeight())));
      raw("<g clip-path=\"url(#%s)\">".formatted(clip));
      drawing.run();
      raw("</g>");
    }

    /// Adds an element as it is.
    void raw(String element) {
      svg.append(element).append('\n');
    }

    @Override
    public String toString() {
      return svg + "</svg>\n";
    }

    static String words(String text, double x, double y, Style style, double share) {
      String anchor =
          share == 0 ? "" : share == 1 ? " text-anchor=\"end\"" : " text-anchor=\"middle\"";
      return "<text x=\"%s\" y=\"%s\" font-size=\"%s\"%s fill=\"%s\"%s>%s</text>"
          .formatted(
              number(x),
              number(y),
              number(style.size()),
              style.bold() ? " font-weight=\"bold\"" : "",
              hex(style.color()),
              anchor,
              text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
    }

    /// The attributes of a line.
    static String line(Color color, double width) {
      return "fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"%s stroke-linejoin=\"round\" stroke-linecap=\"round\""
          .formatted(
              hex(color),
              number(width),
              color.getAlpha() == 255
                  ? ""
                  : " stroke-opacity=\"" + number(color.getAlpha() / 255.0) + "\"");
    }

    static String hex(Color color) {
      return String.format("#%06x", color.getRGB() & 0xffffff);
    }

    /// A place, to a tenth of a pixel.
    static String number(double x) {
      String text = String.format(Locale.ROOT, "%.1f", x);
      String bare = text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
      return bare.equals("-0") ? "0" : bare;
    }

    /// The path data of a shape, in differences of rounded places, which are shorter than places.
    static String path(Shape shape) {
      StringBuilder path = new StringBuilder();
      double[] c = new double[6];
      double[] at = new double[2];
      for (PathIterator i = shape.getPathIterator(null); !i.isDone(); i.next()) {
        switch (i.currentSegment(c)) {
          case PathIterator.SEG_MOVETO -> {
            path.append('M').append(number(c[0])).append(' ').append(number(c[1]));
            at[0] = rounded(c[0]);
            at[1] = rounded(c[1]);
          }
          case PathIterator.SEG_LINETO -> differences(path, 'l', c, 1, at);
          case PathIterator.SEG_QUADTO -> differences(path, 'q', c, 2, at);
          case PathIterator.SEG_CUBICTO -> differences(path, 'c', c, 3, at);
          default -> path.append('z');
        }
      }
      return path.toString();
    }

    private static void differences(
        StringBuilder path, char letter, double[] c, int points, double[] at) {
      path.append(letter);
      double x = at[0];
      double y = at[1];
      for (int p = 0; p < points; p++) {
        at[0] = rounded(c[2 * p]);
        at[1] = rounded(c[2 * p + 1]);
        String dy = number(at[1] - y);
        path.append(p == 0 ? "" : " ").append(number(at[0] - x));
        path.append(dy.startsWith("-") ? "" : " ").append(dy);
      }
    }

    static double rounded(double x) {
      return Math.round(x * 10) / 10.0;
    }
  }

  /// A picture of pixels.
  record Pixels(Graphics2D g) implements Canvas {
    @Override
    public void fill(Shape shape, Color color) {
      g.setColor(color);
      g.fill(shape);
    }

    @Override
    public void draw(Shape shape, Color color, double width) {
      g.setColor(color);
      g.setStroke(new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
      g.draw(shape);
    }

    @Override
    public void text(String text, double x, double y, Style style, double share) {
      Font font = Figure.font(style.bold() ? Font.BOLD : Font.PLAIN, (float) style.size());
      g.setFont(font);
      g.setColor(style.color());
      g.drawString(text, (float) (x - share * Figure.width(g, font, text)), (float) y);
    }

    @Override
    public void inside(Rectangle2D bounds, Runnable drawing) {
      Shape before = g.getClip();
      g.clip(bounds);
      drawing.run();
      g.setClip(before);
    }
  }
}
