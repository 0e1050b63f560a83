package vectorgrad.accel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import example.Held;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.OpenCl;
import vectorgrad.tensor.Tensor;

/// Memory and errors of a device.
class QueueTest {
  private final Device device = OpenCl.device();
  private final Queue queue = ((OpenClBackend) device.backend()).queue();

  @Test
  void sizesAreRoundedUpByAFifthAtMost() {
    assertEquals(256, Pool.size(0));
    assertEquals(256, Pool.size(256));
    assertEquals(320, Pool.size(257));
    assertEquals(1 << 20, Pool.size(1 << 20));
    for (long bytes = 256; bytes < 1L << 40; bytes += 1 + bytes / 7) {
      long size = Pool.size(bytes);
      assertTrue(bytes <= size && size <= bytes * 1.25, bytes + " becomes " + size);
      assertEquals(size, Pool.size(size));
    }
  }

  @Test
  void memoryThatCameBackIsLentAgain() {
    long bytes = 123 << 12; // of a size that nobody else asks for
    Memory first = queue.allocate(bytes);
    Memory second = queue.allocate(bytes);
    assertNotSame(first.handle(), second.handle());
    first.release();
    first.release(); // once is enough
    assertSame(first.handle(), queue.allocate(bytes).handle());
    assertNotSame(first.handle(), queue.allocate(bytes).handle());
  }

  @Test
  void moreMemoryThanThereIsIsRefusedWithFigures() {
    var e = assertThrows(DeviceException.class, () -> queue.allocate(1L << 50));
    assertTrue(
        e.getMessage()
            .matches(
                """
                opencl: there is no memory for 1,125,899,906,842,624 bytes
                  device .+, [\\d,]+ bytes
                  limit  [\\d,]+ bytes at a time
                  in use [\\d,]+ bytes
                  help   smaller batches, or a Scope for each step
                  help   -Dvectorgrad.opencl.sites=true tells which lines hold how much\
                """),
        e.getMessage());
  }

  /// By lines of code, the largest first, as long as somebody holds it.
  @Test
  void aShortageTellsWhoHoldsWhat() {
    Binaries none = new Binaries(Optional.empty(), queue.card());
    Queue told = new Queue(queue.card(), none, new Ledger(true), false, Optional.empty());
    Device holder = Device.of("told", new OpenClBackend(told));
    Tensor small = Held.few(holder);
    List<Tensor> large = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      large.add(Held.many(holder));
    }
    var e = assertThrows(DeviceException.class, () -> told.allocate(1L << 50));
    List<String> rows =
        e.getMessage()
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("in use"))
            .toList();
    assertEquals(
        List.of(
            "in use 8,448 bytes",
            "in use 8,192 bytes in 2 from example.Held.many(Held.java:19)",
            "in use 256 bytes in 1 from example.Held.few(Held.java:14)"),
        rows.stream().map(row -> row.replaceAll("[\\w.]+/", "")).toList());
    assertFalse(e.getMessage().contains("sites=true"), e.getMessage());
    large.forEach(tensor -> ((Memory) tensor.memory()).release());
    assertEquals("256 bytes", told.report().getFirst());
    ((Memory) small.memory()).release();
    assertEquals(List.of("0 bytes"), told.report());
  }

  @Test
  void aKernelThatDoesNotCompileShowsTheDeviceTheFormulaAndTheLog() {
    var e =
        assertThrows(
            DeviceException.class,
            () -> queue.run("wrong", () -> "__kernel void run() { nonsense; }", () -> "x + y", 1));
    String[] lines = e.getMessage().split("\n");
    assertEquals("opencl: a kernel does not compile", lines[0]);
    assertTrue(lines[1].matches("  device .+, driver .+"), lines[1]);
    assertEquals("  for    x + y", lines[2]);
    assertTrue(e.getMessage().contains("nonsense"), e.getMessage());
  }

  @Test
  void theDeviceIsFoundByItsName() {
    assertSame(device, Device.named("opencl:0"));
    assertTrue(Device.all().contains(device));
    var e = assertThrows(DeviceException.class, () -> Device.named("opencl:99"));
    assertTrue(
        e.getMessage()
            .startsWith(
                """
                device: there is no device "opencl:99"
                  help   one of [cpu, reference, opencl:0\
                """),
        e.getMessage());
  }

  /// In pieces, more of them than there are, some of them reused.
  @Test
  void arraysAreFetchedWhileTheCallerGoesOn() {
    Queue staged = staged(Optional.empty());
    int length = 5_500_001; // 22 MB, where pieces have 4
    float[] array = new float[length];
    for (int i = 0; i < length; i++) {
      array[i] = i;
    }
    Memory memory = staged.allocate(4L * (length + 3));
    staged.write(array, memory, 12, 4L * length);
    float[] expected = array.clone();
    Arrays.fill(array, -1); // it may change at once
    float[] found = new float[length];
    staged.read(memory, 12, found);
    assertArrayEquals(expected, found);
  }

  @Test
  void aListenerHearsWhatRanAndWhen() {
    List<String> heard = new ArrayList<>();
    long before = System.nanoTime();
    Device told =
        Device.of(
            "told",
            device
                .backend()
                .heardBy((kernel, begin, end) -> {
                  heard.add(kernel);
                  assertTrue(before - 1_000_000 < begin && begin <= end, kernel);
                })
                .orElseThrow());
    Tensor x = Tensor.arange(4, DType.F32).to(told);
    Tensor y = x.mul(x);
    assertArrayEquals(new float[] {14}, y.sum().toFloats());
    assertEquals(List.of("write", "x·y", "sum of x", "read"), heard);
  }

  /// Inside a command, if they are a power of two.
  @Test
  void fewNumbersAreWrittenWithoutWaiting() {
    List<String> heard = new ArrayList<>();
    Queue told = new Queue(queue.card(), (kernel, _, _) -> heard.add(kernel));
    Memory memory = told.allocate(24);
    told.write(new int[] {1, 2, 3, 4, 5, 6}, memory, 0, 24);
    told.write(new int[] {7, 8}, memory, 8, 8);
    told.write(new int[] {9}, memory, 20, 4);
    told.write(new int[] {10, 11}, memory, 4, 8); // at no multiple of their size
    int[] found = new int[6];
    told.read(memory, 0, found);
    assertArrayEquals(new int[] {1, 10, 11, 8, 5, 9}, found);
    assertEquals(List.of("write", "write", "write", "write", "read"), heard);
  }

  /// A slow kernel still reads the memory that the next array is for.
  @Test
  void anArrayWaitsForWhatReadsItsMemory() {
    Queue staged = staged(Optional.empty());
    String slow =
        """
        __kernel void run(__global const int* x, __global int* y, const int place) {
          if (get_global_id(0) > 0) return;
          int z = x[0];
          for (int i = 0; i < 300000; i++) z = z * 1664525 + 1013904223;
          y[place] = x[0] * 1000 + x[1] + (z == 42 ? 0 : 0 * z);
        }
        """;
    int count = 40;
    Memory results = staged.allocate(4L * count);
    for (int i = 0; i < count; i++) {
      Memory memory = staged.allocate(8);
      staged.write(new int[] {i, 0}, memory, 0, 8);
      if (i % 2 == 1) { // while it is in use
        staged.write(new int[] {i}, memory, 4, 4);
      }
      staged.run(
          "slow",
          () -> slow,
          () -> "slow",
          1,
          Queue.Argument.of(memory),
          Queue.Argument.of(results),
          Queue.Argument.of(i));
      if (i % 3 > 0) {
        memory.release(); // and is lent again at once
      }
    }
    int[] found = new int[count];
    staged.read(results, 0, found);
    for (int i = 0; i < count; i++) {
      assertEquals(i * 1000 + (i % 2 == 1 ? i : 0), found[i], "array " + i);
    }
  }

  @Test
  void anArrayThatIsRefusedLeavesTheRestAsItWas() {
    Queue staged = staged(Optional.empty());
    Memory memory = staged.allocate(256);
    var e =
        assertThrows(DeviceException.class, () -> staged.write(new byte[1024], memory, 0, 1024));
    assertTrue(e.getMessage().startsWith("opencl: the driver refuses: CL_INVALID_VALUE\n"));
    staged.write(new int[] {1, 2, 3}, memory, 0, 12);
    int[] found = new int[3];
    staged.read(memory, 0, found);
    assertArrayEquals(new int[] {1, 2, 3}, found);
  }

  private Queue staged(Optional<Timeline> timeline) {
    Binaries none = new Binaries(Optional.empty(), queue.card());
    return new Queue(queue.card(), none, new Ledger(false), true, timeline);
  }

  @Test
  void whatTheDriverRefusesNamesTheDevice() {
    Memory memory = queue.allocate(256);
    var e = assertThrows(DeviceException.class, () -> queue.write(new byte[1024], memory, 0, 1024));
    assertTrue(
        e.getMessage()
            .matches(
                """
                opencl: the driver refuses: CL_INVALID_VALUE
                  device .+, driver .+
                  for    write
                  in use [\\d,]+ bytes\
                """),
        e.getMessage());
  }

  @Test
  void aProcessorIsHadInParts() {
    Assumptions.assumeTrue(!queue.card().isGpu() && queue.card().units() >= 2);
    Device first = Device.named("opencl:0.0/2");
    Device second = Device.named("opencl:0.1/2");
    assertSame(first, Device.named("opencl:0.0/2"));
    assertNotSame(first, second);
    assertFalse(Device.all().contains(first));
    for (Device part : List.of(first, second)) {
      assertEquals(
          queue.card().units() / 2, ((OpenClBackend) part.backend()).queue().card().units());
      Tensor x = Tensor.arange(4, DType.F32).to(part);
      assertArrayEquals(new float[] {0, 2, 4, 6}, x.add(x).toFloats());
    }
    var e = assertThrows(DeviceException.class, () -> Device.named("opencl:0.2/2"));
    assertEquals(
        """
        device: there is no part "opencl:0.2/2"
          rule   the parts of N are numbered 0/N to N−1/N\
        """,
        e.getMessage());
    e = assertThrows(DeviceException.class, () -> Device.named("opencl:0.0/9999"));
    assertTrue(
        e.getMessage()
            .matches(
                """
                opencl: the device cannot be divided into 9999 parts
                  device .+
                  help   whole devices; a processor has as many parts as cores\
                """),
        e.getMessage());
  }

  /// A driver that computes on the processor is slower than Vectorgrad's own kernels there.
  @Test
  void onlyAGpuIsBetterThanTheProcessor() {
    assertEquals(queue.card().isGpu() ? device : Device.CPU, Device.best());
  }
}
