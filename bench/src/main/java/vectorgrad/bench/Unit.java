package vectorgrad.bench;

import java.util.Locale;

/// A unit of time that makes readable numbers.
enum Unit {
  NANOSECOND("ns", 1),
  MICROSECOND("µs", 1e3),
  MILLISECOND("ms", 1e6),
  SECOND("s", 1e9);

  private final String symbol;
  private final double nanoseconds;

  Unit(String symbol, double nanoseconds) {
    this.symbol = symbol;
    this.nanoseconds = nanoseconds;
  }

  /// The largest unit of which there is at least one; nanoseconds if there is none.
  static Unit of(double nanoseconds) {
    Unit found = NANOSECOND;
    for (Unit unit : values()) {
      if (nanoseconds >= unit.nanoseconds) {
        found = unit;
      }
    }
    return found;
  }

  String symbol() {
    return symbol;
  }

  /// A time in this unit, with three digits that count.
  String number(double time) {
    double value = time / nanoseconds;
    int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
