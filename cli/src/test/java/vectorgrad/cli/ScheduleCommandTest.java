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

class ScheduleCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int schedule(String text, String... more) {
    var arguments = new java.util.ArrayList<>(java.util.List.of("schedule", text));
    arguments.addAll(java.util.List.of(more));
    arguments.addAll(java.util.List.of("--out", file().toString()));
    return Vg.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments.toArray(String[]::new));
  }

  private Path file() {
    return folder.resolve("s.png");
  }

  @Test
  void ratesAreATableAndAPicture() throws IOException {
    assertEquals(0, schedule("warmup(500) then cosine(10_000)"), err::toString);
    assertEquals(
        """
        warmup(500) then cosine(10000)
        length   10,500 steps

                step          rate
                   0      0.002000
               1,050      0.992555  ████████████████████████████████████████
               2,100      0.938153  ██████████████████████████████████████
               3,150      0.836506  ██████████████████████████████████
               4,200      0.698574  ████████████████████████████
               5,250      0.539230  ██████████████████████
               6,299      0.375807  ███████████████
               7,349      0.225620  █████████
               8,399      0.105019  ████
               9,449      0.027008  █
              10,499    2.4674e-08

        picture  %s
        """
            .formatted(file()),
        out.toString());
    ByteBuffer picture = ByteBuffer.wrap(Files.readAllBytes(file()));
    assertEquals(0x89504e47_0d0a1a0aL, picture.getLong()); // a PNG
    assertTrue(picture.getInt(16) > 800 && picture.getInt(20) > 400); // its width and height
  }

  @Test
  void everyKindOfScheduleCanBeDrawn() throws IOException {
    for (String text :
        new String[] {
          "0", "0.1", "warmup(1)", "step(30) times 1e-6", "oneCycle(20)", "linear(-1, 1, 5)"
        }) {
      assertEquals(0, schedule(text), err::toString);
      assertTrue(Files.isRegularFile(file()));
    }
    assertEquals(0, schedule("inverse(0.1)", "--steps", "1000000000000"), err::toString);
    assertTrue(out.toString().contains("length   without end"), out::toString);
  }

  @Test
  void aMistakeIsShownWhereItIs() {
    assertEquals(2, schedule("warmup(500) then cosin(10000)"));
    assertEquals(
        """
        schedule: there is no schedule cosin, at column 18
          warmup(500) then cosin(10000)
                           ^
          help   did you mean cosine(steps, floor=0)?
        """,
        err.toString());
  }

  @Test
  void aTableHasAStep() {
    assertEquals(2, schedule("cosine(10)", "--steps", "0"));
    assertEquals("schedule: --steps must be at least 1, found 0\n", err.toString());
  }
}
