package vectorgrad.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import vectorgrad.data.Sources;
import vectorgrad.tensor.Device;

/// `vg doctor`: what this machine offers, what is missing, and the one thing to do about it.
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = "Shows what Vectorgrad runs with here, and what is missing.",
    version = Vg.VERSION,
    sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Runtime runtime = Runtime.getRuntime();
    row(out, "java", Runtime.version() + ", " + System.getProperty("java.vm.name"));
    row(out, "", System.getProperty("java.home"));
    row(
        out,
        "system",
        "%s %s, %d processors"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                runtime.availableProcessors()));
    row(out, "memory", "%,d MB of heap at most".formatted(runtime.maxMemory() >> 20));
    boolean vector = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    row(
        out,
        "vectors",
        vector ? "jdk.incubator.vector is present" : "jdk.incubator.vector is missing");
    if (!vector) {
      row(out, "", "help: run java with --add-modules jdk.incubator.vector to use all lanes");
    }
    for (Device device : Device.all()) {
      row(out, "device", device.name() + ": " + device.describe());
    }
    Path cache = Sources.standard().cache();
    row(
        out,
        "data",
        Files.isDirectory(cache)
            ? "cached in " + cache
            : "nothing cached yet in " + cache + "; vg train lenet fetches Fashion-MNIST");
    out.flush();
    return 0;
  }

  private static void row(PrintWriter out, String name, String text) {
    out.printf("%-8s %s%n", name, text);
  }
}
