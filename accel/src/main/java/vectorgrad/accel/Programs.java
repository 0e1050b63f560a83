package vectorgrad.accel;

import static org.jocl.CL.*;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Message;

/// What kernels are compiled to: from their source once on a machine, from the file that this left
/// ([Binaries]) from then on. Only the [Queue] calls this, one thread at a time.
final class Programs {
  private final Card card;
  private final cl_context context;
  private final Binaries binaries;

  Programs(Card card, cl_context context, Binaries binaries) {
    this.card = card;
    this.context = context;
    this.binaries = binaries;
  }

  /// The one kernel `run` of a source.
  ///
  /// @param what it computes, for an error
  /// @throws DeviceException with the compiler's log, if it does not compile
  cl_kernel kernel(String source, Supplier<String> what) {
    Optional<byte[]> binary = binaries.find(source);
    if (binary.isPresent()) {
      try {
        return load(binary.orElseThrow());
      } catch (CLException e) {
        // a file that the driver does not take: damaged, or another compiler of the same version
      }
    }
    return compile(source, what);
  }

  /// Options of the compiler. Division and square root that round wrongly would not give the
  /// processor's bits.
  static String options(Card card) {
    return card.roundsRight() ? "-cl-fp32-correctly-rounded-divide-sqrt" : "";
  }

  private cl_kernel compile(String source, Supplier<String> what) {
    cl_program program = clCreateProgramWithSource(context, 1, new String[] {source}, null, null);
    try {
      cl_kernel kernel = build(program);
      binaries.keep(source, binary(program));
      return kernel;
    } catch (CLException e) {
      throw new DeviceException(
          Message.of("opencl", "a kernel does not compile")
              .row("device", card.name() + ", driver " + card.driver())
              .row("for", what.get())
              .row("log", log(program).strip().replace("\n", "\n         "))
              .row("help", "a newer driver, or another device; and please report it"));
    } finally {
      clReleaseProgram(program); // a kernel keeps it
    }
  }

  private cl_kernel load(byte[] binary) {
    cl_program program =
        clCreateProgramWithBinary(
            context,
            1,
            new cl_device_id[] {card.id()},
            new long[] {binary.length},
            new byte[][] {binary},
            null,
            null);
    try {
      return build(program);
    } finally {
      clReleaseProgram(program);
    }
  }

  private cl_kernel build(cl_program program) {
    clBuildProgram(program, 0, null, options(card), null, null);
    return clCreateKernel(program, "run", null);
  }

  private static byte[] binary(cl_program program) {
    long[] size = new long[1];
    clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, Sizeof.size_t, Pointer.to(size), null);
    byte[] binary = new byte[(int) size[0]];
    Pointer pointers = Pointer.to(Pointer.to(binary));
    clGetProgramInfo(program, CL_PROGRAM_BINARIES, Sizeof.POINTER, pointers, null);
    return binary;
  }

  private String log(cl_program program) {
    long[] size = new long[1];
    clGetProgramBuildInfo(program, card.id(), CL_PROGRAM_BUILD_LOG, 0, null, size);
    byte[] text = new byte[(int) size[0]];
    clGetProgramBuildInfo(
        program, card.id(), CL_PROGRAM_BUILD_LOG, text.length, Pointer.to(text), null);
    return new String(text, 0, Math.max(0, text.length - 1), StandardCharsets.UTF_8);
  }
}
