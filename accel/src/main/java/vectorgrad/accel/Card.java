package vectorgrad.accel;

import static org.jocl.CL.*;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jocl.Pointer;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/// A device as its driver describes it.
///
/// @param platform that it belongs to
/// @param id its handle
/// @param name such as `NVIDIA H200`
/// @param driver the driver's version, which decides what programs compile to
/// @param version of OpenCL
/// @param isGpu whether it is one, rather than a processor that pretends
/// @param units that compute at once: multiprocessors, or cores
/// @param memory bytes of it
/// @param largest bytes of one allocation
/// @param local bytes that a group of work items shares
/// @param group how many work items a group has at most
/// @param extensions beyond the core of OpenCL
/// @param roundsRight whether division and square root of f32 are correctly rounded if asked to
record Card(
    cl_platform_id platform,
    cl_device_id id,
    String name,
    String driver,
    String version,
    boolean isGpu,
    int units,
    long memory,
    long largest,
    long local,
    int group,
    List<String> extensions,
    boolean roundsRight) {

  static Card of(cl_platform_id platform, cl_device_id id) {
    return new Card(
        platform,
        id,
        text(id, CL_DEVICE_NAME),
        text(id, CL_DRIVER_VERSION),
        text(id, CL_DEVICE_VERSION),
        (number(id, CL_DEVICE_TYPE) & CL_DEVICE_TYPE_GPU) != 0,
        (int) number(id, CL_DEVICE_MAX_COMPUTE_UNITS),
        number(id, CL_DEVICE_GLOBAL_MEM_SIZE),
        number(id, CL_DEVICE_MAX_MEM_ALLOC_SIZE),
        number(id, CL_DEVICE_LOCAL_MEM_SIZE),
        (int) number(id, CL_DEVICE_MAX_WORK_GROUP_SIZE),
        List.of(text(id, CL_DEVICE_EXTENSIONS).split(" ")),
        (number(id, CL_DEVICE_SINGLE_FP_CONFIG) & CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0);
  }

  /// Whether it computes in f64.
  boolean hasDoubles() {
    return extensions.contains("cl_khr_fp64");
  }

  /// One line.
  String describe() {
    return "%s, %s, %,d MB, f64 %s"
        .formatted(
            name,
            isGpu ? units + " multiprocessors" : units + (units == 1 ? " core" : " cores"),
            memory >> 20,
            hasDoubles() ? "yes" : "no");
  }

  /// What it can do, in a few lines.
  List<String> details() {
    boolean subGroups = extensions.stream().anyMatch(e -> e.endsWith("_subgroups"));
    return List.of(
        "%s, %s, driver %s".formatted(platformName(), version, driver),
        "f64 %s, f16 %s, sub-groups %s, f32 %s"
            .formatted(
                yes(hasDoubles()),
                yes(extensions.contains("cl_khr_fp16")),
                yes(subGroups),
                roundsRight ? "rounded right" : "divided to 2.5 ulp"),
        "%,d work items and %,d kB of local memory in a group, %,d MB at a time"
            .formatted(group, local >> 10, largest >> 20));
  }

  private static String yes(boolean is) {
    return is ? "yes" : "no";
  }

  private String platformName() {
    long[] size = new long[1];
    clGetPlatformInfo(platform, CL_PLATFORM_NAME, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    clGetPlatformInfo(platform, CL_PLATFORM_NAME, bytes.length, Pointer.to(bytes), null);
    return string(bytes);
  }

  private static String string(byte[] bytes) {
    return new String(bytes, 0, Math.max(0, bytes.length - 1), StandardCharsets.UTF_8).strip();
  }

  private static String text(cl_device_id id, int property) {
    long[] size = new long[1];
    clGetDeviceInfo(id, property, 0, null, size);
    byte[] bytes = new byte[(int) size[0]];
    clGetDeviceInfo(id, property, bytes.length, Pointer.to(bytes), null);
    return string(bytes);
  }

  /// A number of 4 or 8 bytes, which is little-endian on all that runs this.
  private static long number(cl_device_id id, int property) {
    long[] value = new long[1];
    long[] size = new long[1];
    clGetDeviceInfo(id, property, 0, null, size);
    clGetDeviceInfo(id, property, size[0], Pointer.to(value), null);
    return size[0] == Integer.BYTES ? value[0] & 0xffff_ffffL : value[0];
  }
}
