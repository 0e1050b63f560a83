package vectorgrad.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import vectorgrad.data.DataUnavailableException;
import vectorgrad.data.Pictures;
import vectorgrad.data.Sources;
import vectorgrad.tensor.Device;
import vectorgrad.train.ConfusionMatrix;
import vectorgrad.train.ConfusionPlot;

/// `vg doctor`: what this machine offers, what is missing, and the one thing to do first.
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description =
        "Shows what Vectorgrad runs with here, what is missing, and the one thing to do first.",
    versionProvider = Vg.Version.class,
    sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /// What to do, the most important first.
  private final List<String> todo = new ArrayList<>();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Runtime runtime = Runtime.getRuntime();
    row(out, "version", Vg.Version.text());
    row(
        out,
        "java",
        "%s, %s, in %s"
            .formatted(
                Runtime.version(),
                System.getProperty("java.vendor"),
                System.getProperty("java.home")));
    row(out, "system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    row(
        out,
        "vectors",
        vectors ? "jdk.incubator.vector is there" : "jdk.incubator.vector is missing");
    if (!vectors) {
      todo.add("run java with --add-modules jdk.incubator.vector: it is many times faster");
    }
    for (Device device : Device.all()) {
      row(out, "device", device.name() + ": " + device.describe());
      device.backend().details().forEach(line -> row(out, "", line));
    }
    Device.missing().forEach(why -> row(out, "device", why));
    row(
        out,
        "threads",
        "%d, for %d cores".formatted(Device.threads(), runtime.availableProcessors()));
    row(out, "memory", "%,d MB for Java at most".formatted(runtime.maxMemory() >> 20));
    pictures(out);
    data(out);
    out.println();
    out.println(todo.isEmpty() ? "Nothing is missing." : "To do: " + todo.getFirst());
    out.flush();
    return 0;
  }

  /// Draws one, which is the only way to know.
  private void pictures(PrintWriter out) {
    try {
      Path file = Files.createTempFile("vectorgrad-doctor-", ".png");
      try {
        ConfusionPlot.write(new ConfusionMatrix(List.of("yes", "no")), "doctor", file);
      } finally {
        Files.delete(file);
      }
      row(out, "plots", "can be drawn");
    } catch (IOException e) {
      row(out, "plots", "cannot be drawn: " + firstLine(e));
      todo.add(
          "install fonts for the pictures of runs: fontconfig and fonts-dejavu-core on Debian");
    }
  }

  private void data(PrintWriter out) {
    Sources here = Sources.standard().withoutNetwork();
    row(out, "cache", here.cache() + (Files.isDirectory(here.cache()) ? "" : ", not there yet"));
    for (String name : List.of("fashion-mnist", "mnist", "digits")) {
      try {
        Pictures pictures = Pictures.named(name, here);
        row(
            out,
            "data",
            "%s: %,d + %,d pictures, %s"
                .formatted(
                    name,
                    pictures.train().size(),
                    pictures.test().size(),
                    pictures.origin().source()));
      } catch (DataUnavailableException e) {
        row(out, "data", name + ": not on this machine; vg train fetches it");
      } catch (IOException e) {
        row(out, "data", name + ": " + firstLine(e));
        todo.add("delete the damaged files of " + name + " in " + here.cache());
      }
    }
  }

  private static String firstLine(IOException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private static void row(PrintWriter out, String name, String text) {
    out.printf("%-8s %s%n", name, text);
  }
}
