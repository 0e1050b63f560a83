package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaceCommandTest {
  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int race(String file, String... more) {
    var arguments = new ArrayList<>(List.of("race", "--out", folder.resolve(file).toString()));
    arguments.addAll(List.of(more));
    return Vg.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments.toArray(String[]::new));
  }

  /// How many elements of that name an SVG file has.
  private int count(String file, String element) throws IOException {
    return Files.readString(folder.resolve(file)).split("<" + element + "[ >]", -1).length - 1;
  }

  @Test
  void aRaceIsATableAndAnAnimation() throws IOException {
    assertEquals(
        0,
        race("r.svg", "--valley", "ravine", "--optimizers", "sgd,L-BFGS,momentum", "--steps", "80"),
        err::toString);
    assertEquals(
        """
        a ravine from (-4, 1), 80 steps
        arrived: within 0.001 of the minimum, and there to stay

                           rate  arrived last value
         1  L-BFGS          100        6    1.9e-25
         2  Momentum       0.03        –    6.4e-03
         3  SGD            0.03        –    6.1e-02

        animation  %s
        """
            .formatted(folder.resolve("r.svg")),
        out.toString());
    assertEquals(3, count("r.svg", "animateMotion"));
  }

  @Test
  void aStripIsAPictureOfPixelsOrLines() throws IOException {
    assertEquals(0, race("r.png", "--valley", "saddle", "--optimizers", "adam", "--steps", "5"));
    ByteBuffer picture = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("r.png")));
    assertEquals(0x89504e47_0d0a1a0aL, picture.getLong()); // a PNG
    assertTrue(picture.getInt(16) > 1800 && picture.getInt(20) > 600); // its width and height
    assertEquals(
        0, race("s.svg", "--valley", "saddle", "--optimizers", "adam", "--steps", "5", "--still"));
    assertEquals(0, count("s.svg", "animateMotion"));
    assertEquals(3, count("s.svg", "clipPath")); // after 1, 3 and 5 steps
  }

  @Test
  void theFamilyIsAListAndATree() throws IOException {
    assertEquals(0, race("f.svg", "--family"), err::toString);
    assertTrue(
        out.toString()
            .contains(
                """
                NAdam     2016  Adam looks ahead
                                Dozat, Incorporating Nesterov momentum into Adam
                                from Nesterov, Adam
                """),
        out::toString);
    assertTrue(count("f.svg", "path") > 30);
    assertEquals(0, race("f.png", "--family"), err::toString);
    assertTrue(Files.size(folder.resolve("f.png")) > 10_000);
  }

  @Test
  void namesThatAreNotKnownAreAnsweredByTheNearest() {
    assertEquals(2, race("r.svg", "--optimizers", "sgd,adamm"));
    assertEquals(2, race("r.svg", "--optimizers", "shampoo"));
    assertEquals(2, race("r.svg", "--valley", "rosenbrok"));
    assertEquals(
        """
        race: there is no optimizer "adamm"
          help   did you mean adam?
        race: there is no optimizer "shampoo"
          help   there are sgd, momentum, adagrad, lbfgs, nesterov, rmsprop, adadelta, adam, nadam, amsgrad, adamw, radam, lamb, lion
        race: there is no valley "rosenbrok"
          help   did you mean rosenbrock?
        """,
        err.toString());
  }

  @Test
  void whatCannotBeDrawnIsRefusedBeforeTheRace() throws IOException {
    assertEquals(2, race("r.jpg"));
    assertEquals(2, race("f.gif", "--family"));
    assertEquals(2, race("r.svg", "--steps", "0"));
    assertEquals(
        """
        race: the picture is neither .svg nor .png
          file   %s
          help   --out race.svg moves, --out race.png does not
        race: the picture is neither .svg nor .png
          file   %s
          help   --out family.svg
        race: --steps must be from 1 to 100000, found 0
        """
            .formatted(folder.resolve("r.jpg"), folder.resolve("f.gif")),
        err.toString());
    try (var files = Files.list(folder)) {
      assertEquals(0, files.count());
    }
  }
}
