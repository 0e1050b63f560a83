package vectorgrad.bench.gpu;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.CpuTime;
import vectorgrad.bench.Essay;
import vectorgrad.tensor.Scope;

/// A [Workload] of operands that lie where it is computed, until its result is there: of few
/// elements, a device takes as long as its driver needs to be told.
@Essay
@State(org.openjdk.jmh.annotations.Scope.Benchmark)
public class SizeBenchmark {
  @Param public Workload work;

  @Param public Plain where;

  @Param({"1024", "16384", "65536", "262144", "1048576", "4194304"})
  public int size;

  private Runnable run;

  /// [Where] without those that are watched.
  public enum Plain implements vectorgrad.bench.Rung {
    CPU(Where.CPU),
    OPENCL(Where.OPENCL);

    private final Where where;

    Plain(Where where) {
      this.where = where;
    }

    @Override
    public String label() {
      return where.label();
    }

    @Override
    public boolean here() {
      return where.here();
    }
  }

  @Setup(Level.Trial)
  public void setup() {
    CpuTime.outside(() -> run = work.on(where.where.device(), size));
  }

  @Benchmark
  public void run() {
    try (var _ = Scope.open()) {
      run.run();
    }
  }
}
