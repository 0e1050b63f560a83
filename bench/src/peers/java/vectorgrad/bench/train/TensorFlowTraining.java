package vectorgrad.bench.train;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;
import vectorgrad.bench.CpuTime;
import vectorgrad.bench.Peer;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// A step of [Training] in TensorFlow, as one run of a graph that holds all of it.
@Peer("TensorFlow 2.18")
@State(Scope.Benchmark)
public class TensorFlowTraining {
  @Param({"MLP_256_SGD", "MLP_256_ADAM", "MLP_4096_SGD", "MLP_4096_ADAM", "LENET"})
  public Training training;

  private boolean checked;
  private static final int CLASSES = 10;

  private TensorFlowNetwork network;
  private Session session;
  private Operand<TFloat32> loss;
  private List<Op> updates;

  @Setup(Level.Iteration)
  public void setup() {
    CpuTime.outside(this::begin);
  }

  private void begin() {
    network = new TensorFlowNetwork(training.network(), training.batch());
    Ops tf = network.tf();
    // of indices its C++ knows no gradient
    Operand<TFloat32> labels = network.variable(oneHot(training));
    var losses = tf.nn.softmaxCrossEntropyWithLogits(network.logits(), labels).loss();
    loss = tf.math.mean(losses, tf.constant(0));
    updates = updates(tf.gradients(loss, network.parameters()));
    session = network.session();
    training.expect(this::step, checked ? 1 : Training.STEPS);
    checked = true;
  }

  @TearDown(Level.Iteration)
  public void tearDown() {
    session.close();
    network.close();
  }

  @Benchmark
  public double step() {
    var runner = session.runner().fetch(loss);
    updates.forEach(runner::addTarget);
    try (var result = runner.run()) {
      return ((TFloat32) result.get(0)).getFloat();
    }
  }

  private static List<Op> known(Gradients gradients) {
    var known = new ArrayList<Op>();
    gradients.forEach(known::add);
    return known;
  }

  private static Tensor oneHot(Training training) {
    int[] labels = training.network().labels(training.batch()).toInts();
    var rows = new float[labels.length * CLASSES];
    for (int i = 0; i < labels.length; i++) {
      rows[(i * CLASSES) + labels[i]] = 1;
    }
    return Tensor.of(rows, Shape.of(labels.length, CLASSES));
  }

  private List<Op> updates(Gradients gradients) {
    // a gradient may need parameters that another update would have moved already
    Ops tf = network.tf().withControlDependencies(known(gradients));
    var made = new ArrayList<Op>();
    Operand<TFloat32> rate = tf.constant((float) training.rule().rate());
    if (training.rule() == Training.Rule.SGD) {
      for (int i = 0; i < network.parameters().size(); i++) {
        made.add(tf.train.applyGradientDescent(network.parameters().get(i), rate, gradients.dy(i)));
      }
      return made;
    }
    Operand<TFloat32> beta1 = tf.constant(0.9f);
    Operand<TFloat32> beta2 = tf.constant(0.999f);
    Operand<TFloat32> power1 = network.variable(Tensor.full(0.9, Shape.of(), DType.F32));
    Operand<TFloat32> power2 = network.variable(Tensor.full(0.999, Shape.of(), DType.F32));
    for (int i = 0; i < network.parameters().size(); i++) {
      Tensor zeros = Tensor.zeros(network.shape(i), DType.F32);
      made.add(
          tf.train.applyAdam(
              network.parameters().get(i),
              network.variable(zeros),
              network.variable(zeros),
              power1,
              power2,
              rate,
              beta1,
              beta2,
              tf.constant(1e-8f),
              gradients.dy(i)));
    }
    // after all of them, as TensorFlow's own Adam does
    Ops then = tf.withControlDependencies(made);
    made.add(then.assign(power1, then.math.mul(power1, beta1)));
    made.add(then.assign(power2, then.math.mul(power2, beta2)));
    return made;
  }
}
