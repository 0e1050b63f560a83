package vectorgrad.bench.optimizer;

import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.autograd.Gradients;
import vectorgrad.autograd.Parameter;
import vectorgrad.autograd.Variable;
import vectorgrad.optim.Optimizer;
import vectorgrad.tensor.Shape;

/// A step of an [Update].
@State(Scope.Benchmark)
public class UpdateBenchmark {
  @Param({"ADAM", "MOMENTUM"})
  public Update update;

  @Param("1000000")
  public int size;

  private Optimizer optimizer;
  private Gradients gradients;

  @Setup
  public void setup() {
    Parameter parameter = Parameter.of(Shape.of(size));
    optimizer = update.optimizer(List.of(parameter));
    gradients = parameter.mul(Variable.constant(Update.gradient(size))).sum().backward();
    step();
    step();
    update.expect(parameter.value().toFloats());
  }

  @Benchmark
  public void step() {
    optimizer.step(gradients);
  }
}
