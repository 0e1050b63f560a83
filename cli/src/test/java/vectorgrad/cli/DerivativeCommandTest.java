package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DerivativeCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int vg(String... arguments) {
    return Vg.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void errorsFallAndRiseInATableAndAPicture() throws IOException {
    Path file = folder.resolve("d.png");
    assertEquals(
        0, vg("inspect", "derivative", "x^3*sin(x)", "--at", "2", "--out", file.toString()));
    String text = out.toString();
    assertTrue(text.startsWith("f(x)  = x·x·x·sin(x)\n"), text);
    assertTrue(text.contains("f′(2) = 7.5823944295"), text);
    var row = text.lines().filter(line -> line.startsWith("h=1e-4 ")).findFirst().orElseThrow();
    assertEquals("h=1e-4         3.2e-04       3.2e-04       6.5e-08", row.substring(0, 50), text);
    assertTrue(text.lines().anyMatch(line -> line.startsWith("least")), text);
    ByteBuffer picture = ByteBuffer.wrap(Files.readAllBytes(file));
    assertEquals(0x89504e47_0d0a1a0aL, picture.getLong()); // a PNG
    assertTrue(picture.getInt(16) > 800 && picture.getInt(20) > 500); // its width and height
  }

  @Test
  void aConstantAndAFlatPlaceCanBeDrawnToo() {
    for (String formula : new String[] {"2", "x", "cos(x)", "erf(x)"}) {
      Path file = folder.resolve("flat.png");
      assertEquals(
          0, vg("inspect", "derivative", formula, "--at", "0", "--out", file.toString()), formula);
      assertTrue(Files.isRegularFile(file));
    }
  }

  @Test
  void aMistakeInTheFormulaIsShownWhereItIs() {
    assertEquals(2, vg("inspect", "derivative", "x + sin x"));
    assertEquals(
        """
        formula: sin is a function, at column 5
          x + sin x
              ^
          help   its argument stands in brackets, as in sin(x)
        """,
        err.toString());
  }

  @Test
  void whereThereIsNoDerivativeNoneIsShown() {
    assertEquals(2, vg("inspect", "derivative", "1/x", "--at", "0"));
    assertEquals(
        """
        derivative: there is none at 0.0
          f(x)   1/x
          f(0)   Infinity
        """,
        err.toString());
  }
}
