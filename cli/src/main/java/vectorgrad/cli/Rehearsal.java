package vectorgrad.cli;

import java.util.List;
import vectorgrad.data.Dataset;
import vectorgrad.data.Origin;
import vectorgrad.data.Pictures;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A step of training that nobody sees, on a thread of its own, while the command line is read and
/// the pictures arrive.
///
/// Most of a program's first step is loading classes and emitting kernels. Both are kept for the
/// whole JVM, so the step that counts finds them there.
final class Rehearsal implements Runnable {
  private static final int PICTURES = 4;

  private Rehearsal() {}

  /// Begins one and does not wait for it.
  static void start() {
    Thread.ofPlatform().daemon().name("vg-rehearsal").start(new Rehearsal());
  }

  @Override
  public void run() {
    try {
      train();
    } catch (RuntimeException | LinkageError e) {
      // what does not work here will not work in earnest either, where it is reported
    }
  }

  static void train() {
    Dataset noise =
        Dataset.of(
            Tensor.normal(Seed.of(0), 0, Shape.of(PICTURES, 1, 8, 8), DType.F32),
            Tensor.zeros(Shape.of(PICTURES), DType.I32),
            List.of("one", "other"));
    Settings settings =
        new Settings("mlp", "noise", 1, PICTURES, 1, "", "f32", 0, 0, 0, Regularisation.NONE);
    Pictures pictures = new Pictures("noise", noise, noise, new Origin("nowhere", List.of()));
    RunParts.of(settings, pictures, List.of(Device.CPU)).trainer().run(1);
  }
}
