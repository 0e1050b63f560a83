package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.autograd.Mode;
import vectorgrad.data.Batch;
import vectorgrad.data.Dataset;
import vectorgrad.data.Digits;
import vectorgrad.data.Loader;
import vectorgrad.data.Pass;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.optim.Adam;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Tensor;
import vectorgrad.train.Checkpoint;
import vectorgrad.train.Metric;
import vectorgrad.train.Profile;
import vectorgrad.train.Trainer;

/// Batches that the loader's thread sends to a device ahead of their steps.
@Timeout(300)
class OpenClLoaderTest {
  private static final Dataset DATA = Digits.all().take(150);
  private static final int BATCH = 32; // the last of five has 22

  @TempDir private Path folder;
  private Device device;

  @BeforeEach
  void find() {
    Assumptions.assumeTrue(
        "required".equals(System.getenv("VECTORGRAD_OPENCL"))
            || Device.all().stream().anyMatch(found -> found.name().equals("opencl:0")),
        () -> String.join("; ", Device.missing()));
    device = Device.named("opencl:0");
  }

  private static Layer network(Device device) {
    return Layers.sequential(
            Layers.conv2d(1, 4, 3),
            Layers.relu(),
            Layers.maxPool2d(2),
            Layers.flatten(),
            Layers.dropout(0.2),
            Layers.linear(36, 10))
        .initialize(Seed.of(1))
        .to(device);
  }

  private static Loader loader() {
    return DATA.shuffled(Seed.of(3)).batches(BATCH);
  }

  private static Trainer trainer(Layer model) {
    return new Trainer(model, new CrossEntropy(), new Adam(model.parameters()), loader())
        .metrics(Metric.ACCURACY)
        .validateOn(Digits.all().take(70).batches(BATCH));
  }

  private static List<float[]> weights(Layer model) {
    return model.parameters().stream().map(parameter -> parameter.value().toFloats()).toList();
  }

  private static void assertSameBits(List<float[]> expected, List<float[]> found) {
    assertEquals(
        expected.stream().map(Arrays::toString).toList(),
        found.stream().map(Arrays::toString).toList());
  }

  /// Two epochs, where each batch is sent when its step begins.
  private List<float[]> weightsWithoutATrainer() {
    Layer model = network(device);
    Adam adam = new Adam(model.parameters());
    for (int epoch = 0; epoch < 2; epoch++) {
      for (Batch batch : passOf(loader(), epoch)) {
        try (Scope _ = Scope.open()) {
          Tensor x = batch.images().to(device);
          Tensor y = batch.labels().to(device);
          Mode.TRAINING.run(() -> adam.step(new CrossEntropy().of(model.forward(x), y).backward()));
        }
      }
    }
    return weights(model);
  }

  private static Iterable<Batch> passOf(Loader loader, int epoch) {
    return () -> loader.epoch(epoch);
  }

  @Test
  void batchesSentAheadTeachTheSameToTheBit() {
    List<float[]> expected = weightsWithoutATrainer();
    for (int i = 0; i < 3; i++) {
      Layer model = network(device);
      assertTrue(trainer(model).run(2));
      assertSameBits(expected, weights(model));
    }
    Profile profile = Profile.of(device);
    Layer model = network(profile.device());
    assertTrue(trainer(model).run(2));
    assertSameBits(expected, weights(model));
    assertTrue(0 < profile.busy() && profile.busy() <= 1);
    assertTrue(profile.rows().stream().anyMatch(row -> row.kernel().equals("write")));
  }

  @Test
  void aRunGoesOnInTheMiddleOfAnEpoch() throws IOException {
    Layer whole = network(device);
    assertTrue(trainer(whole).run(2));
    Layer part = network(device);
    Trainer stopped = trainer(part);
    assertFalse(stopped.stopWhen(() -> stopped.history().steps() == 3).run(2));
    assertEquals(3, stopped.position().batch());
    Path file = folder.resolve("checkpoint");
    stopped.checkpoint("").write(file);
    Layer resumed = network(device);
    Trainer trainer = trainer(resumed);
    trainer.restore(Checkpoint.read(file));
    assertTrue(trainer.run(2));
    assertSameBits(weights(whole), weights(resumed));
  }

  /// What the device says of the memory that is in use.
  private static String inUse(Device device) {
    return device.backend().details().stream()
        .filter(line -> line.startsWith("in use: "))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aPassThatIsClosedEarlyLeavesNothingOnTheDevice() {
    Device own = Profile.of(device).device(); // which nobody else uses
    String before = inUse(own);
    for (int taken = 0; taken < 4; taken++) {
      try (Pass pass = loader().to(own).epoch(0)) {
        for (int i = 0; i < taken; i++) {
          assertSame(own, pass.next().images().device());
        }
      }
      assertEquals(before, inUse(own));
    }
    try (Pass pass = loader().to(own).epoch(0)) {
      while (pass.hasNext()) {
        assertTrue(Float.isFinite((float) pass.next().images().sum().item()));
      }
    }
  }
}
