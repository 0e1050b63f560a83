package vectorgrad.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.data.Dataset;
import vectorgrad.data.Digits;
import vectorgrad.data.Loader;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.nn.Loss;
import vectorgrad.optim.Adam;
import vectorgrad.optim.Optimizer;
import vectorgrad.optim.Schedule;
import vectorgrad.optim.Sgd;
import vectorgrad.optim.WeightAverage;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class CheckpointTest {
  @TempDir private Path folder;

  /// What a run can be made of; each field is what differs in a test.
  private static final class Recipe {
    private double dropout = 0.3;
    private Loss loss = new CrossEntropy();
    private Schedule rate = Schedule.constant(1e-2);
    private UnaryOperator<Trainer> more = trainer -> trainer;
    private Loader loader = ResumeCase.DATA.shuffled(Seed.of(3)).batches(16);

    Trainer trainer() {
      Layer model =
          Layers.sequential(
                  Layers.flatten(),
                  Layers.linear(64, 8),
                  Layers.dropout(dropout),
                  Layers.linear(8, 10))
              .initialize(Seed.of(1));
      Optimizer adam = new Adam(model.parameters()).learningRate(rate);
      return more.apply(new Trainer(model, loss, adam, loader).clock(() -> 0));
    }
  }

  private static Trainer with(Consumer<Recipe> change) {
    Recipe recipe = new Recipe();
    change.accept(recipe);
    return recipe.trainer();
  }

  private Checkpoint saved(Trainer trainer) throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    ResumeCase.until(12, trainer).checkpoint("{}").write(file);
    return Checkpoint.read(file);
  }

  /// All that a restore could change.
  private static byte[] everything(Trainer trainer, Path folder) throws IOException {
    Path file = folder.resolve("everything.safetensors");
    trainer.checkpoint("").write(file);
    return Files.readAllBytes(file);
  }

  private String refusal(Checkpoint checkpoint, Trainer trainer) throws IOException {
    byte[] before = everything(trainer, folder);
    String text =
        assertThrows(CheckpointException.class, () -> trainer.restore(checkpoint)).getMessage();
    assertArrayEquals(before, everything(trainer, folder), "something was changed");
    return text;
  }

  @Test
  void otherSettingsAreRefusedAndNamed() throws IOException {
    Checkpoint checkpoint = saved(with(_ -> {}));
    assertEquals(
        """
        checkpoint: it belongs to a run with other settings; nothing was changed
          of     network
          here   2  Dropout(0.5)  state (4) buffer
          file   2  Dropout(0.3)  state (4) buffer
          of     loss
          here   CrossEntropy[reduction=MEAN, labelSmoothing=0.1, ignoreIndex=OptionalInt.empty, weight=Optional.empty]
          file   CrossEntropy[reduction=MEAN, labelSmoothing=0.0, ignoreIndex=OptionalInt.empty, weight=Optional.empty]
          help   set it as it was; branch(checkpoint) goes on otherwise\
        """,
        refusal(
            checkpoint,
            with(other -> {
              other.dropout = 0.5;
              other.loss = new CrossEntropy().labelSmoothing(0.1);
            })));
    assertTrue(
        refusal(checkpoint, with(other -> other.rate = Schedule.cosine(100)))
            .contains("learning rate cosine(100)\n  file   Adam Rule["));
    assertTrue(
        refusal(checkpoint, with(other -> other.more = trainer -> trainer.accumulate(2)))
            .contains("\n  of     batches in a step\n  here   2\n  file   1\n"));
    assertTrue(
        refusal(checkpoint, with(other -> other.more = trainer -> trainer.clipNorm(1)))
            .contains("\n  of     norm clipped to\n  here   1.0\n  file   nothing\n"));
    assertTrue(
        refusal(checkpoint, with(other -> other.loader = other.loader.mixup(0.5, Seed.of(1))))
            .contains("\n  here   Mixup[alpha=0.5, seed=Seed[key=1]]\n  file   none\n"));
  }

  @Test
  void anotherOrderOfTheSamplesIsRefused() throws IOException {
    Checkpoint checkpoint = saved(with(_ -> {}));
    String checksum = checkpoint.run().order().checksum();
    assertEquals(
        """
        checkpoint: it belongs to a run with other batches; nothing was changed
          here   160 samples (%s) in batches of 32, shuffled by 4
          file   160 samples (%s) in batches of 16, shuffled by 3\
        """
            .formatted(checksum, checksum),
        refusal(
            checkpoint,
            with(other -> other.loader = ResumeCase.DATA.shuffled(Seed.of(4)).batches(32))));
  }

  @Test
  void otherSamplesAreRefused() throws IOException {
    Checkpoint checkpoint = saved(with(_ -> {}));
    Dataset others = Digits.all().split(Seed.of(5), 160).getFirst();
    Dataset scaled =
        Dataset.of(
            ResumeCase.DATA.images().mul(2), ResumeCase.DATA.labels(), ResumeCase.DATA.classes());
    for (Dataset data : List.of(others, scaled)) {
      String text =
          refusal(checkpoint, with(other -> other.loader = data.shuffled(Seed.of(3)).batches(16)));
      assertTrue(text.matches("(?s).*here   160 samples \\(\\w{8}\\) in batches of 16, .*"), text);
    }
  }

  @Test
  void aBranchGoesOnWithOtherSettings() throws IOException {
    Checkpoint checkpoint = saved(with(_ -> {}));
    Trainer branch =
        with(other -> {
          other.rate = Schedule.constant(0);
          other.loss = new CrossEntropy().labelSmoothing(0.1);
          other.more = t -> t.average(WeightAverage.equal(t.model().parameters()), 1);
        });
    branch.branch(checkpoint);
    double[] weights = Weights.of(branch.model()).get("1.weight").toDoubles();
    assertArrayEquals(checkpoint.model().get("1.weight").toDoubles(), weights);
    assertEquals(12, branch.history().steps());
    ResumeCase.until(15, branch);
    assertArrayEquals(weights, Weights.of(branch.model()).get("1.weight").toDoubles());
  }

  @Test
  void namesShapesDtypesAndCompanionsStandInOneTable() throws IOException {
    Checkpoint good =
        saved(with(r -> r.more = t -> t.listen(new EarlyStopping(Watch.loss().inTraining(), 3))));
    Map<String, Tensor> model = new LinkedHashMap<>(good.model());
    model.put("1.weight", Tensor.zeros(Shape.of(8, 63), DType.F32));
    model.put("1.bias", model.get("1.bias").to(DType.F64));
    model.remove("3.bias");
    model.put("4.weight", Tensor.zeros(Shape.of(2), DType.I32));
    Checkpoint bad =
        new Checkpoint(model, good.optimizer(), good.companions(), good.run(), good.history(), "");
    assertEquals(
        """
        checkpoint: the file does not fit, 5 differences; nothing was changed
          name                           here          in the file
          model.1.weight                 (8, 64) f32   (8, 63) f32
          model.1.bias                   (8) f32       (8) f64
          model.3.bias                   (10) f32      none
          model.4.weight                 none          (2) i32
          companion.earlyStopping.seen   none          (2) f64
          help   load it into the network that it was saved from\
        """,
        refusal(bad, with(_ -> {})));
  }

  @Test
  void anotherOptimizerIsSeenByItsState() throws IOException {
    Checkpoint checkpoint = saved(with(_ -> {}));
    Layer model = with(_ -> {}).model();
    Trainer other =
        new Trainer(model, new CrossEntropy(), new Sgd(model.parameters()), new Recipe().loader);
    String text = refusal(checkpoint, other);
    assertTrue(text.contains("optimizer.1.weight.firstMoment "), text);
  }

  @Test
  void weightsAloneAreRefusedWholeOrTaken() throws IOException {
    Layer model = with(_ -> {}).model();
    Path file = folder.resolve("weights.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>(Weights.of(model));
    tensors.put("1.bias", Tensor.ones(Shape.of(8), DType.F32));
    tensors.remove("3.bias");
    new Safetensors(tensors, Map.of()).write(file);
    assertEquals(
        """
        weights: the file does not fit, 1 difference; nothing was changed
          name     here       in the file
          3.bias   (10) f32   none
          help   load it into the network that it was saved from\
        """,
        assertThrows(CheckpointException.class, () -> Weights.read(model, file)).getMessage());
    float[] ones = tensors.get("1.bias").toFloats();
    assertFalse(Arrays.equals(ones, Weights.of(model).get("1.bias").toFloats()));
  }

  @Test
  void whatIsFrozenIsCarried() throws IOException {
    Trainer first = with(_ -> {});
    first.model().freeze(name -> name.startsWith("1."));
    Checkpoint checkpoint = saved(first);
    assertEquals(List.of("1.weight", "1.bias"), checkpoint.run().frozen());
    Trainer second = with(_ -> {});
    second.restore(checkpoint);
    List<String> frozen = new ArrayList<>();
    second
        .model()
        .namedParameters()
        .forEach((name, p) -> {
          if (!p.trainable()) {
            frozen.add(name);
          }
        });
    assertEquals(List.of("1.weight", "1.bias"), frozen);
  }

  /// A file that is cut, or has a wrong byte in its header, says so and harms nobody.
  @Test
  void damagedFilesAreRefused() throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    saved(with(_ -> {}));
    byte[] whole = Files.readAllBytes(file);
    for (int length : new int[] {0, 7, 8, 100, 5000, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      String text =
          assertThrows(CheckpointException.class, () -> Checkpoint.read(file)).getMessage();
      assertTrue(text.startsWith("safetensors: the file is damaged: "), text);
    }
    Safetensors contents = read(file, whole);
    String run = contents.metadata().get("run");
    for (String damaged :
        List.of(
            "",
            "{",
            "null",
            run.replace("\"steps\":12", "\"steps\":twelve"),
            run.replace("\"epoch\":1", "\"epoch\":-1"),
            run.replace("\"order\"", "\"disorder\""))) {
      Map<String, String> metadata = new LinkedHashMap<>(contents.metadata());
      metadata.put("run", damaged);
      assertNotEquals(run, damaged);
      new Safetensors(contents.tensors(), metadata).write(file);
      assertEquals(
          """
          safetensors: the file is damaged: the state of the run cannot be read
            file   %s
            help   use an earlier copy, or train again\
          """
              .formatted(file),
          assertThrows(CheckpointException.class, () -> Checkpoint.read(file)).getMessage());
    }
  }

  private static Safetensors read(Path file, byte[] content) throws IOException {
    Files.write(file, content);
    return Safetensors.read(file);
  }

  @Test
  void aFileOfAnotherVersionSaysWhich() throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    saved(with(_ -> {}));
    Safetensors contents = Safetensors.read(file);
    Map<String, String> metadata = new LinkedHashMap<>(contents.metadata());
    metadata.put("run", metadata.get("run").replace("\"version\":2", "\"version\":1"));
    new Safetensors(contents.tensors(), metadata).write(file);
    assertEquals(
        """
        checkpoint: the file has version 1
          file   %s
          rule   this Vectorgrad reads version 2
          help   its parameters are there: see Safetensors.read\
        """
            .formatted(file),
        assertThrows(CheckpointException.class, () -> Checkpoint.read(file)).getMessage());
  }

  @Test
  void aFileThatCannotBeWrittenLeavesTheOneBefore() throws IOException {
    Path file = folder.resolve("checkpoint.safetensors");
    saved(with(_ -> {}));
    byte[] before = Files.readAllBytes(file);
    Map<String, Tensor> closed = new LinkedHashMap<>();
    try (var _ = Scope.open()) {
      closed.put("x", Tensor.zeros(Shape.of(3), DType.F32).add(1));
    }
    assertThrows(RuntimeException.class, () -> new Safetensors(closed, Map.of()).write(file));
    assertArrayEquals(before, Files.readAllBytes(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList(), "nothing temporary is left");
    }
  }
}
