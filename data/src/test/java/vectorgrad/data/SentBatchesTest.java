package vectorgrad.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vectorgrad.tensor.ClosedScopeException;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.DeviceException;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.spi.Backend;

/// Batches that live on a device other than the processor.
class SentBatchesTest {
  private static final String LOADER = "vectorgrad-loader";

  /// A device that computes as the reference does, and keeps a record of its memory.
  private static final class Recorder {
    final Device device;
    final Set<Object> lent =
        Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
    final List<String> senders = Collections.synchronizedList(new ArrayList<>());
    final Semaphore sent = new Semaphore(0);
    volatile int room = Integer.MAX_VALUE;

    Recorder(boolean takesAhead) {
      Backend real = Device.REFERENCE.backend();
      Object backend =
          Proxy.newProxyInstance(
              Backend.class.getClassLoader(),
              new Class<?>[] {Backend.class},
              (_, verb, arguments) -> {
                switch (verb.getName()) {
                  case "takesAhead" -> {
                    return takesAhead;
                  }
                  case "release" -> {
                    assertTrue(lent.remove(arguments[0]), "given back once");
                    return null;
                  }
                  case "allocate" -> {
                    if (lent.size() >= room) {
                      throw new DeviceException(Message.of("test", "there is no memory"));
                    }
                  }
                  default -> {}
                }
                Object result;
                try {
                  result = verb.invoke(real, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
                if (verb.getName().equals("allocate")) {
                  lent.add(result);
                } else if (verb.getName().equals("upload")) {
                  senders.add(Thread.currentThread().getName());
                  sent.release();
                }
                return result;
              });
      this.device = Device.of("test", (Backend) backend);
    }
  }

  private record Numbers(List<Float> inputs, List<Integer> labels) {}

  private static List<Numbers> numbers(Pass pass, Device device) {
    List<Numbers> all = new ArrayList<>();
    try (pass) {
      while (pass.hasNext()) {
        Batch batch = pass.next();
        assertSame(device, batch.images().device());
        assertSame(device, batch.labels().device());
        List<Float> inputs = new ArrayList<>();
        for (float x : batch.images().toFloats()) {
          inputs.add(x);
        }
        List<Integer> labels = new ArrayList<>();
        for (int y : batch.labels().toInts()) {
          labels.add(y);
        }
        all.add(new Numbers(inputs, labels));
      }
    }
    return all;
  }

  @Property(tries = 60)
  void batchesAreTheSameOnEveryDevice(
      @ForAll @IntRange(min = 1, max = 60) int samples,
      @ForAll @IntRange(min = 1, max = 20) int batchSize,
      @ForAll @IntRange(max = 4) int prefetch,
      @ForAll boolean takesAhead,
      @ForAll long seed) {
    Recorder recorder = new Recorder(takesAhead);
    Loader loader =
        DatasetTest.numbered(samples).shuffled(Seed.of(seed)).batches(batchSize).prefetch(prefetch);
    Loader there = loader.to(recorder.device);
    int middle = loader.batches() / 2; // an epoch goes on there
    for (int first : new int[] {0, middle}) {
      assertEquals(
          numbers(loader.epoch(3, first), Device.CPU),
          numbers(there.epoch(3, first), recorder.device));
    }
    assertTrue(recorder.lent.isEmpty(), "all memory came back");
  }

  @Test
  void mixedBatchesAreSentAsTheyWereMixed() {
    Recorder recorder = new Recorder(true);
    Loader loader = DatasetTest.numbered(20).batches(6).mixup(0.4, Seed.of(5));
    try (Pass here = loader.epoch(1);
        Pass there = loader.to(recorder.device).epoch(1)) {
      while (here.hasNext()) {
        Batch expected = here.next();
        Batch found = there.next();
        assertArrayEquals(expected.images().toFloats(), found.images().toFloats());
        assertArrayEquals(expected.labels().toFloats(), found.labels().toFloats());
      }
    }
    assertTrue(recorder.lent.isEmpty());
  }

  /// Two of them, while the first is in the consumer's hands; and no more than there is memory for.
  @Test
  @Timeout(60)
  void theNextBatchesAreSentByTheLoadersThread() throws InterruptedException {
    Recorder recorder = new Recorder(true);
    try (Pass pass = DatasetTest.numbered(40).batches(4).to(recorder.device).epoch(0)) {
      Batch first = pass.next();
      Object memory = first.images().memory();
      recorder.sent.acquire(2 * 3); // inputs and labels; a fourth has nowhere to go
      assertArrayEquals(new int[] {0, 1, 2, 3}, first.labels().toInts());
      assertEquals(2 * 3, recorder.senders.size());
      assertArrayEquals(new int[] {4, 5, 6, 7}, pass.next().labels().toInts());
      assertThrows(ClosedScopeException.class, () -> first.labels().toInts());
      assertNotSame(memory, pass.next().images().memory());
      assertSame(memory, pass.next().images().memory());
      assertEquals(2 * 3, recorder.lent.size());
    }
    assertEquals(Set.of(LOADER), Set.copyOf(recorder.senders));
    assertTrue(recorder.lent.isEmpty());
  }

  /// What does not take anything ahead, or a loader without a thread.
  @Test
  void theConsumerSendsWhatNobodySentAhead() {
    Recorder alone = new Recorder(false);
    assertEquals(
        3,
        numbers(DatasetTest.numbered(9).batches(3).to(alone.device).epoch(0), alone.device).size());
    Recorder inline = new Recorder(true);
    Loader loader = DatasetTest.numbered(9).batches(3).to(inline.device).prefetch(0);
    assertEquals(3, numbers(loader.epoch(0), inline.device).size());
    String here = Thread.currentThread().getName();
    assertEquals(Collections.nCopies(6, here), alone.senders);
    assertEquals(Collections.nCopies(6, here), inline.senders);
  }

  @Test
  void aPassThatIsClosedEarlyGivesAllMemoryBack() {
    for (int taken = 0; taken < 4; taken++) {
      Recorder recorder = new Recorder(true);
      try (Pass pass = DatasetTest.numbered(100).batches(2).to(recorder.device).epoch(0)) {
        for (int i = 0; i < taken; i++) {
          pass.next();
        }
      }
      assertTrue(recorder.lent.isEmpty(), "after " + taken);
    }
  }

  @Test
  void aKeptBatchKeepsItsMemory() {
    Recorder recorder = new Recorder(true);
    List<Batch> kept = new ArrayList<>();
    try (Pass pass = DatasetTest.numbered(12).batches(2).to(recorder.device).epoch(0)) {
      while (pass.hasNext()) {
        Batch batch = pass.next();
        if (pass.position() % 2 == 0) {
          kept.add(batch.keep());
        }
      }
    }
    assertEquals(2 * 3, recorder.lent.size());
    assertArrayEquals(new int[] {2, 3}, kept.get(0).labels().toInts());
    assertArrayEquals(new float[] {10, 11}, kept.get(2).images().toFloats());
  }

  @Test
  @Timeout(60)
  void aDeviceThatFailsIsHeardByTheConsumer() {
    for (int prefetch : new int[] {0, 3}) {
      Recorder recorder = new Recorder(true);
      recorder.room = prefetch == 0 ? 0 : 5; // the third batch finds room for its inputs
      Pass pass =
          DatasetTest.numbered(12).batches(2).prefetch(prefetch).to(recorder.device).epoch(0);
      int failing = prefetch == 0 ? 0 : 2;
      for (int i = 0; i < failing; i++) {
        pass.next().keep(); // so none comes back
      }
      DeviceException failure = assertThrows(DeviceException.class, pass::next);
      assertEquals("test: there is no memory", failure.getMessage());
      assertEquals(
          "Loader: batch " + failing + " was on its way to test",
          failure.getSuppressed()[0].getMessage());
      assertThrows(DeviceException.class, pass::next);
      pass.close();
      assertEquals(2 * failing, recorder.lent.size(), "what was kept");
    }
  }

  @Test
  void aLoaderKeepsItsMeter() {
    Recorder recorder = new Recorder(true);
    Loader loader = DatasetTest.numbered(6).batches(2);
    assertSame(Device.CPU, loader.device());
    assertSame(recorder.device, loader.to(recorder.device).dropLast().device());
    numbers(loader.to(recorder.device).epoch(0), recorder.device);
    assertEquals(3, loader.stalls().batches());
  }
}
