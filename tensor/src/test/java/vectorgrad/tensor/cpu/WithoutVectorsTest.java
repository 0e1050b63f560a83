package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Formula;
import vectorgrad.tensor.Conv2dGeometry;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.PoolGeometry;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A JVM that was started without the Vector API computes everything to the same bits.
class WithoutVectorsTest {

  /// What the other JVM runs: it prints the bits of a product, a convolution, its gradients, a
  /// pooling.
  public static void main(String[] arguments) {
    System.out.print(bits());
  }

  private static String bits() {
    return Stream.of(DType.F32, DType.F64)
        .flatMap(WithoutVectorsTest::results)
        .map(t ->
            t.sum().item() + " " + t.reshape(-1).slice(0, t.size() / 2, t.size() / 2 + 1, 1).item())
        .collect(Collectors.joining("\n"));
  }

  private static Stream<Tensor> results(DType dtype) {
    Tensor a = Tensor.normal(Seed.of(1), 0, Shape.of(37, 800), dtype);
    Tensor b = Tensor.normal(Seed.of(2), 0, Shape.of(29, 800), dtype);
    Tensor x = Tensor.normal(Seed.of(3), 0, Shape.of(3, 5, 14, 17), dtype);
    Tensor w = Tensor.normal(Seed.of(4), 0, Shape.of(17, 5, 3, 3), dtype);
    Conv2dGeometry g = new Conv2dGeometry(1, 1, 1, 1, 1, 1, 1);
    Tensor y = x.conv2d(w, g);
    return Stream.of(
        a.matmul(b.transpose()),
        a.matmul(b.slice(0, 0, 1, 1).transpose()),
        y,
        y.conv2dInputGradient(w, x.shape(), g),
        y.conv2dWeightGradient(x, w.shape(), g),
        y.maxPool2d(PoolGeometry.square(2)).values());
  }

  @Test
  void givesTheSameBits() throws IOException, InterruptedException {
    String path =
        Stream.of(Formula.class, Tensor.class, WithoutVectorsTest.class)
            .map(type ->
                Path.of(
                        URI.create(
                            type.getProtectionDomain().getCodeSource().getLocation().toString()))
                    .toString())
            .distinct()
            .collect(Collectors.joining(File.pathSeparator));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(java, "-cp", path, WithoutVectorsTest.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    assertEquals(bits(), printed);
  }
}
