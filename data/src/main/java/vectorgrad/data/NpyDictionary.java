package vectorgrad.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// The text of an npy header: a dictionary in Python's notation with exactly three keys.
///
/// ```
/// {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
/// ```
///
/// Only what such a dictionary can hold is read; nothing is executed. Numbers may end in `L`, as
/// Python 2 wrote them.
///
/// @param descr the type of the elements, empty if structured
/// @param structured whether the type is a list of fields
/// @param fortranOrder whether the first axis runs fastest
/// @param shape the sizes of the axes
record NpyDictionary(String descr, boolean structured, boolean fortranOrder, List<Long> shape) {

  /// Reads the text.
  ///
  /// @throws IllegalArgumentException saying what was expected where
  static NpyDictionary parse(String text) {
    return new Parser(text).dictionary();
  }

  private static final class Parser {
    private final String text;
    private int at;
    private String descr = "";
    private boolean structured;
    private boolean fortranOrder;
    private List<Long> shape = List.of();

    Parser(String text) {
      this.text = text;
    }

    NpyDictionary dictionary() {
      Set<String> keys = new TreeSet<>();
      expect('{');
      while (!accept('}')) {
        String key = string();
        expect(':');
        switch (key) {
          case "descr" -> descr();
          case "fortran_order" -> fortranOrder = truth();
          case "shape" -> shape = tuple();
          default -> throw error("a key that is descr, fortran_order or shape");
        }
        if (!keys.add(key)) {
          throw error("each key once");
        }
        if (!accept(',')) {
          expect('}');
          break;
        }
      }
      if (keys.size() < 3) {
        throw error("the keys descr, fortran_order and shape");
      }
      skipBlanks();
      if (at < text.length()) {
        throw error("nothing more");
      }
      return new NpyDictionary(descr, structured, fortranOrder, shape);
    }

    /// A list of fields is skipped: brackets are balanced, and quotes hide brackets.
    private void descr() {
      skipBlanks();
      if (at >= text.length() || (text.charAt(at) != '[' && text.charAt(at) != '(')) {
        descr = string();
        return;
      }
      structured = true;
      int depth = 0;
      do {
        if (at >= text.length()) {
          throw error("the end of the list");
        }
        char c = text.charAt(at);
        if (c == '\'' || c == '"') {
          string();
          continue;
        }
        depth += c == '[' || c == '(' ? 1 : c == ']' || c == ')' ? -1 : 0;
        at++;
      } while (depth > 0);
    }

    private String string() {
      skipBlanks();
      if (at >= text.length() || (text.charAt(at) != '\'' && text.charAt(at) != '"')) {
        throw error("a text in quotes");
      }
      int end = text.indexOf(text.charAt(at), at + 1);
      if (end < 0) {
        throw error("a closing quote");
      }
      String string = text.substring(at + 1, end);
      at = end + 1;
      return string;
    }

    private boolean truth() {
      skipBlanks();
      for (String word : List.of("True", "False")) {
        if (text.startsWith(word, at)) {
          at += word.length();
          return word.equals("True");
        }
      }
      throw error("True or False");
    }

    private List<Long> tuple() {
      var sizes = new ArrayList<Long>();
      expect('(');
      while (!accept(')')) {
        sizes.add(number());
        if (!accept(',')) {
          expect(')');
          break;
        }
      }
      return List.copyOf(sizes);
    }

    private long number() {
      skipBlanks();
      int start = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      if (start == at || at - start > 18) {
        throw error("a size");
      }
      long number = Long.parseLong(text, start, at, 10);
      accept('L');
      return number;
    }

    private void expect(char c) {
      if (!accept(c)) {
        throw error("'" + c + "'");
      }
    }

    private boolean accept(char c) {
      skipBlanks();
      boolean found = at < text.length() && text.charAt(at) == c;
      at += found ? 1 : 0;
      return found;
    }

    private void skipBlanks() {
      while (at < text.length() && " \t\r\n\f".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private IllegalArgumentException error(String expected) {
      return new IllegalArgumentException("expected " + expected + " at character " + at);
    }
  }
}
