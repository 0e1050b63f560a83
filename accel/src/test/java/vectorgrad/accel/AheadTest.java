package vectorgrad.accel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Lease;
import vectorgrad.tensor.OpenCl;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// What is sent while kernels run, by another thread than the one that computes.
class AheadTest {
  private static final int ELEMENTS = 1000; // of an array: more than travel inside a command

  /// Counts how often `x[0]` is found to have become one more, until it was `most` times or nothing
  /// came for very long.
  private static final String WATCH =
      """
      __kernel void run(__global const volatile int* x, __global int* seen, const int most) {
        if (get_global_id(0) > 0) return;
        int found = 0;
        for (int i = 0; i < 2000000000 && found < most; i++) {
          if (x[0] > found) {
            found++;
            i = 0;
          }
        }
        seen[0] = found;
      }
      """;

  private final Card card = ((OpenClBackend) OpenCl.device().backend()).queue().card();

  private List<Queue> queues() {
    Binaries none = new Binaries(Optional.empty(), card);
    return List.of(
        new Queue(card, none, new Ledger(false), true, Optional.empty()),
        new Queue(card, none, new Ledger(false), false, Optional.empty()));
  }

  private static Memory filled(Queue queue, int... start) {
    Memory memory = queue.allocate(4L * ELEMENTS);
    queue.write(Arrays.copyOf(start, ELEMENTS), memory, 0, 4L * ELEMENTS);
    return memory;
  }

  private static void run(Queue queue, String source, Queue.Argument x, Memory y, int... numbers) {
    queue.run(
        source, () -> source, () -> "test", 1, x, Queue.Argument.of(y), Queue.Argument.of(numbers));
  }

  private static int first(Queue queue, Memory memory) {
    int[] found = new int[ELEMENTS];
    queue.read(memory, 0, found);
    return found[0];
  }

  /// The kernel of a step runs until the batches of the next ones have arrived, which another
  /// thread sends while this one waits for the kernel's result. If the kernel, or who waits for it,
  /// held them up, none would come.
  @Test
  @Timeout(300)
  void batchesArriveWhileAKernelRuns() {
    Assumptions.assumeTrue(
        card.isGpu() || card.units() >= 2, "a core for the kernel, one for both");
    int batches = 50;
    for (Queue queue : queues()) {
      Memory next = filled(queue);
      Memory seen = filled(queue);
      assertEquals(0, first(queue, next)); // has arrived
      // the queue is not told that the kernel looks there
      Queue.Argument secret =
          new Queue.Argument(Sizeof.cl_mem, Pointer.to(next.handle()), Optional.empty());
      run(queue, WATCH, secret, seen, batches);
      CompletableFuture<Void> loader =
          CompletableFuture.runAsync(() -> {
            for (int i = 1; i <= batches; i++) {
              queue.write(Arrays.copyOf(new int[] {i}, ELEMENTS), next, 0, 4L * ELEMENTS);
            }
          });
      assertEquals(batches, first(queue, seen), "arrived while the kernel ran");
      loader.join();
    }
  }

  /// Looks at memory again and again, and tells the last number found.
  private static final String READ =
      """
      __kernel void run(__global const volatile int* x, __global int* seen, const int times) {
        if (get_global_id(0) > 0) return;
        int found = x[0];
        for (int i = 0; i < times && found == x[0]; i++);
        seen[0] = x[0];
      }
      """;

  @Test
  @Timeout(300)
  void aBatchThatAKernelReadsIsNotWrittenOver() {
    for (Queue queue : queues()) {
      Memory batch = filled(queue, 1);
      Memory seen = filled(queue);
      Memory later = filled(queue);
      run(queue, READ, Queue.Argument.of(batch), seen, 50_000_000);
      CompletableFuture<Void> loader =
          CompletableFuture.runAsync(
              () -> queue.write(Arrays.copyOf(new int[] {2}, ELEMENTS), batch, 0, 4L * ELEMENTS));
      assertEquals(1, first(queue, seen), "the kernel has read its own batch");
      loader.join();
      run(queue, READ, Queue.Argument.of(batch), later, 1);
      assertEquals(2, first(queue, later), "the next one reads the next");
    }
  }

  /// The same when the memory came back in between, and was lent to somebody else.
  @Test
  @Timeout(300)
  void memoryThatIsLentAgainIsNotWrittenOver() {
    for (Queue queue : queues()) {
      Memory batch = filled(queue, 1);
      Memory seen = filled(queue);
      run(queue, READ, Queue.Argument.of(batch), seen, 50_000_000);
      batch.release();
      Memory other = filled(queue, 2);
      assertEquals(batch.handle(), other.handle());
      assertEquals(1, first(queue, seen));
      assertEquals(2, first(queue, other));
    }
  }

  /// What was sent for nobody, and came back, is not in the way of what is computed there next.
  @Test
  @Timeout(300)
  void aBatchThatNobodyAskedForDoesNoHarm() {
    for (Queue queue : queues()) {
      for (int i = 0; i < 100; i++) {
        Memory unused = filled(queue, 7);
        unused.release();
        Memory seen = queue.allocate(4L * ELEMENTS);
        assertEquals(unused.handle(), seen.handle());
        run(queue, READ, Queue.Argument.of(filled(queue, i)), seen, 1);
        assertEquals(i, first(queue, seen));
        seen.release();
      }
    }
  }

  /// A ring of three batches, as a loader has, and a consumer that reads a value in some steps
  /// only.
  @Test
  @Timeout(300)
  void everyStepComputesWithItsOwnBatch() throws InterruptedException {
    int steps = 300;
    Shape shape = Shape.of(ELEMENTS);
    for (Queue queue : queues()) {
      Device device = Device.of("test", new OpenClBackend(queue));
      BlockingQueue<Object> free = new ArrayBlockingQueue<>(3);
      BlockingQueue<Lease> ready = new ArrayBlockingQueue<>(3);
      for (int i = 0; i < 3; i++) {
        free.add(device.backend().allocate(DType.F32, ELEMENTS));
      }
      Thread loader =
          Thread.ofPlatform()
              .start(() -> {
                float[] array = new float[ELEMENTS]; // one for all: it may change once it is sent
                for (int i = 0; i < steps; i++) {
                  try {
                    Object memory = free.take();
                    Arrays.fill(array, i);
                    ready.put(Lease.of(device, memory, array, DType.F32, shape, "a batch"));
                  } catch (InterruptedException e) {
                    return;
                  }
                }
              });
      Deque<Tensor> sums = new ArrayDeque<>();
      Tensor one = Tensor.ones(Shape.SCALAR, DType.F32).to(device);
      for (int i = 0; i < steps; i++) {
        Lease lease = ready.take();
        Tensor batch = lease.tensor();
        Object memory = batch.memory();
        try (Scope _ = Scope.open()) {
          sums.add(batch.mul(one).add(batch).sum().keep());
        }
        assertTrue(lease.end());
        free.put(memory);
        if (i % 7 == 6) {
          assertEquals(2f * i * ELEMENTS, sums.getLast().item());
        }
      }
      loader.join();
      float[] expected = new float[steps];
      float[] found = new float[steps];
      for (int i = 0; i < steps; i++) {
        expected[i] = 2f * i * ELEMENTS;
        found[i] = (float) sums.remove().item();
      }
      assertArrayEquals(expected, found);
    }
  }
}
