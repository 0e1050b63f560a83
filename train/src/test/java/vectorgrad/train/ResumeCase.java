package vectorgrad.train;

import static vectorgrad.nn.Layers.*;

import java.util.List;
import vectorgrad.data.Dataset;
import vectorgrad.data.Digits;
import vectorgrad.data.Loader;
import vectorgrad.nn.CrossEntropy;
import vectorgrad.nn.Layer;
import vectorgrad.optim.Adam;
import vectorgrad.optim.AdamW;
import vectorgrad.optim.Lbfgs;
import vectorgrad.optim.LossScaler;
import vectorgrad.optim.NAdam;
import vectorgrad.optim.Optimizer;
import vectorgrad.optim.Plateau;
import vectorgrad.optim.RmsProp;
import vectorgrad.optim.Schedule;
import vectorgrad.optim.Sgd;
import vectorgrad.optim.WeightAverage;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;

/// Runs that together use all that has a memory: 160 pictures in ten batches an epoch, so that ten
/// and twenty steps end inside of epochs or at their ends.
enum ResumeCase {
  /// Running statistics, four kinds of dropout, groups of two rules with schedules with and without
  /// a memory, clipping.
  GROUPS {
    @Override
    Trainer trainer(Seed seed) {
      Layer model =
          sequential(
              conv2d(1, 6, 3),
              batchNorm(6),
              relu(),
              channelDropout(0.2),
              flatten(),
              linear(216, 20),
              residual(linear(20, 20), selu(), alphaDropout(0.2), stochasticDepth(0.3)),
              dropConnect(20, 16, 0.3),
              relu(),
              dropout(0.4).classic(),
              linear(16, 10));
      model.initialize(seed);
      var plateau = new Plateau(Schedule.constant(2e-2)).factor(0.5).patience(0);
      Optimizer optimizer =
          Optimizer.groups(
              new Adam(model.parameters(name -> !name.startsWith("10.")))
                  .amsgrad()
                  .weightDecay(0.01)
                  .learningRate(Schedule.warmup(5).then(Schedule.cosine(30)).times(1e-2)),
              new AdamW(model.parameters(name -> name.startsWith("10."))).learningRate(plateau));
      return trainer(model, optimizer, 16)
          .clipNorm(0.5)
          .listen(Watch.loss().inTraining().by(10).tell(_ -> plateau.observe(1))); // never better
    }
  },

  /// Gates with dropout between layers, several batches a step of which the last are fewer, an
  /// average that forgets, layers that thaw in the second epoch.
  SEQUENCES {
    @Override
    Trainer trainer(Seed seed) {
      Layer model =
          sequential(
              lambda("rows", x -> x.squeeze(1)),
              lstm(8, 12).layers(2).batchFirst().dropout(0.3),
              flatten(),
              linear(96, 10));
      model.initialize(seed);
      model.freeze(name -> name.endsWith("l0"));
      Optimizer nadam = new NAdam(model.parameters()).learningRate(1e-2);
      return trainer(model, nadam, 7)
          .accumulate(3)
          .average(WeightAverage.exponential(model.parameters(), 0.9), 1)
          .validateOn(HELD_OUT.batches(50))
          .listen(
              new Trainer.Listener() {
                @Override
                public void onEpoch(History.Epoch epoch) {
                  model.unfreeze();
                }
              });
    }
  },

  /// The history of L-BFGS, an equal average.
  SECOND_ORDER {
    @Override
    Trainer trainer(Seed seed) {
      Layer model = sequential(flatten(), linear(64, 12), tanh(), linear(12, 10));
      model.initialize(seed);
      return trainer(model, new Lbfgs(model.parameters()).history(4).learningRate(0.1), 40)
          .average(WeightAverage.equal(model.parameters()), 3);
    }
  },

  /// Attention; snapshots at the ends of cycles, the best epoch, patience.
  ATTENTION {
    @Override
    Trainer trainer(Seed seed) {
      Layer model =
          sequential(
              lambda("rows", x -> x.squeeze(1)),
              transformerBlock(8, 2, 16).dropout(0.2),
              flatten(),
              linear(64, 10));
      model.initialize(seed);
      Optimizer optimizer =
          new RmsProp(model.parameters())
              .centered()
              .momentum(0.5)
              .l1(1e-3)
              .learningRate(Schedule.warmRestarts(7, 1, 0.1).times(3e-3));
      Trainer trainer = trainer(model, optimizer, 16).validateOn(HELD_OUT.batches(50));
      return trainer
          .listen(new Snapshots(trainer, 2))
          .listen(new Best(trainer, Watch.accuracy()))
          .listen(new EarlyStopping(Watch.loss().by(0.01), 3));
    }
  },

  /// Products in 16 bits, with a scale so large that the first steps are skipped, and that grows
  /// again.
  HALVES {
    @Override
    Trainer trainer(Seed seed) {
      Layer model =
          sequential(
              flatten(), linear(64, 24), batchNorm(24), relu(), dropout(0.2), linear(24, 10));
      model.initialize(seed);
      return trainer(model, new Adam(model.parameters()).learningRate(1e-2), 8)
          .accumulate(2)
          .clipNorm(1)
          .precision(DType.F16)
          .scale(new LossScaler(0x1p30).growEvery(4))
          .average(WeightAverage.exponential(model.parameters(), 0.9), 2);
    }
  },

  /// Momentum, decay and bounded norms on mixed samples.
  MIXED {
    @Override
    Trainer trainer(Seed seed) {
      Layer model = sequential(flatten(), linear(64, 24), relu(), dropout(0.5), linear(24, 10));
      model.initialize(seed);
      Optimizer optimizer =
          new Sgd(model.parameters())
              .momentum(0.9)
              .nesterov()
              .decoupledDecay(0.01)
              .maxNorm(1)
              .learningRate(0.1);
      Loader mixed = DATA.shuffled(Seed.of(3)).batches(16).mixup(0.4, Seed.of(4));
      return trainer(model, optimizer, mixed);
    }
  };

  static final Dataset DATA = Digits.all().take(160);
  static final Dataset HELD_OUT = Digits.all().split(Seed.of(9), 100).getFirst();

  /// The run before its first step.
  ///
  /// @param seed of the initial parameters and of dropout
  abstract Trainer trainer(Seed seed);

  static Trainer trainer(Layer model, Optimizer optimizer, int batch) {
    return trainer(model, optimizer, DATA.shuffled(Seed.of(3)).batches(batch));
  }

  static Trainer trainer(Layer model, Optimizer optimizer, Loader loader) {
    return new Trainer(model, new CrossEntropy().labelSmoothing(0.1), optimizer, loader)
        .metrics(Metric.ACCURACY)
        .clock(() -> 0);
  }

  /// Makes steps until `steps` are made in all.
  static Trainer until(int steps, Trainer trainer) {
    trainer.stopWhen(() -> trainer.history().steps() == steps).run(1000);
    return trainer;
  }

  static List<ResumeCase> all() {
    return List.of(values());
  }
}
