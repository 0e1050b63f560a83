package vectorgrad.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.data.Digits;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Layer;
import vectorgrad.nn.Layers;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.optim.Adam;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Backend;

class ProfileTest {
  @TempDir private Path folder;

  @Test
  void everyKernelIsCountedUnderWhatItComputes() {
    Profile profile = Profile.of(Device.CPU);
    Tensor x = Tensor.arange(6, DType.F32).reshape(2, 3).to(profile.device());
    for (int i = 0; i < 4; i++) {
      x.matmul(x.transpose()).softmax(-1).toFloats();
    }
    Map<String, Profile.Row> rows =
        profile.rows().stream().collect(Collectors.toMap(Profile.Row::kernel, Function.identity()));
    assertEquals(4, rows.get("matmul").calls());
    assertEquals(4, rows.get("softmax").calls());
    assertEquals(4, rows.get("read").calls());
    assertEquals(1, rows.get("write").calls());
    for (Profile.Row row : rows.values()) {
      assertTrue(0 <= row.longest() && row.longest() <= row.nanoseconds(), row.toString());
    }
    assertTrue(0 < profile.busy() && profile.busy() <= 1);
    assertEquals("cpu", profile.device().name());
    assertEquals(Device.CPU.describe(), profile.device().describe());
  }

  @Test
  void trainingGivesTheBitsOfTheDeviceItself() {
    Profile profile = Profile.of(Device.CPU);
    assertArrayEquals(weights(Device.CPU), weights(profile.device()));
    assertTrue(
        profile.rows().stream().anyMatch(row -> row.kernel().equals("convolution, forward")));
  }

  private static float[] weights(Device device) {
    Layer model =
        Layers.sequential(
                Layers.conv2d(1, 4, 3),
                Layers.relu(),
                Layers.maxPool2d(2),
                Layers.flatten(),
                Layers.dropout(0.2),
                Layers.linear(36, 10))
            .initialize(Seed.of(1))
            .to(device);
    var loader = Digits.all().take(64).shuffled(Seed.of(3)).batches(16);
    new Trainer(model, new CrossEntropy(), new Adam(model.parameters()), loader)
        .metrics(Metric.ACCURACY)
        .run(2);
    return model.parameters().getFirst().value().toFloats();
  }

  @Test
  void theTableShowsTheLongestFirstAndHowBusyTheDeviceWas() {
    Profile profile = Profile.of(Device.CPU);
    Tensor x = Tensor.ones(Shape.of(300, 300), DType.F32).to(profile.device());
    for (int i = 0; i < 3; i++) {
      x = x.matmul(x);
    }
    List<String> lines = profile.table(90).lines().toList();
    assertTrue(
        lines.getFirst().matches("kernel +calls +ms +share +mean µs +most µs"), lines.getFirst());
    assertTrue(lines.get(1).matches("matmul +3 +[\\d.,]+ +[\\d.]+ % +[\\d.,]+ +[\\d.,]+"));
    assertTrue(lines.getLast().matches("cpu was busy for \\d+ % of [\\d.]+ s"), lines.getLast());
    assertEquals(90, lines.get(1).length());
    assertEquals(90, lines.getFirst().length());
  }

  @Test
  void ofManyKernelsTheRestIsOneRow() {
    Profile profile = Profile.of(Device.CPU);
    Tensor x = Tensor.ones(Shape.of(2), DType.F32).to(profile.device());
    for (int i = 0; i < 30; i++) {
      Tensor.map(Program.of(Formula.input(0).times(Formula.constant(i + 2))), x);
    }
    assertTrue(profile.rows().size() >= 30);
    List<String> lines = profile.table(80).lines().toList();
    assertEquals(1 + 20 + 1 + 1, lines.size());
    int others = profile.rows().size() - 20;
    assertTrue(lines.get(21).startsWith(others + " others "), lines.get(21));
  }

  /// As Chrome reads it.
  @Test
  void aTraceHasASpanForEachKernel() throws IOException {
    Profile profile = Profile.of(Device.CPU);
    Tensor x = Tensor.ones(Shape.of(8, 8), DType.F32).to(profile.device());
    x.matmul(x);
    x.matmul(x);
    Path file = folder.resolve("trace.json");
    profile.writeTrace(file);
    JsonObject trace = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    JsonArray events = trace.getAsJsonArray("traceEvents");
    double last = 0;
    int products = 0;
    for (var event : events) {
      JsonObject span = event.getAsJsonObject();
      assertEquals("X", span.get("ph").getAsString());
      assertTrue(span.get("dur").getAsDouble() >= 0);
      assertTrue(span.get("ts").getAsDouble() >= last, "in order");
      last = span.get("ts").getAsDouble();
      products += span.get("name").getAsString().equals("matmul") ? 1 : 0;
    }
    assertEquals(2, products);
    assertEquals(0, trace.getAsJsonObject("otherData").get("untraced").getAsLong());
  }

  /// A verb that is added and not timed would run, by its default, on other verbs: not what the
  /// device does.
  @Test
  void everyVerbOfABackendIsTimed() {
    List<String> missing =
        Stream.of(Backend.class.getMethods())
            .filter(verb -> !Modifier.isStatic(verb.getModifiers()))
            .filter(verb -> !isDeclared(verb))
            .map(Method::getName)
            .toList();
    assertEquals(List.of(), missing);
  }

  private static boolean isDeclared(Method verb) {
    return Stream.of(TimedBackend.class.getDeclaredMethods())
        .filter(own -> own.getName().equals(verb.getName()))
        .anyMatch(own -> Arrays.equals(own.getParameterTypes(), verb.getParameterTypes()));
  }
}
