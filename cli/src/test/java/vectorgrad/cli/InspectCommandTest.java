package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  private static String inspect(int code, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new java.util.ArrayList<>(List.of("inspect"));
    all.addAll(List.of(arguments));
    assertEquals(
        code,
        Vg.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(all.toArray(String[]::new)),
        err::toString);
    return (code == 0 ? out : err).toString().replace("\r", "");
  }

  @Test
  void aTenthIsShownInEveryFormat() {
    assertEquals(
        """
        0.1 in f32: normal, 0x3dcccccd

          sign  exponent  fraction
          0     01111011  10011001100110011001101
          +     2^-4      * 1.60000002384185791015625

          value     0.100000001490116119384765625
          shortest  0.1
          error     +1.490116119384765625e-9   +0.20 ulp
          ulp       2^-27 = 7.450580596923828e-9
          next      0.10000001               0x3dccccce
          previous  0.099999994              0x3dcccccc

          format value                    error       relative bits
          f64    0.1                      5.55e-18    5.6e-17  0x3fb999999999999a
          f32    0.1                      1.49e-9     1.5e-08  0x3dcccccd
          tf32   0.1                      -2.44e-5    2.4e-04  0x1ee66
          f16    0.1                      -2.44e-5    2.4e-04  0x2e66
          bf16   0.1                      9.77e-5     9.8e-04  0x3dcd
          e4m3   0.1015625                1.56e-3     1.6e-02  0x1d
          e5m2   0.09375                  -6.25e-3    6.3e-02  0x2e
        """,
        inspect(0, "0.1"));
  }

  @Test
  void formatsBitsAndSignsAreUnderstood() {
    String brain = inspect(0, "65504", "--format", "bf16");
    assertTrue(brain.contains("  value     65536\n"), brain);
    assertTrue(brain.contains("  e4m3   NaN "), brain);
    assertTrue(inspect(0, "0x3f800000").contains("  value     1\n"));
    assertTrue(inspect(0, "-0").contains("  value     -0\n"));
    assertTrue(inspect(0, "-inf").contains("  value     -inf\n"));
    assertTrue(inspect(0, "nan").contains("nan in f32: nan, 0x7fc00000\n"));
    for (String number : List.of("5e-324", "-1.7976931348623157e308", "3.3")) {
      String wide = inspect(0, number, "--format", "f64");
      assertTrue(wide.lines().allMatch(line -> line.length() <= 80), wide);
    }
  }

  @Test
  void mistakesSayWhatWouldBeRight() {
    assertEquals(
        """
        inspect: "one" is no number
          help   write it as 0.1, 6.02e23, 0x1.8p3, nan, inf, or its bits as 0x3f800000
        """,
        inspect(2, "one"));
    assertEquals(
        """
        inspect: there is no format "f8"
          known  f64, f32, tf32, f16, bf16, e4m3, e5m2
        """,
        inspect(2, "1", "--format", "f8"));
    assertEquals(
        """
        inspect: there is nothing to look at
          help   name a number, such as vg inspect 0.1
        """,
        inspect(2));
  }

  @Test
  void aFileIsSentToWhereNetworksAreLookedAt(@TempDir Path folder) throws IOException {
    Path model = Files.createFile(folder.resolve("model.safetensors"));
    assertEquals(
        """
        inspect: "%1$s" is a file, and a number is looked at
          help   vg inspect model --weights %1$s looks at a network
        """
            .formatted(model),
        inspect(2, model.toString()));
  }
}
