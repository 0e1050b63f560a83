package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Inspection.Kind;

class InspectionTest {
  @Test
  void aTenthIsNotATenth() {
    Inspection tenth = Inspection.of("0.1");
    assertEquals(FloatFormat.FP32, tenth.format());
    assertEquals(0x3dcccccd, tenth.bits());
    assertEquals("0", tenth.signBits());
    assertEquals("01111011", tenth.exponentBits());
    assertEquals("10011001100110011001101", tenth.fractionBits());
    assertEquals("0x3dcccccd", tenth.hexadecimal());
    assertEquals("0.100000001490116119384765625", tenth.exact().orElseThrow().toPlainString());
    assertEquals("1.490116119384765625E-9", tenth.error().orElseThrow().toString());
    assertEquals(0.2, tenth.errorInUlps().orElseThrow(), 1e-7);
    assertEquals(Kind.NORMAL, tenth.kind());
    Inspection brain = tenth.in(FloatFormat.BF16);
    assertEquals("0x3dcd", brain.hexadecimal());
    assertEquals(Optional.of(new BigDecimal("0.1")), brain.typed());
  }

  @Test
  void numbersAreRoundedOnceHoweverManyDigitsTheyHave() {
    String tie = "1.00048828125"; // 1 + 2^-11
    assertEquals(0x3c00, Inspection.of(tie, FloatFormat.FP16).bits());
    String above = tie + "0000000000000000000000000000001";
    assertEquals(0x3c01, Inspection.of(above, FloatFormat.FP16).bits());
    assertEquals(0xbc01, Inspection.of("-" + above, FloatFormat.FP16).bits());
    assertEquals(0x3c00, Inspection.of("1.000488281249999999999999999", FloatFormat.FP16).bits());
  }

  @Test
  void everythingThatIsANumberIsRead() {
    assertEquals(1.0, Inspection.of("0x3f800000").value());
    assertEquals(FloatFormat.FP64, Inspection.of("0x3ff0000000000000").format());
    assertEquals(1.0, Inspection.of("0x3ff0000000000000").value());
    assertEquals(1.0, Inspection.of("0x3c00").value());
    assertEquals(448, Inspection.of("0b01111110", FloatFormat.E4M3).value());
    assertEquals(12, Inspection.of("0x1.8p3").value());
    assertEquals(-0.75, Inspection.of("-0x.Cp0").value());
    assertEquals(6.02e23f, Inspection.of("6.02e23").value());
    assertEquals(Kind.NAN, Inspection.of("NaN").kind());
    assertEquals(Kind.INFINITE, Inspection.of("-inf").kind());
    assertEquals(Double.POSITIVE_INFINITY, Inspection.of("∞").value());
    assertEquals(Kind.ZERO, Inspection.of("−0").kind());
    assertEquals("1", Inspection.of("-0").signBits());
    assertEquals("1", Inspection.of("-0").in(FloatFormat.E4M3).signBits());
    assertEquals("1", Inspection.of("-1e-400").signBits());
    assertEquals(Kind.SUBNORMAL, Inspection.of("1e-40").kind());
    assertEquals(Optional.empty(), Inspection.of("1e400").exact());
    assertEquals(Kind.INFINITE, Inspection.of("1e400").kind());
    assertEquals(Kind.NAN, Inspection.of("1e400").in(FloatFormat.E4M3).kind());
    assertEquals(Optional.empty(), Inspection.of("1e400").error());
  }

  @Test
  void whatIsNoNumberIsRefusedWithTheCure() {
    refused(
        """
        inspect: "one" is no number
          help   write it as 0.1, 6.02e23, 0x1.8p3, nan, inf, or its bits as 0x3f800000\
        """,
        "one");
    refused(
        """
        inspect: "0xp1" is no number
          help   write it as 0.1, 6.02e23, 0x1.8p3, nan, inf, or its bits as 0x3f800000\
        """,
        "0xp1");
    refused(
        """
        inspect: 0x7f are 8 bits, which may mean many things
          help   name the format, such as --format e4m3\
        """,
        "0x7f");
    refused(
        """
        inspect: 1e9999 has more than 5000 digits
          help   every format is much smaller\
        """,
        "1e9999");
    assertEquals(
        """
        inspect: 0x3f800000 has more than the 16 bits of bf16
          help   leave the format away, or write a number rather than bits\
        """,
        assertThrows(
                NumberFormatException.class, () -> Inspection.of("0x3f800000", FloatFormat.BF16))
            .getMessage());
  }

  private static void refused(String message, String text) {
    assertEquals(
        message, assertThrows(NumberFormatException.class, () -> Inspection.of(text)).getMessage());
  }
}
