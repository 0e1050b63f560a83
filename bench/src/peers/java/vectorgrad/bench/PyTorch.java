package vectorgrad.bench;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// What every benchmark of PyTorch's C++, called through JavaCPP, needs.
public final class PyTorch {
  /// Its name in tables.
  public static final String NAME = "PyTorch 2.10";

  /// Its OpenBLAS left alone, which knows no processor younger than itself and gives it kernels for
  /// half its lanes. Otherwise it is told the kind of processor.
  public static final String AS_SHIPPED = "as shipped";

  private PyTorch() {}

  /// A parameter, as a tensor and as an argument that may be left out: making one each time takes
  /// as long as a small operation.
  public record Weight(Tensor value, TensorOptional optional) {}

  /// Sets threads and kernels; to be called before anything else of PyTorch.
  public static void start() {
    String threads = System.getProperty("vectorgrad.threads", "1");
    setenv("OPENBLAS_NUM_THREADS", threads);
    if (!System.getProperty("vectorgrad.variant", "").equals(AS_SHIPPED)) {
      coreType();
    }
    torch.set_num_threads(Integer.parseInt(threads));
  }

  /// Numbers of ours as a tensor of theirs.
  public static Tensor tensor(vectorgrad.tensor.Tensor ours) {
    long[] shape = java.util.Arrays.stream(ours.shape().toArray()).asLongStream().toArray();
    return ours.dtype() == vectorgrad.tensor.DType.I32
        ? Tensor.create(java.util.Arrays.stream(ours.toInts()).asLongStream().toArray(), shape)
        : Tensor.create(ours.toFloats(), shape);
  }

  /// The same to be trained.
  public static Weight weight(vectorgrad.tensor.Tensor ours) {
    Tensor value = tensor(ours).set_requires_grad(true);
    return new Weight(value, new TensorOptional(value));
  }

  /// The numbers of a tensor.
  public static float[] floats(Tensor tensor) {
    var numbers = new float[(int) tensor.numel()];
    tensor.contiguous().data_ptr_float().get(numbers);
    return numbers;
  }

  private static void coreType() {
    try {
      String processor = Files.readString(Path.of("/proc/cpuinfo"));
      if (processor.contains("avx512_bf16")) {
        setenv("OPENBLAS_CORETYPE", "COOPERLAKE");
      } else if (processor.contains("avx512f")) {
        setenv("OPENBLAS_CORETYPE", "SKYLAKEX");
      }
    } catch (IOException e) {
      // no such file on this system: the choice is OpenBLAS's
    }
  }

  /// In this process, whose libraries are not loaded yet; Java has no word for it.
  @SuppressWarnings("restricted")
  private static void setenv(String name, String value) {
    var linker = Linker.nativeLinker();
    var setenv =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setenv"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_INT));
    try (var arena = java.lang.foreign.Arena.ofConfined()) {
      int _ = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
    } catch (Throwable e) {
      throw new IllegalStateException("setenv " + name, e);
    }
  }
}
