package vectorgrad.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import vectorgrad.autograd.Variable;
import vectorgrad.data.Dataset;
import vectorgrad.data.Digits;
import vectorgrad.nn.Losses;
import vectorgrad.nn.Sequential;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.xray.XRay;
import vectorgrad.train.Weights;

/// `vg inspect model --format f16`: a training step of the digits' network with every number
/// rounded to a format, and what became of each operation's results.
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = {
      "Computes a step of the network for the digits with every number rounded to a format,",
      "and shows where results overflow, vanish and lose bits against f64."
    },
    versionProvider = Vg.Version.class,
    sortOptions = false)
final class InspectModelCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "f16",
      description = "f32, tf32, f16, bf16, e4m3 or e5m2; ${DEFAULT-VALUE} unless given.")
  private String format;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "A model.safetensors of \"vg train lenet --data digits\"; fresh weights unless given.")
  private Optional<Path> weights;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "16",
      description = "How many pictures; ${DEFAULT-VALUE} unless given.")
  private int samples;

  @Override
  public Integer call() throws IOException {
    if (samples < 1 || samples > Digits.all().size()) {
      throw new UserError(
          Message.of("inspect", "cannot take " + samples + " pictures")
              .row("rule", "from 1 to " + Digits.all().size()));
    }
    XRay xray = XRay.of(InspectCommand.named(format));
    double exact = step(Device.REFERENCE);
    double rounded = step(xray.device());
    PrintWriter out = spec.commandLine().getOut();
    out.println(xray.report());
    out.println();
    out.printf(Locale.ROOT, "loss in f64  %.6f%n", exact);
    out.printf(Locale.ROOT, "loss in %-4s %.6f%n", format.toLowerCase(Locale.ROOT), rounded);
    int suspects = xray.report().suspects().size();
    int operations = xray.report().operations().size();
    out.printf("%d of %d operations leave the range of normal numbers%n", suspects, operations);
    out.flush();
    return 0;
  }

  /// The loss of a forward and backward pass on a device.
  private double step(Device device) throws IOException {
    Sequential model = Zoo.network(Zoo.LENET, Digits.load()).initialize(Seed.of(1));
    if (weights.isPresent()) {
      Weights.read(model, weights.get());
    }
    model.to(device);
    Dataset data = Digits.all().take(samples);
    Variable logits = model.forward(Variable.constant(data.images().to(device)));
    Variable loss = Losses.crossEntropy(logits, data.labels().to(device));
    double value = loss.item();
    loss.backward();
    return value;
  }
}
