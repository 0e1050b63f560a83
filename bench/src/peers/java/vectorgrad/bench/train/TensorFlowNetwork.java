package vectorgrad.bench.train;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// The first [Network]s as graphs of TensorFlow, which runs them as a whole. Its kernels for the
/// CPU want channels last, so pictures, filters and what reads the flattened pictures are turned
/// before.
public final class TensorFlowNetwork implements AutoCloseable {
  private final Graph graph = new Graph();
  private final List<Op> initial = new ArrayList<>();
  private final List<Operand<TFloat32>> parameters = new ArrayList<>();
  private final Ops tf = Ops.create(graph);
  private final Operand<TFloat32> logits;

  /// @param batch how many samples
  public TensorFlowNetwork(Network network, int batch) {
    Tensor x = network.batch(batch);
    Iterator<Tensor> weights = network.weights().iterator();
    logits =
        switch (network) {
          case MLP_256, MLP_4096 ->
              linear(tf.nn.relu(linear(variable(x), weights.next(), weights)), weights);
          case LENET -> leNet(variable(x.permute(0, 2, 3, 1)), batch, weights);
          default -> throw new IllegalArgumentException("TensorFlow: " + network);
        };
  }

  /// What to add operations with.
  public Ops tf() {
    return tf;
  }

  /// The outputs.
  public Operand<TFloat32> logits() {
    return logits;
  }

  /// Variables, in the order of our parameters.
  public List<Operand<TFloat32>> parameters() {
    return parameters;
  }

  /// The shape of a variable, which need not be that of our parameter.
  public Shape shape(int parameter) {
    long[] sizes = parameters.get(parameter).shape().asArray();
    return Shape.of(java.util.Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray());
  }

  /// A variable that begins with these numbers.
  public Operand<TFloat32> variable(Tensor value) {
    var shape = org.tensorflow.ndarray.Shape.of(longs(value.shape()));
    Operand<TFloat32> made = tf.variable(shape, TFloat32.class);
    initial.add(
        tf.assign(
            made,
            tf.constant(shape, org.tensorflow.ndarray.buffer.DataBuffers.of(value.toFloats()))));
    return made;
  }

  /// A session in which all variables have their numbers.
  public Session session() {
    int threads = Integer.getInteger("vectorgrad.threads", 1);
    var config =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(threads)
            .setInterOpParallelismThreads(1)
            .build();
    var session = new Session(graph, config);
    var runner = session.runner();
    initial.forEach(runner::addTarget);
    runner.run().close();
    return session;
  }

  private Operand<TFloat32> parameter(Tensor value) {
    Operand<TFloat32> made = variable(value);
    parameters.add(made);
    return made;
  }

  private Operand<TFloat32> linear(Operand<TFloat32> x, Iterator<Tensor> weights) {
    return linear(x, weights.next(), weights);
  }

  private Operand<TFloat32> linear(Operand<TFloat32> x, Tensor weight, Iterator<Tensor> weights) {
    return tf.nn.biasAdd(
        tf.linalg.matMul(x, parameter(weight), MatMul.transposeB(true)), parameter(weights.next()));
  }

  private Operand<TFloat32> leNet(Operand<TFloat32> x, int batch, Iterator<Tensor> weights) {
    Operand<TFloat32> pictures = stage(stage(x, weights), weights);
    Operand<TFloat32> flat = tf.reshape(pictures, tf.constant(new int[] {batch, 1024}));
    Tensor turned = weights.next().reshape(512, 64, 4, 4).permute(0, 2, 3, 1).reshape(512, 1024);
    return linear(tf.nn.relu(linear(flat, turned, weights)), weights);
  }

  /// A convolution, its bias, ReLU, and the largest of 2 × 2.
  private Operand<TFloat32> stage(Operand<TFloat32> x, Iterator<Tensor> weights) {
    Operand<TFloat32> filters = parameter(weights.next().permute(2, 3, 1, 0));
    Operand<TFloat32> convolved = tf.nn.conv2d(x, filters, List.of(1L, 1L, 1L, 1L), "VALID");
    Operand<TInt32> two = tf.constant(new int[] {1, 2, 2, 1});
    return tf.nn.maxPool(
        tf.nn.relu(tf.nn.biasAdd(convolved, parameter(weights.next()))), two, two, "VALID");
  }

  private static long[] longs(Shape shape) {
    return java.util.Arrays.stream(shape.toArray()).asLongStream().toArray();
  }

  @Override
  public void close() {
    graph.close();
  }
}
