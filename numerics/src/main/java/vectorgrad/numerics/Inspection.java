package vectorgrad.numerics;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What became of a number in a format: its bits, its exact decimal value, and how far that is from
/// what was asked for.
///
/// ```java
/// Inspection tenth = Inspection.of("0.1", FloatFormat.FP32);
/// tenth.exact();            // 0.100000001490116119384765625
/// tenth.in(FloatFormat.BF16).exact();     // 0.10009765625
/// ```
///
/// @param format what the bits mean
/// @param bits sign, exponent and fraction
/// @param typed what was asked for, exactly; empty for ∞ and NaN
public record Inspection(FloatFormat format, long bits, Optional<BigDecimal> typed) {
  private static final Pattern HEXADECIMAL =
      Pattern.compile("([+-]?)0x([0-9a-f]*)\\.?([0-9a-f]*)p([+-]?\\d{1,5})");
  private static final Pattern BITS = Pattern.compile("0x([0-9a-f]{1,16})|0b([01]{1,64})");
  private static final int MOST_DIGITS = 5000;

  /// What a bit pattern or number is.
  public enum Kind {
    /// Of full precision.
    NORMAL,
    /// Too small for the first bit of the significand to be 1.
    SUBNORMAL,
    /// 0 or −0.
    ZERO,
    /// ∞ or −∞.
    INFINITE,
    /// Not a number.
    NAN
  }

  /// Reads a number and rounds it once to `format`.
  ///
  /// @param text a decimal, a hexadecimal float such as `0x1.8p3`, the bits themselves as
  ///   `0x3f800000` or `0b01…`, `nan`, `inf`
  /// @throws NumberFormatException if it is none of them, or has more bits than the format
  public static Inspection of(String text, FloatFormat format) {
    String plain = normal(text);
    Matcher pattern = BITS.matcher(plain);
    if (pattern.matches()) {
      BigInteger bits =
          pattern.group(1) != null
              ? new BigInteger(pattern.group(1), 16)
              : new BigInteger(pattern.group(2), 2);
      if (bits.bitLength() > format.bits()) {
        throw refused(
            "%s has more than the %d bits of %s".formatted(text, format.bits(), format),
            "leave the format away, or write a number rather than bits");
      }
      return ofBits(bits.longValue(), format);
    }
    switch (plain) {
      case "nan", "+nan" -> {
        return ofNumber(Double.NaN, format);
      }
      case "inf", "+inf", "infinity", "+infinity" -> {
        return ofNumber(Double.POSITIVE_INFINITY, format);
      }
      case "-inf", "-infinity" -> {
        return ofNumber(Double.NEGATIVE_INFINITY, format);
      }
      default -> {
        return ofDecimal(decimal(plain, text), plain.startsWith("-"), format);
      }
    }
  }

  /// Reads a number, or bits in the format that has as many: f64, f32, f16 for 16, 8 and 4
  /// hexadecimal digits; numbers become f32.
  ///
  /// @throws NumberFormatException as above
  public static Inspection of(String text) {
    String plain = normal(text);
    if (!BITS.matcher(plain).matches()) {
      return of(text, FloatFormat.FP32);
    }
    int bits = (plain.length() - 2) * (plain.startsWith("0x") ? 4 : 1);
    return of(
        text,
        switch (bits) {
          case 64 -> FloatFormat.FP64;
          case 32 -> FloatFormat.FP32;
          case 16 -> FloatFormat.FP16;
          default ->
              throw refused(
                  "%s are %d bits, which may mean many things".formatted(text, bits),
                  "name the format, such as --format " + (bits <= 8 ? "e4m3" : "bf16"));
        });
  }

  /// What these bits are.
  public static Inspection ofBits(long bits, FloatFormat format) {
    double value = format.decode(bits);
    return new Inspection(
        format,
        bits,
        Double.isFinite(value) ? Optional.of(new BigDecimal(value)) : Optional.empty());
  }

  private static Inspection ofNumber(double value, FloatFormat format) {
    return new Inspection(
        format,
        format.encode(value),
        Double.isFinite(value) ? Optional.of(new BigDecimal(value)) : Optional.empty());
  }

  /// Rounds once: the nearest double, and on which side of it the number lies.
  private static Inspection ofDecimal(BigDecimal x, boolean negative, FloatFormat format) {
    double nearest = x.doubleValue();
    if (Double.isInfinite(nearest)) {
      return new Inspection(format, format.encode(nearest), Optional.of(x));
    }
    int rest = x.compareTo(new BigDecimal(nearest));
    double signed = nearest == 0 && negative ? -0.0 : nearest;
    return new Inspection(format, format.encode(signed, rest), Optional.of(x));
  }

  private static String normal(String text) {
    return text.strip().toLowerCase(Locale.ROOT).replace('−', '-').replace("∞", "inf");
  }

  private static BigDecimal decimal(String plain, String text) {
    Matcher hex = HEXADECIMAL.matcher(plain);
    try {
      if (hex.matches()) {
        var digits = new BigDecimal(new BigInteger(hex.group(1) + hex.group(2) + hex.group(3), 16));
        int power = Integer.parseInt(hex.group(4)) - 4 * hex.group(3).length();
        BigDecimal two = BigDecimal.TWO.pow(Math.min(Math.abs(power), 4 * MOST_DIGITS));
        return power < 0 ? digits.divide(two) : digits.multiply(two);
      }
      BigDecimal x = new BigDecimal(plain);
      if (Math.abs((long) x.scale()) + x.precision() <= MOST_DIGITS) {
        return x;
      }
    } catch (NumberFormatException | ArithmeticException e) {
      NumberFormatException refused = notANumber(text);
      refused.initCause(e);
      throw refused;
    }
    throw refused(
        text + " has more than " + MOST_DIGITS + " digits", "every format is much smaller");
  }

  private static NumberFormatException notANumber(String text) {
    return refused(
        "\"" + text + "\" is no number",
        "write it as 0.1, 6.02e23, 0x1.8p3, nan, inf, or its bits as 0x3f800000");
  }

  private static NumberFormatException refused(String problem, String help) {
    return new NumberFormatException("inspect: " + problem + "\n  help   " + help);
  }

  // ---- what it is -------------------------------------------------------------------------------

  /// The number that the bits are.
  public double value() {
    return format.decode(bits);
  }

  /// The number, exactly; empty for ∞ and NaN.
  public Optional<BigDecimal> exact() {
    return Double.isFinite(value())
        ? Optional.of(new BigDecimal(value()).stripTrailingZeros())
        : Optional.empty();
  }

  /// What rounding added, exactly; empty where either number is not finite.
  public Optional<BigDecimal> error() {
    return typed.flatMap(t -> exact().map(e -> e.subtract(t).stripTrailingZeros()));
  }

  /// The error in units of the last place: at most ½ but for overflow.
  public Optional<Double> errorInUlps() {
    return error()
        .map(e ->
            e.divide(new BigDecimal(format.ulp(value())), MathContext.DECIMAL64).doubleValue());
  }

  /// What kind of number it is.
  public Kind kind() {
    double size = Math.abs(value());
    if (Double.isNaN(size)) {
      return Kind.NAN;
    } else if (Double.isInfinite(size)) {
      return Kind.INFINITE;
    }
    return size == 0 ? Kind.ZERO : size < format.minNormal() ? Kind.SUBNORMAL : Kind.NORMAL;
  }

  /// What the same number is in another format, rounded from what was typed and not from here.
  public Inspection in(FloatFormat other) {
    return typed
        .map(t -> ofDecimal(t, value() < 0 || 1 / value() < 0, other))
        .orElseGet(() -> ofNumber(value(), other));
  }

  // ---- the bits ---------------------------------------------------------------------------------

  /// One bit: 0 or 1.
  public String signBits() {
    return binary().substring(0, 1);
  }

  /// The bits of the exponent.
  public String exponentBits() {
    return binary().substring(1, 1 + format.exponentBits());
  }

  /// The bits of the fraction.
  public String fractionBits() {
    return binary().substring(1 + format.exponentBits());
  }

  /// All bits in hexadecimal, with `0x`.
  public String hexadecimal() {
    String digits = Long.toHexString(bits & (-1L >>> (64 - format.bits())));
    return "0x" + "0".repeat((format.bits() + 3) / 4 - digits.length()) + digits;
  }

  private String binary() {
    String digits = Long.toBinaryString(bits & (-1L >>> (64 - format.bits())));
    return "0".repeat(format.bits() - digits.length()) + digits;
  }
}
