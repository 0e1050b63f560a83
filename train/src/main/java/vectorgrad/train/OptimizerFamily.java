package vectorgrad.train;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import vectorgrad.autograd.Parameter;
import vectorgrad.optim.AdaDelta;
import vectorgrad.optim.AdaGrad;
import vectorgrad.optim.Adam;
import vectorgrad.optim.AdamW;
import vectorgrad.optim.Lamb;
import vectorgrad.optim.Lbfgs;
import vectorgrad.optim.Lion;
import vectorgrad.optim.NAdam;
import vectorgrad.optim.Optimizer;
import vectorgrad.optim.RAdam;
import vectorgrad.optim.RmsProp;
import vectorgrad.optim.Sgd;

/// Who descends from whom: every optimizer with its parents, the one idea that it adds to theirs,
/// and where that was published. Ancestors that nobody runs any more are there too. Parents stand
/// before their children, as Java demands of constants.
@SuppressWarnings("ImmutableEnumChecker") // functions and lists that never change
public enum OptimizerFamily {
  /// Descent along the gradient of all samples.
  GD(
      "GD",
      1847,
      "Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées",
      Branch.ROOT,
      "downhill, along the slope of all samples"),

  /// Newton's method on the gradient.
  NEWTON(
      "Newton",
      1740,
      "Simpson, Essays on several curious and useful subjects",
      Branch.CURVATURE,
      "jump to where a parabola is lowest"),

  /// Descent along the gradient of a few samples.
  SGD(
      "SGD",
      1951,
      "Robbins and Monro, A stochastic approximation method",
      Branch.ROOT,
      "the slope of a few samples will do",
      Sgd::new,
      GD),

  /// The second derivatives, guessed from steps.
  BFGS(
      "BFGS",
      1970,
      "Broyden; Fletcher; Goldfarb; Shanno",
      Branch.CURVATURE,
      "learn the curvature from the steps",
      NEWTON),

  /// Descent with a velocity.
  MOMENTUM(
      "Momentum",
      1964,
      "Polyak, Some methods of speeding up the convergence of iteration methods",
      Branch.DIRECTION,
      "a heavy ball keeps its velocity",
      p -> new Sgd(p).momentum(0.9),
      SGD),

  /// A rate for each number.
  ADAGRAD(
      "AdaGrad",
      2011,
      "Duchi, Hazan and Singer, Adaptive subgradient methods",
      Branch.SCALE,
      "divide by all slopes so far, number by number",
      AdaGrad::new,
      SGD),

  /// BFGS for many numbers.
  LBFGS(
      "L-BFGS",
      1989,
      "Liu and Nocedal, On the limited memory BFGS method",
      Branch.CURVATURE,
      "remember only the last few steps",
      p -> new Lbfgs(p).iterations(1).evaluations(25),
      BFGS),

  /// Momentum that looks ahead.
  NESTEROV(
      "Nesterov",
      1983,
      "Nesterov, A method of solving a convex programming problem",
      Branch.DIRECTION,
      "take the slope where the ball will be",
      p -> new Sgd(p).momentum(0.9).nesterov(),
      MOMENTUM),

  /// AdaGrad that forgets.
  RMSPROP(
      "RMSProp",
      2012,
      "Tieleman and Hinton, Coursera lecture 6.5",
      Branch.SCALE,
      "forget slopes of long ago",
      RmsProp::new,
      ADAGRAD),

  /// AdaGrad that forgets, in the parameter's units.
  ADADELTA(
      "AdaDelta",
      2012,
      "Zeiler, ADADELTA: an adaptive learning rate method",
      Branch.SCALE,
      "steps in the units of the numbers",
      AdaDelta::new,
      ADAGRAD),

  /// Both moments.
  ADAM(
      "Adam",
      2014,
      "Kingma and Ba, Adam: a method for stochastic optimization",
      Branch.BOTH,
      "velocity and scale, both without the bias of their start",
      Adam::new,
      MOMENTUM,
      RMSPROP),

  /// Adam with Nesterov's momentum.
  NADAM(
      "NAdam",
      2016,
      "Dozat, Incorporating Nesterov momentum into Adam",
      Branch.BOTH,
      "Adam looks ahead",
      NAdam::new,
      NESTEROV,
      ADAM),

  /// Adam with a scale that never shrinks.
  AMSGRAD(
      "AMSGrad",
      2018,
      "Reddi, Kale and Kumar, On the convergence of Adam and beyond",
      Branch.BOTH,
      "no step size grows again",
      p -> new Adam(p).amsgrad(),
      ADAM),

  /// Adam with decoupled decay.
  ADAMW(
      "AdamW",
      2017,
      "Loshchilov and Hutter, Decoupled weight decay regularization",
      Branch.BOTH,
      "weight decay beside the scaled step",
      AdamW::new,
      ADAM),

  /// Adam with a careful start.
  RADAM(
      "RAdam",
      2019,
      "Liu et al., On the variance of the adaptive learning rate and beyond",
      Branch.BOTH,
      "no scale before it can be trusted",
      RAdam::new,
      ADAM),

  /// AdamW for huge batches.
  LAMB(
      "LAMB",
      2019,
      "You et al., Large batch optimization for deep learning",
      Branch.BOTH,
      "steps as long as the layer's weights",
      Lamb::new,
      ADAMW),

  /// The sign of a momentum.
  LION(
      "Lion",
      2023,
      "Chen et al., Symbolic discovery of optimization algorithms",
      Branch.BOTH,
      "only the sign of the velocity",
      Lion::new,
      ADAMW);

  /// What an idea changes of a step.
  public enum Branch {
    /// It is where all begin.
    ROOT("where it begins"),
    /// Which way the step goes.
    DIRECTION("which way: velocity"),
    /// How far it goes, for every number by itself.
    SCALE("how far: a scale for each number"),
    /// Both of them.
    BOTH("both at once"),
    /// It follows the second derivatives.
    CURVATURE("the curvature");

    private final String meaning;

    Branch(String meaning) {
      this.meaning = meaning;
    }

    /// What it changes, in a few words.
    public String meaning() {
      return meaning;
    }
  }

  private final String title;
  private final int year;
  private final String source;
  private final Branch branch;
  private final String idea;
  private final Optional<Function<List<Parameter>, Optimizer>> make;
  private final List<OptimizerFamily> parents;

  /// An ancestor.
  OptimizerFamily(
      String title, int year, String source, Branch branch, String idea, OptimizerFamily... from) {
    this.title = title;
    this.year = year;
    this.source = source;
    this.branch = branch;
    this.idea = idea;
    this.make = Optional.empty();
    this.parents = List.of(from);
  }

  /// One that is here.
  OptimizerFamily(
      String title,
      int year,
      String source,
      Branch branch,
      String idea,
      Function<List<Parameter>, Optimizer> make,
      OptimizerFamily... from) {
    this.title = title;
    this.year = year;
    this.source = source;
    this.branch = branch;
    this.idea = idea;
    this.make = Optional.of(make);
    this.parents = List.of(from);
  }

  /// Those that are optimizers of `vectorgrad.optim`, or settings of one.
  public static List<OptimizerFamily> living() {
    return Stream.of(values()).filter(member -> member.make.isPresent()).toList();
  }

  /// Its name on a command line.
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Its name among people.
  public String title() {
    return title;
  }

  /// When it was first made public.
  public int year() {
    return year;
  }

  /// By whom, and under which title.
  public String source() {
    return source;
  }

  /// What of a step it is about.
  public Branch branch() {
    return branch;
  }

  /// The one idea that it adds to its parents'.
  public String idea() {
    return idea;
  }

  /// Whose ideas it builds on; nobody's for the first ones.
  public List<OptimizerFamily> parents() {
    return parents;
  }

  /// How many ideas lead to it, one after the other, at most.
  public int generation() {
    return parents.stream().mapToInt(parent -> parent.generation() + 1).max().orElse(0);
  }

  /// Makes one with its defaults, momentum being 0.9.
  ///
  /// @throws IllegalStateException of an ancestor that is not among the [#living()]
  public Optimizer over(List<Parameter> parameters) {
    return make.orElseThrow(() -> new IllegalStateException(title + " is history"))
        .apply(parameters);
  }
}
