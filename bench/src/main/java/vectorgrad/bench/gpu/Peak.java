package vectorgrad.bench.gpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Scope;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// How near a device comes to what it can do: products of squares in each dtype, and elementwise
/// work beside a plain copy, which nothing that reads and writes memory can beat. Work is queued
/// without waiting, and waited for at the end, so a driver's calls cost nothing where kernels are
/// long.
final class Peak {
  /// Work is repeated until it takes so long.
  private static final double SECONDS = 0.3;

  private static final int TRIALS = 6;

  private Peak() {}

  /// A line of the table.
  ///
  /// @param work that was done
  /// @param rate how much of it in a second
  /// @param unit of the rate
  record Figure(String work, double rate, String unit) {
    @Override
    public String toString() {
      return "%-32s %,10.1f %s".formatted(work, rate, unit);
    }
  }

  /// Prints the figures of a device.
  ///
  /// @param arguments its name, `best` if missing; the side of the squares, 4096 if missing for a
  ///   GPU that is the best, and 256 for others; how many elements are copied, 2²⁶ or 2²⁰ if
  ///   missing
  public static void main(String[] arguments) {
    Device device = arguments.length > 0 ? Device.named(arguments[0]) : Device.best();
    boolean large = device == Device.best() && device != Device.CPU;
    int side = arguments.length > 1 ? Integer.parseInt(arguments[1]) : large ? 4096 : 256;
    int length = arguments.length > 2 ? Integer.parseInt(arguments[2]) : large ? 1 << 26 : 1 << 20;
    System.out.println(device.name() + ": " + device.describe());
    figures(device, side, length, SECONDS).forEach(System.out::println);
  }

  /// @param trial how many seconds of work are timed together
  static List<Figure> figures(Device device, int side, int length, double trial) {
    List<Figure> figures = new ArrayList<>();
    for (DType dtype : List.of(DType.F32, DType.BF16, DType.F16)) {
      Tensor a = noise(1, device, dtype, side, side);
      Tensor b = noise(2, device, dtype, side, side);
      double operations = 2.0 * side * side * side;
      String work = "%s product of %d × %d".formatted(dtype, side, side);
      figures.add(
          new Figure(work, operations / seconds(trial, () -> a.matmul(b)) / 1e9, "GFLOP/s"));
    }
    Tensor x = noise(3, device, DType.F32, length);
    Tensor y = noise(4, device, DType.F32, length);
    double bytes = 4.0 * length;
    figures.add(new Figure("copy", 2 * bytes / seconds(trial, x::copy) / 1e9, "GB/s"));
    figures.add(new Figure("sum of two", 3 * bytes / seconds(trial, () -> x.add(y)) / 1e9, "GB/s"));
    figures.add(new Figure("sigmoid", 2 * bytes / seconds(trial, x::sigmoid) / 1e9, "GB/s"));
    figures.add(new Figure("sum of all", bytes / seconds(trial, () -> x.sum()) / 1e9, "GB/s"));
    return figures;
  }

  private static Tensor noise(int seed, Device device, DType dtype, int... sizes) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(sizes), DType.F32).to(dtype).to(device);
  }

  /// What the work takes once, the least of several trials. The first ones compile kernels, choose
  /// between them, and warm a processor's.
  private static double seconds(double trial, Supplier<Tensor> work) {
    double least = timed(work, 1);
    double spent = least;
    for (int i = 0; i < TRIALS || spent < TRIALS * trial; i++) {
      int times = (int) Math.clamp(trial / least, 1, 10_000);
      double took = timed(work, times);
      spent += took;
      least = Math.min(least, took / times);
    }
    return least;
  }

  private static double timed(Supplier<Tensor> work, int times) {
    long begin = System.nanoTime();
    try (var _ = Scope.open()) {
      for (int i = 1; i < times; i++) {
        try (var _ = Scope.open()) {
          var _ = work.get();
        }
      }
      Workload.finish(work.get());
    }
    return (System.nanoTime() - begin) * 1e-9;
  }
}
