package vectorgrad.accel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a machine without devices is told.
class DriversTest {
  @TempDir private Path gpus;

  @Test
  void theDriverOfTheGpuThatIsThereIsNamed() throws IOException {
    Path device = Files.createDirectories(gpus.resolve("card1").resolve("device"));
    Files.writeString(device.resolve("vendor"), "0x10de\n");
    assertEquals(
        "opencl: the loader finds no driver; apt install nvidia-opencl-icd, for the GPU of this"
            + " machine",
        Drivers.missing("the loader finds no driver", gpus, false));
  }

  @Test
  void withoutAGpuTheProcessorCanComputeAsOne() throws IOException {
    Files.createDirectories(gpus.resolve("card0").resolve("device")); // nobody says whose
    Files.createDirectories(gpus.resolve("version"));
    String expected =
        "opencl: no loader; apt install ocl-icd-libopencl1 pocl-opencl-icd, which computes on the"
            + " processor: no GPU was found";
    assertEquals(expected, Drivers.missing("no loader", gpus, true));
    assertEquals(expected, Drivers.missing("no loader", gpus.resolve("nowhere"), true));
  }
}
