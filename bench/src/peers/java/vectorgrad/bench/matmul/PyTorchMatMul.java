package vectorgrad.bench.matmul;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.Peer;

/// [Product] in PyTorch's C++, called through JavaCPP. OpenBLAS computes it, with the kernels that
/// it picks; on Zen 4 its kernels for AVX-512, which `OPENBLAS_CORETYPE=COOPERLAKE` in the
/// environment asks for on processors that it does not know, are no faster.
@Peer("PyTorch 2.10")
@State(Scope.Benchmark)
public class PyTorchMatMul {
  @Param({
    "16x16x16 nn",
    "64x64x64 nn",
    "128x128x128 nn",
    "256x256x256 nn",
    "256x256x256 tn",
    "256x256x256 nt",
    "512x512x512 nn",
    "1024x1024x1024 nn",
    "64x256x784 nt",
    "256x784x64 tn",
    "64x784x256 nn",
    "128x4096x784 nt",
    "32x1024x256 nt",
    "1024x256x256 nt",
    "1024x1024x256 nt",
    "32x36864x25 nn"
  })
  public String product;

  private Tensor a;
  private Tensor b;

  @Setup
  public void setup() throws Throwable {
    int threads = Integer.getInteger("vectorgrad.threads", 1);
    limitThreads(threads);
    torch.set_num_threads(threads);
    Product p = Product.of(product);
    a =
        p.leftTransposed()
            ? Tensor.create(p.left(), new long[] {p.k(), p.m()}).t()
            : Tensor.create(p.left(), new long[] {p.m(), p.k()});
    b =
        p.rightTransposed()
            ? Tensor.create(p.right(), new long[] {p.n(), p.k()}).t()
            : Tensor.create(p.right(), new long[] {p.k(), p.n()});
    var c = new float[p.m() * p.n()];
    try (var _ = new PointerScope()) {
      torch.mm(a, b).data_ptr_float().get(c);
    }
    p.expect(c);
  }

  /// OpenBLAS does not ask PyTorch how many threads to use, but the environment, when it is loaded;
  /// and Java can give an environment to other processes only.
  @SuppressWarnings("restricted") // calls C
  private static void limitThreads(int threads) throws Throwable {
    Linker linker = Linker.nativeLinker();
    MethodHandle setenv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setenv"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));
    try (var arena = Arena.ofConfined()) {
      int status =
          (int)
              setenv.invokeExact(
                  arena.allocateFrom("OPENBLAS_NUM_THREADS"),
                  arena.allocateFrom(Integer.toString(threads)),
                  1);
      if (status != 0) {
        throw new IllegalStateException("setenv: " + status);
      }
    }
  }

  /// What JavaCPP allocates is freed at the end.
  @Benchmark
  public Tensor matmul() {
    try (var _ = new PointerScope()) {
      return torch.mm(a, b);
    }
  }
}
