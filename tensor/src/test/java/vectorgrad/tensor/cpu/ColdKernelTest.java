package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static vectorgrad.numerics.Formula.input;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;

class ColdKernelTest {
  private static final int SECONDS = 60; // only a failure takes them
  private static final int N = 100_003;

  private static final Program SWISH =
      Program.of(input(0).over(input(0).negate().exp().plus(input(1))));
  private static final Signature FLOATS =
      Signature.of(new DType[] {DType.F32, DType.F32, DType.F32}, new int[] {1, 0, 1});

  private final float[] x = new float[N];
  private final float[] one = {1};

  ColdKernelTest() {
    for (int i = 0; i < N; i++) {
      x[i] = (i - N / 2) * 1e-3f;
    }
  }

  @Test
  void vectorsTakeOverWithTheSameBitsWhenTheyAreWorthIt() throws Exception {
    assumeTrue(Lanes.bits() > 0, "the kernels of this JVM are scalar");
    var fast = new CompletableFuture<RowKernel>();
    RowKernel scalar = FormulaCompiler.compile(SWISH, FLOATS, 0);
    RowKernel cold = new ColdKernel(scalar, SWISH, FLOATS, fast::complete);
    float[] before = row(cold);
    assertFalse(fast.isDone(), "after one row of " + N);
    for (int i = 0; i < 20; i++) {
      assertArrayEquals(before, row(cold));
    }
    assertArrayEquals(before, row(fast.get(SECONDS, TimeUnit.SECONDS)));
  }

  @Test
  void whatIsNeverVectorsIsNeverCold() {
    Signature strided = Signature.of(new DType[] {DType.F32, DType.I32}, new int[] {3, 1});
    Program floor = Program.of(input(0).floor());
    assertFalse(FormulaCompiler.isVector(floor, strided, 512));
    assertFalse(Kernels.of(floor, strided) instanceof ColdKernel);
  }

  @Test
  void vectorsAreForRowsOfNeighboursAndOfOneNumber() {
    assertTrue(FormulaCompiler.isVector(SWISH, FLOATS, 128));
    assertFalse(FormulaCompiler.isVector(SWISH, FLOATS, 0));
  }

  @Test
  void aKernelThatIsReplacedIsFoundByTheNextSearch() throws Exception {
    assumeTrue(Lanes.bits() > 0 && !Warmup.impatient, "kernels of this JVM are never cold");
    Program program = Program.of(input(0).plus(input(1).times(input(1))).exp()); // of this test
    RowKernel first = Kernels.of(program, FLOATS);
    assertEquals(ColdKernel.class, first.getClass());
    for (int i = 0; i < 20; i++) {
      row(first);
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (Kernels.of(program, FLOATS) == first && System.nanoTime() < end) {
      Thread.sleep(1);
    }
    assertFalse(Kernels.of(program, FLOATS) instanceof ColdKernel);
    assertArrayEquals(row(first), row(Kernels.of(program, FLOATS)));
  }

  private float[] row(RowKernel kernel) {
    float[] y = new float[N];
    Arrays.fill(y, Float.NaN);
    kernel.run(new Object[] {x, one, y}, new int[3], new int[] {1, 0, 1}, N);
    return y;
  }
}
