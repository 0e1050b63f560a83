package vectorgrad.bench.train;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vectorgrad.bench.CpuTime;
import vectorgrad.bench.Dl4j;
import vectorgrad.bench.Peer;

/// A step of [Training] in DL4J.
@Peer(value = Dl4j.NAME, outdone = true)
@State(Scope.Benchmark)
public class Dl4jTraining {
  private static final int CLASSES = 10;

  @Param({"MLP_256_SGD", "MLP_256_ADAM", "MLP_4096_SGD", "MLP_4096_ADAM", "LENET"})
  public Training training;

  private boolean checked;
  private MultiLayerNetwork network;
  private INDArray inputs;
  private INDArray labels;

  @Setup(Level.Iteration)
  public void setup() {
    CpuTime.outside(this::begin);
  }

  private void begin() {
    Dl4j.start();
    network = network();
    inputs = Dl4j.array(training.network().batch(training.batch()));
    labels = Nd4j.zeros(training.batch(), CLASSES);
    int[] numbers = training.network().labels(training.batch()).toInts();
    for (int i = 0; i < numbers.length; i++) {
      labels.putScalar(i, numbers[i], 1);
    }
    training.expect(this::step, checked ? 1 : Training.STEPS);
    checked = true;
  }

  @Benchmark
  public double step() {
    network.fit(inputs, labels);
    return network.score();
  }

  private MultiLayerNetwork network() {
    var layers = new NeuralNetConfiguration.Builder().updater(updater()).list();
    layers().forEach(layers::layer);
    if (training.network() == Network.LENET) {
      layers.setInputType(InputType.convolutional(28, 28, 1));
    }
    var made = new MultiLayerNetwork(layers.build());
    made.init();
    var weights = training.network().weights();
    int next = 0;
    for (var layer : made.getLayers()) {
      if (layer.numParams() > 0) {
        INDArray weight = Dl4j.array(weights.get(next));
        // a dense layer's is inputs × outputs
        layer.getParam("W").assign(weight.rank() == 2 ? weight.transpose() : weight);
        layer.getParam("b").assign(Dl4j.array(weights.get(next + 1)));
        next += 2;
      }
    }
    return made;
  }

  private List<Layer> layers() {
    var layers = new ArrayList<Layer>();
    int width = 784;
    switch (training.network()) {
      case MLP_256 -> {
        layers.add(dense(width, 256));
        width = 256;
      }
      case MLP_4096 -> {
        layers.add(dense(width, 4096));
        width = 4096;
      }
      case LENET -> {
        layers.addAll(List.of(convolution(1, 32), pool(), convolution(32, 64), pool()));
        layers.add(dense(1024, 512));
        width = 512;
      }
      case VGG, LSTM, GPT -> throw new IllegalStateException("no such network here");
    }
    layers.add(
        new OutputLayer.Builder(LossFunction.MCXENT)
            .nIn(width)
            .nOut(CLASSES)
            .activation(Activation.SOFTMAX)
            .build());
    return layers;
  }

  private static Layer dense(int in, int out) {
    return new DenseLayer.Builder().nIn(in).nOut(out).activation(Activation.RELU).build();
  }

  private static Layer convolution(int in, int out) {
    return new ConvolutionLayer.Builder(5, 5).nIn(in).nOut(out).activation(Activation.RELU).build();
  }

  private static Layer pool() {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
        .kernelSize(2, 2)
        .stride(2, 2)
        .build();
  }

  private IUpdater updater() {
    return switch (training.rule()) {
      case SGD -> new Sgd(training.rule().rate());
      case ADAM -> new Adam(training.rule().rate());
      case MOMENTUM, ADAMW -> throw new IllegalStateException("no such rule here");
    };
  }
}
