package vectorgrad.accel;

import static org.jocl.CL.CL_DEVICE_PARTITION_EQUALLY;
import static org.jocl.CL.CL_DEVICE_TYPE_ALL;
import static org.jocl.CL.clCreateSubDevices;
import static org.jocl.CL.clGetDeviceIDs;
import static org.jocl.CL.clGetPlatformIDs;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

  /// The drivers by the number of the GPU's maker, as Debian and Ubuntu call them.
  private static final Map<String, String> PACKAGES =
      Map.of(
          "0x10de", "nvidia-opencl-icd",
          "0x1002", "mesa-opencl-icd",
          "0x8086", "intel-opencl-icd");

  private static final Path GPUS = Path.of("/sys/class/drm");

  private Drivers() {}

  /// The devices, and why there is none if that is so.
  record Listing(List<Card> cards, String why) {}

  static Listing list() {
    if (!hasLoader()) {
      // JOCL would print a stack trace
      return new Listing(List.of(), missing("no loader is installed (libOpenCL)", GPUS, true));
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
          List.copyOf(cards), failures.isEmpty() ? noDriver() : "opencl: " + failures.getFirst());
    } catch (CLException e) {
      return new Listing(List.of(), noDriver()); // −1001 of clGetPlatformIDs
    } catch (LinkageError e) {
      return new Listing(List.of(), "opencl: JOCL's library does not load here: " + e.getMessage());
    }
  }

  private static String noDriver() {
    return missing("the loader finds no driver", GPUS, false);
  }

  /// What is missing, and the command that adds it.
  ///
  /// @param gpus where the system lists what draws, and who made it
  static String missing(String what, Path gpus, boolean loader) {
    Optional<String> own =
        makers(gpus).stream().map(PACKAGES::get).filter(Objects::nonNull).findFirst();
    return "opencl: %s; apt install %s%s"
        .formatted(
            what,
            loader ? "ocl-icd-libopencl1 " : "",
            own.map(driver -> driver + ", for the GPU of this machine")
                .orElse("pocl-opencl-icd, which computes on the processor: no GPU was found"));
  }

  /// The makers of this machine's GPUs: `0x10de` is NVIDIA.
  private static List<String> makers(Path gpus) {
    List<String> makers = new ArrayList<>();
    try (DirectoryStream<Path> cards = Files.newDirectoryStream(gpus, "{card,renderD}[0-9]*")) {
      for (Path card : cards) {
        Path vendor = card.resolve("device").resolve("vendor");
        if (Files.isReadable(vendor)) {
          makers.add(Files.readString(vendor).strip());
        }
      }
    } catch (IOException e) {
      return List.of(); // not a Linux, or a container that does not show them
    }
    return makers;
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
