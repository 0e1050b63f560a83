package vectorgrad.numerics;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/// A binary floating-point format: a sign, an exponent, a fraction, and what its bits mean.
///
/// | | exponent | fraction | largest | smallest normal | smallest | epsilon |
/// |---|---|---|---|---|---|---|
/// | `FP64` | 11 | 52 | 1.80e308 | 2.23e−308 | 4.94e−324 | 2⁻⁵² |
/// | `FP32` | 8 | 23 | 3.40e38 | 1.18e−38 | 1.40e−45 | 2⁻²³ |
/// | `TF32` | 8 | 10 | 3.40e38 | 1.18e−38 | 1.15e−41 | 2⁻¹⁰ |
/// | `FP16` | 5 | 10 | 65504 | 6.10e−5 | 5.96e−8 | 2⁻¹⁰ |
/// | `BF16` | 8 | 7 | 3.39e38 | 1.18e−38 | 9.18e−41 | 2⁻⁷ |
/// | `E4M3` | 4 | 3 | 448 | 2⁻⁶ | 2⁻⁹ | 2⁻³ |
/// | `E5M2` | 5 | 2 | 57344 | 2⁻¹⁴ | 2⁻¹⁶ | 2⁻² |
///
/// Bits are read as `(−1)ˢ·2^(e − bias)·1.f`, and where the exponent is 0 as `(−1)ˢ·2^(1 −
/// bias)·0.f`, the *subnormal* numbers. Where the exponent is all ones stand ∞ (fraction 0) and
/// NaN. A format without infinities (`E4M3`) counts on through these too, and keeps one NaN, all
/// ones.
///
/// Rounding goes to the nearest number, of two equally near to the one whose last bit is 0. What
/// rounds beyond the largest number becomes ∞, or NaN where there is no ∞; in a *saturating* format
/// the largest number.
///
/// Source: IEEE 754-2019; "OCP 8-bit Floating Point Specification" (2023), whose E4M3 is called
/// `float8_e4m3fn` by others.
///
/// @param name as it is written on a command line: `bf16`
/// @param exponentBits bits of the exponent, 2 … 11
/// @param fractionBits bits of the fraction, 2 … 52
/// @param bias what the exponent's bits say too much
/// @param infinities whether there is ∞
/// @param saturating whether what is too large becomes the largest number
public record FloatFormat(
    String name,
    int exponentBits,
    int fractionBits,
    int bias,
    boolean infinities,
    boolean saturating) {

  /// IEEE 754 binary64, Java's `double`.
  public static final FloatFormat FP64 = new FloatFormat("f64", 11, 52, 1023, true, false);

  /// IEEE 754 binary32, Java's `float`.
  public static final FloatFormat FP32 = new FloatFormat("f32", 8, 23, 127, true, false);

  /// What tensor cores multiply in when they are fed with `FP32`: 19 bits.
  public static final FloatFormat TF32 = new FloatFormat("tf32", 8, 10, 127, true, false);

  /// IEEE 754 binary16; see [Half].
  public static final FloatFormat FP16 = new FloatFormat("f16", 5, 10, 15, true, false);

  /// The upper half of `FP32`; see [BFloat16].
  public static final FloatFormat BF16 = new FloatFormat("bf16", 8, 7, 127, true, false);

  /// Eight bits without infinities; see [vectorgrad.numerics.E4M3].
  public static final FloatFormat E4M3 = new FloatFormat("e4m3", 4, 3, 7, false, false);

  /// Eight bits with infinities; see [vectorgrad.numerics.E5M2].
  public static final FloatFormat E5M2 = new FloatFormat("e5m2", 5, 2, 15, true, false);

  private static final List<FloatFormat> ALL = List.of(FP64, FP32, TF32, FP16, BF16, E4M3, E5M2);

  /// Checks the sizes: doubles compute for every format, so none may be larger.
  public FloatFormat {
    if (exponentBits < 2 || exponentBits > 11 || fractionBits < 2 || fractionBits > 52) {
      throw new IllegalArgumentException(
          "format: %s does not fit into a double, with %d bits of exponent and %d of fraction\n"
                  .formatted(name, exponentBits, fractionBits)
              + "  rule   2 to 11 bits of exponent, 2 to 52 of fraction");
    }
  }

  /// The formats above, the largest first.
  public static List<FloatFormat> all() {
    return ALL;
  }

  /// This format with its largest number for all that is larger, ∞ too: what training in fp8 uses.
  public FloatFormat saturated() {
    return new FloatFormat(name, exponentBits, fractionBits, bias, infinities, true);
  }

  // ---- sizes ----------------------------------------------------------------------------------

  /// All bits: sign, exponent and fraction.
  public int bits() {
    return 1 + exponentBits + fractionBits;
  }

  /// The significant bits of a normal number: those of the fraction and the 1 before them.
  public int precision() {
    return fractionBits + 1;
  }

  /// The exponent of the smallest normal number.
  public int minExponent() {
    return 1 - bias;
  }

  /// The exponent of the largest number.
  public int maxExponent() {
    return (1 << exponentBits) - (infinities ? 2 : 1) - bias;
  }

  /// The largest number.
  public double max() {
    return decode(maxCode());
  }

  /// The smallest positive number of full precision.
  public double minNormal() {
    return power(minExponent());
  }

  /// The smallest positive number.
  public double minSubnormal() {
    return power(minExponent() - fractionBits);
  }

  /// The distance from 1 to the next number.
  public double epsilon() {
    return power(-fractionBits);
  }

  // ---- numbers to bits and back -----------------------------------------------------------------

  /// The bits of the number nearest to `x`. What fits of a NaN's payload stays, and a NaN is quiet.
  public long encode(double x) {
    return encode(x, 0);
  }

  /// The bits of the number nearest to `x + rest`, where `rest` is too small to be seen but at a
  /// tie: it is not larger than half a unit of `x`'s last place.
  long encode(double x, double rest) {
    if (!Double.isFinite(x)) {
      return encodeSpecial(x);
    }
    int exponent = exponent(x);
    double units = Math.abs(x) / power(exponent - fractionBits); // exact
    double whole = Math.rint(units);
    if (rest != 0 && Math.abs(units - whole) == 0.5) {
      whole = rest > 0 == x > 0 ? Math.ceil(units) : Math.floor(units);
    }
    return sign(x) | code(exponent, whole);
  }

  /// The bits of `x` rounded at random to one of its two neighbours, the nearer one more likely, so
  /// that the mean over `random` is `x` itself. ([#encode] of a sum that grows by small steps stays
  /// where it is; a mean of these does not.)
  ///
  /// @param random 64 random bits, of which the upper 53 are used
  public long encodeStochastically(double x, long random) {
    if (!Double.isFinite(x)) {
      return encodeSpecial(x);
    }
    int exponent = exponent(x);
    double units = Math.abs(x) / power(exponent - fractionBits);
    double below = Math.floor(units);
    double uniform = (random >>> 11) * 0x1p-53;
    return sign(x) | code(exponent, uniform < units - below ? below + 1 : below);
  }

  /// The exponent of `x`, but that of the subnormal numbers where it is smaller.
  private int exponent(double x) {
    return Math.max(Math.getExponent(x), minExponent());
  }

  /// The bits without sign of `units` last places. Numbers are counted through: one more unit than
  /// a fraction can hold carries into the exponent, and subnormal numbers are those before the
  /// first exponent.
  private long code(int exponent, double units) {
    long code = ((long) (exponent - minExponent()) << fractionBits) + (long) units;
    return code <= maxCode() ? code : overflowCode();
  }

  private long encodeSpecial(double x) {
    if (Double.isInfinite(x)) {
      return sign(x) | overflowCode();
    }
    long payload = (Double.doubleToRawLongBits(x) & 0x000fffffffffffffL) >>> (52 - fractionBits);
    long quiet = 1L << (fractionBits - 1);
    return sign(x) | (infinities ? infinityCode() | quiet | payload : nanCode());
  }

  /// The number that the lowest bits say, exactly. Higher bits are ignored.
  public double decode(long bits) {
    long sign = (bits >>> (exponentBits + fractionBits)) << 63;
    long fraction = bits & mask(fractionBits);
    long exponent = (bits >>> fractionBits) & mask(exponentBits);
    boolean special = exponent == mask(exponentBits);
    if (infinities ? special : special && fraction == mask(fractionBits)) { // ∞ and NaN
      return Double.longBitsToDouble(sign | 0x7ffL << 52 | fraction << (52 - fractionBits));
    }
    double magnitude =
        exponent == 0
            ? fraction * minSubnormal()
            : Math.scalb(
                (double) (fraction | 1L << fractionBits), (int) exponent - bias - fractionBits);
    return sign == 0 ? magnitude : -magnitude;
  }

  /// The number nearest to `x`.
  public double round(double x) {
    return decode(encode(x));
  }

  double round(double x, double rest) {
    return decode(encode(x, rest));
  }

  /// `x` rounded at random to one of its two neighbours; see [#encodeStochastically].
  public double roundStochastically(double x, long random) {
    return decode(encodeStochastically(x, random));
  }

  /// Whether `x` is a number of this format, ∞ if it has that, or NaN.
  public boolean holds(double x) {
    return Double.compare(round(x), x) == 0;
  }

  // ---- neighbours -------------------------------------------------------------------------------

  /// The smallest number above `x`; the largest one is followed by ∞, or by NaN where there is no
  /// ∞.
  public double next(double x) {
    if (Double.isNaN(x) || x == Double.POSITIVE_INFINITY) {
      return x;
    }
    double nearest = round(x);
    if (nearest > x || (Double.isNaN(nearest) && x > 0)) {
      return nearest;
    }
    long code = encode(nearest);
    long magnitude = code & mask(exponentBits + fractionBits);
    return decode(magnitude == 0 ? 1 : code == magnitude ? code + 1 : code - 1);
  }

  /// The largest number below `x`.
  public double previous(double x) {
    return -next(-x);
  }

  /// The unit of the last place of `x`: the distance from one number of its size to the next.
  public double ulp(double x) {
    return Double.isFinite(x) ? power(exponent(x) - fractionBits) : Math.abs(x);
  }

  /// The shortest decimal that is nearer to the number `x` of this format than to any other.
  public String shortest(double x) {
    if (!Double.isFinite(x) || x == 0) {
      return Double.toString(x);
    }
    BigDecimal exact = new BigDecimal(x);
    int digits = 1;
    double shorter;
    do {
      shorter = exact.round(new MathContext(digits++, RoundingMode.HALF_EVEN)).doubleValue();
    } while (round(shorter) != x);
    return Double.toString(shorter);
  }

  // ---- formulas ---------------------------------------------------------------------------------

  /// Rounding as a formula of primitives, so that any kernel can do it: the number nearest to `x`,
  /// the same bits in float32, if this format is no larger, and in float64.
  public Formula round(Formula x) {
    return Emulation.nearest(this, x);
  }

  /// Rounding at random as a formula: `x` to one of its neighbours, the upper one if `uniform` from
  /// [0, 1) is below the part of the way it has gone.
  public Formula roundStochastically(Formula x, Formula uniform) {
    return Emulation.stochastic(this, x, uniform);
  }

  // ---- bits -------------------------------------------------------------------------------------

  private long sign(double x) {
    return Double.doubleToRawLongBits(x) >>> 63 << (exponentBits + fractionBits);
  }

  private long infinityCode() {
    return mask(exponentBits) << fractionBits;
  }

  private long nanCode() {
    return mask(exponentBits + fractionBits);
  }

  private long maxCode() {
    return (infinities ? infinityCode() : nanCode()) - 1;
  }

  private long overflowCode() {
    return saturating ? maxCode() : infinities ? infinityCode() : nanCode();
  }

  private static long mask(int bits) {
    return (1L << bits) - 1;
  }

  private static double power(int exponent) {
    return Math.scalb(1.0, exponent);
  }

  @Override
  public String toString() {
    return saturating ? name + ", saturating" : name;
  }
}
