package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class InspectModelCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int vg(String... arguments) {
    return Vg.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private double number(String pattern) {
    var found = Pattern.compile(pattern).matcher(out.toString());
    assertTrue(found.find(), out::toString);
    return Double.parseDouble(found.group(1));
  }

  @Test
  void everyOperationOfAStepIsARowAndTheLossesStandSideBySide() {
    assertEquals(0, vg("inspect", "model", "--format", "bf16", "--samples", "4"));
    assertTrue(out.toString().contains("conv2d, dw: sum"), out::toString);
    double exact = number("loss in f64  ([0-9.]+)");
    assertEquals(exact, number("loss in bf16 ([0-9.]+)"), 0.02 * exact);
  }

  @Test
  void whatCannotBeTakenIsRefused() {
    assertEquals(2, vg("inspect", "model", "--samples", "0"));
    assertEquals("inspect: cannot take 0 pictures\n  rule   from 1 to 1797\n", err.toString());
    assertEquals(2, vg("inspect", "model", "--format", "f8"));
    assertTrue(err.toString().contains("there is no format \"f8\""), err::toString);
    assertEquals(2, vg("inspect", "model", "--sample", "3"));
    assertTrue(err.toString().contains("--sample"), err::toString);
  }
}
