package vectorgrad.nn;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import vectorgrad.autograd.Parameter;
import vectorgrad.tensor.ConvGeometry;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Sliding;

/// A transposed convolution over signals, pictures or volumes: the gradient of a convolution with
/// respect to its input, as a layer. Every input place adds its filters to the output, `stride`
/// places from those of its neighbour.
///
/// | name | shape | meaning |
/// |------|-------|---------|
/// | x | (N, in, …) | one to three spatial axes |
/// | weight | (in, out / groups, k…) | begins as U(±1/√fanIn), fanIn = out / groups · the filter's size |
/// | bias | (out) | begins as U(±1/√fanIn) |
/// | y | (N, out, …) | L' = (L − 1)·stride − 2·padding + dilation·(k − 1) + 1 + outputPadding |
///
/// Both distributions are PyTorch's defaults. Cost: 2·N·in·L·out / groups·k flops forward, twice
/// that backward; backward keeps x. Zeiler et al. 2010.
///
/// Settings are changed on copies that share the parameters: see [Convolution].
///
/// @param weight the filters
/// @param bias one number for each output channel, or empty
/// @param geometry stride, padding, dilation and groups of the convolution that leads back
/// @param outputPadding places added at the end of every spatial axis, fewer than the larger of
///   stride and dilation: which of the sizes that the convolution would make L is meant
public record ConvTranspose(
    Parameter weight, Optional<Parameter> bias, ConvGeometry geometry, List<Integer> outputPadding)
    implements Convolution<ConvTranspose> {

  /// Takes a copy of the output padding.
  ///
  /// @throws IllegalArgumentException if it has not a number for each axis
  public ConvTranspose {
    outputPadding = List.copyOf(outputPadding);
    if (outputPadding.size() != geometry.axes()) {
      throw new IllegalArgumentException(
          Message.of(
                  "ConvTranspose" + geometry.axes() + "d",
                  outputPadding.size()
                      + " numbers for the output padding of "
                      + geometry.axes()
                      + " axes")
              .row("rule", "one number for each spatial axis, or one for all")
              .toString());
    }
  }

  /// Filters of `kernel` along each of `axes` spatial axes, stride 1, no padding, with a bias; all
  /// zeros until it is initialised.
  public ConvTranspose(int axes, int in, int out, int kernel) {
    this(
        Filters.zeros("ConvTranspose", axes, in, out, kernel),
        Optional.of(Parameter.of(Shape.of(out))),
        ConvGeometry.of(1, Collections.nCopies(axes, new Sliding(1, 0, 1)).toArray(Sliding[]::new)),
        Collections.nCopies(axes, 0));
  }

  /// A copy, sharing the parameters, with so many places added at the end: one number for each
  /// spatial axis, or one for all.
  public ConvTranspose outputPadding(int... added) {
    List<Integer> numbers =
        added.length == 1
            ? Collections.nCopies(geometry.axes(), added[0])
            : IntStream.of(added).boxed().toList();
    return new ConvTranspose(weight, bias, geometry, numbers);
  }

  @Override
  public ConvTranspose with(Parameter weight, Optional<Parameter> bias, ConvGeometry geometry) {
    return new ConvTranspose(weight, bias, geometry, outputPadding);
  }

  @Override
  public String toString() {
    return tree();
  }
}
