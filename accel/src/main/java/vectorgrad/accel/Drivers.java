package vectorgrad.accel;

import static org.jocl.CL.CL_DEVICE_PARTITION_EQUALLY;
import static org.jocl.CL.CL_DEVICE_TYPE_ALL;
import static org.jocl.CL.clCreateSubDevices;
import static org.jocl.CL.clGetDeviceIDs;
import static org.jocl.CL.clGetPlatformIDs;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_device_partition_property;
import org.jocl.cl_platform_id;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Message;

/// What OpenCL there is on this machine.
///
/// Programs talk to a *loader*, a small library of no vendor, which finds the *drivers* of all
/// vendors by files in `/etc/OpenCL/vendors`. Either can be missing.
final class Drivers {
  /// The names under which systems keep the loader.
  private static final List<String> LOADERS =
      List.of(
          "libOpenCL.so.1",
          "libOpenCL.so",
          "OpenCL.dll",
          "/System/Library/Frameworks/OpenCL.framework/OpenCL");

  private static final String NO_LOADER =
      "opencl: no loader is installed (libOpenCL); Debian has it as ocl-icd-libopencl1";
  private static final String NO_DRIVER =
      "opencl: the loader finds no driver; a GPU's own brings it (nvidia-opencl-icd, rocm-opencl),"
          + " pocl-opencl-icd computes on the processor";

  private Drivers() {}

  /// The devices, and why there is none if that is so.
  record Listing(List<Card> cards, String why) {}

  static Listing list() {
    if (!hasLoader()) {
      return new Listing(List.of(), NO_LOADER); // JOCL would print a stack trace
    }
    try {
      CL.setExceptionsEnabled(true);
      int[] count = new int[1];
      clGetPlatformIDs(0, null, count);
      cl_platform_id[] platforms = new cl_platform_id[count[0]];
      clGetPlatformIDs(platforms.length, platforms, null);
      List<Card> cards = new ArrayList<>();
      List<String> failures = new ArrayList<>();
      for (cl_platform_id platform : platforms) {
        add(platform, cards, failures);
      }
      return new Listing(
          List.copyOf(cards), failures.isEmpty() ? NO_DRIVER : "opencl: " + failures.getFirst());
    } catch (CLException e) {
      return new Listing(List.of(), NO_DRIVER); // −1001 of clGetPlatformIDs
    } catch (LinkageError e) {
      return new Listing(List.of(), "opencl: JOCL's library does not load here: " + e.getMessage());
    }
  }

  private static void add(cl_platform_id platform, List<Card> cards, List<String> failures) {
    try {
      int[] count = new int[1];
      clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, count);
      cl_device_id[] devices = new cl_device_id[count[0]];
      clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, devices.length, devices, null);
      for (cl_device_id device : devices) {
        cards.add(Card.of(platform, device));
      }
    } catch (CLException e) {
      failures.add("a driver is there and fails: " + e.getMessage());
    }
  }

  /// One of `parts` equal parts of a device.
  ///
  /// @throws DeviceException if its driver does not divide it so: GPUs' do not
  static Card part(Card whole, int index, int parts) {
    int cores = whole.units() / parts;
    int[] count = new int[1];
    try {
      var equally = new cl_device_partition_property();
      equally.addProperty(CL_DEVICE_PARTITION_EQUALLY, Math.max(1, cores));
      clCreateSubDevices(whole.id(), equally, 0, null, count);
      if (cores > 0 && count[0] >= parts) {
        cl_device_id[] devices = new cl_device_id[count[0]];
        clCreateSubDevices(whole.id(), equally, count[0], devices, null);
        return Card.of(whole.platform(), devices[index]);
      }
    } catch (CLException e) {
      // told below
    }
    throw new DeviceException(
        Message.of("opencl", "the device cannot be divided into %d parts".formatted(parts))
            .row("device", whole.describe())
            .row("help", "whole devices; a processor has as many parts as cores"));
  }

  /// Native code is what this module is about.
  @SuppressWarnings("restricted")
  private static boolean hasLoader() {
    for (String name : LOADERS) {
      try (Arena arena = Arena.ofConfined()) {
        SymbolLookup.libraryLookup(name, arena);
        return true;
      } catch (IllegalArgumentException e) {
        // not under this name
      }
    }
    return false;
  }
}
