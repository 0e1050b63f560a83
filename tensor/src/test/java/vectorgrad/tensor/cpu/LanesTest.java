package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.numerics.Formula.input;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.RowProgram;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// Which lanes are used, and that nobody can tell from the results.
class LanesTest {
  private static final String MODULE = "--add-modules=jdk.incubator.vector";

  /// What a JVM of its own computes; the test starts some with other flags.
  static final class Fingerprint {
    private Fingerprint() {}

    /// Prints the lanes, and one number that depends on every bit of the results.
    @SuppressWarnings("SystemOut") // read by the test
    public static void main(String[] args) {
      Tensor x = Tensor.normal(Seed.of(1), 0, Shape.of(37, 5, 211), DType.F32);
      Tensor y = Tensor.uniform(Seed.of(2), 0, Shape.of(211), DType.F32);
      Program gelu =
          Program.of(input(0).times(input(0).times(input(1)).tanh().plus(1)), input(0).relu());
      List<Tensor> results = new ArrayList<>(Tensor.mapAll(gelu, x, y));
      results.add(x.softmax(-1));
      results.add(x.logSoftmax(0));
      results.add(x.flatten(0).slice(0, 0, 36 * 960).reshape(36, 960).softmax(1));
      results.add(x.sum(0));
      results.add(x.sum(2));
      results.add(Tensor.sumOf(Program.of(gelu.outputs().get(0)), false, new int[] {2}, x, y));
      results.add(Tensor.sumOf(Program.of(input(0).square()), false, new int[] {1, 2}, x));
      results.add(x.sum());
      results.addAll(
          Tensor.mapRows(
              RowProgram.of(2, input(0).times(input(3)), Program.of(input(0), input(1).exp())),
              new int[] {0, 2},
              x,
              y));
      results.addAll(
          Tensor.mapRows(
              RowProgram.of(1, input(0).times(input(1)), Program.of(input(0)))
                  .columns(input(0).times(input(1))),
              new int[] {1, 2},
              x));
      results.addAll(
          Tensor.mapRows(
              RowProgram.of(
                      1,
                      input(0).minus(input(1)).times(input(2)),
                      Program.of(input(0)),
                      Program.of(input(0).minus(input(1)).square()))
                  .columns(input(0).times(input(2))),
              new int[] {1},
              x.flatten(0).slice(0, 0, 36 * 960).reshape(36, 960)));
      results.add(x.exp().sum(0, 2));
      results.add(x.abs().log().max(1));
      results.add(x.sin().prod(2));
      results.add(x.transpose().mul(2).sub(1).contiguous());
      int hash = 0;
      for (Tensor result : results) {
        hash = 31 * hash + Arrays.hashCode(result.toFloats());
        hash = 31 * hash + Arrays.hashCode(result.to(DType.F64).tanh().toDoubles());
      }
      for (DType dtype : new DType[] {DType.F16, DType.BF16, DType.I64, DType.U8}) {
        Tensor n = x.mul(100).to(dtype);
        List<Tensor> ofAnyDtype = new ArrayList<>(List.of(n.mul(n), n.lt(n.sum(0)), n.prod(2)));
        ofAnyDtype.add(n.transpose().add(n.select(2, 7).unsqueeze(1)));
        ofAnyDtype.add(n.div(n.max(0)));
        ofAnyDtype.add(dtype.isHalf() ? n.softmax(1).matmul(n.transpose()) : n.argmax(1));
        for (Tensor result : ofAnyDtype) {
          hash = 31 * hash + Arrays.hashCode(result.toDoubles());
        }
      }
      System.out.println(Lanes.bits() + " " + Workers.threads() + " " + hash);
    }
  }

  /// The lines a fresh JVM prints, errors and warnings among them.
  private static List<String> run(String... flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", classPath(), Fingerprint.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.lines().toList();
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
        + java.io.File.pathSeparator
        + System.getProperty("jdk.module.path", "");
  }

  @Test
  void everyWidthAndEveryNumberOfThreadsGivesTheSameBits() throws Exception {
    List<String> none = run("-Dvectorgrad.lanes=0", "-Dvectorgrad.threads=1");
    assertEquals(1, none.size(), none::toString);
    String hash = none.get(0).substring("0 1 ".length());
    int[] threads = {2, 7, 1};
    int i = 0;
    for (String bits : List.of("128", "256", "512")) {
      int count = threads[i++];
      List<String> some =
          run(MODULE, "-Dvectorgrad.lanes=" + bits, "-Dvectorgrad.threads=" + count);
      assertEquals(bits + " " + count + " " + hash, some.getLast());
    }
  }

  @Test
  void withoutTheVectorModuleOneWarningNamesTheFlag() throws Exception {
    List<String> lines = run("-Dvectorgrad.threads=2");
    assertTrue(lines.getLast().startsWith("0 2 "), lines::toString);
    List<String> warnings =
        lines.stream().filter(line -> line.contains("jdk.incubator.vector")).toList();
    assertEquals(1, warnings.size(), lines::toString);
    assertTrue(warnings.get(0).contains("--add-modules jdk.incubator.vector"), lines::toString);
  }

  @Test
  void jvmsThatDoNotOptimiseGetScalarCode() {
    assertTrue(Lanes.optimises("mixed mode, sharing"));
    assertTrue(Lanes.optimises("mixed mode"));
    assertFalse(Lanes.optimises("interpreted mode, sharing"));
    assertFalse(Lanes.optimises("mixed mode, emulated-client, sharing"));
    assertFalse(Lanes.optimises("compiled mode, emulated-client"));
  }

  @Test
  void widthsWithoutKernelsGetTheNextNarrowerOne() {
    assertEquals(512, Lanes.usable(2048));
    assertEquals(512, Lanes.usable(512));
    assertEquals(256, Lanes.usable(256));
    assertEquals(128, Lanes.usable(128));
    assertEquals(0, Lanes.usable(64));
  }
}
