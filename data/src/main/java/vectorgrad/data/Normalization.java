package vectorgrad.data;

import java.util.Arrays;
import vectorgrad.tensor.Message;
import vectorgrad.tensor.Shape;

/// Shifts and scales inputs to mean 0 and standard deviation 1, channel by channel: `y = (x − mean)
/// / std`.
///
/// ```java
/// var normalization = Normalization.of(train);
/// train.normalized(normalization);
/// test.normalized(normalization);      // by the numbers of the train set: the test set stays unseen
/// ```
///
/// The channels are the first axis of a sample: the colours of pictures (C, H, W), the columns of
/// rows of features (F).
///
/// @see Dataset#normalized(Normalization)
public final class Normalization {
  private final float[] mean;
  private final float[] std;

  private Normalization(float[] mean, float[] std) {
    this.mean = mean;
    this.std = std;
  }

  /// The normalization by the given numbers, one of each for every channel.
  ///
  /// @throws IllegalArgumentException if they are not equally many, or a standard deviation is not
  ///   positive
  public static Normalization of(float[] mean, float[] std) {
    if (mean.length != std.length) {
      throw new IllegalArgumentException(
          "Normalization: " + mean.length + " means for " + std.length + " standard deviations");
    }
    for (float s : std) {
      if (!(s > 0)) {
        throw new IllegalArgumentException(
            "Normalization: standard deviations are positive, found " + s);
      }
    }
    return new Normalization(mean.clone(), std.clone());
  }

  /// The normalization that gives `train` mean 0 and standard deviation 1. A channel that never
  /// changes is only shifted. Two passes over the data, summed in `double`.
  public static Normalization of(Dataset train) {
    int channels = channels(train.inputShape());
    double[] mean = sums(train, new double[channels], 1);
    double count = (double) train.size() * train.inputShape().size() / channels;
    Arrays.setAll(mean, c -> mean[c] / count);
    double[] squares = sums(train, mean, 2);
    float[] means = new float[channels];
    float[] stds = new float[channels];
    for (int c = 0; c < channels; c++) {
      means[c] = (float) mean[c];
      double variance = squares[c] / count;
      stds[c] = variance > 0 ? (float) Math.sqrt(variance) : 1;
    }
    return new Normalization(means, stds);
  }

  /// For each channel the sum of `(x − origin)^power` over all its values.
  private static double[] sums(Dataset data, double[] origin, int power) {
    double[] sums = new double[origin.length];
    int size = data.inputShape().size();
    int plane = size / origin.length;
    float[] values = new float[size];
    for (int sample : data.order()) {
      data.samples().read(sample, values, 0);
      for (int c = 0; c < sums.length; c++) {
        for (int i = c * plane; i < (c + 1) * plane; i++) {
          double difference = values[i] - origin[c];
          sums[c] += power == 1 ? difference : difference * difference;
        }
      }
    }
    return sums;
  }

  /// The number of channels.
  public int channels() {
    return mean.length;
  }

  /// What is subtracted from a channel.
  public float mean(int channel) {
    return mean[channel];
  }

  /// What a channel is then divided by.
  public float std(int channel) {
    return std[channel];
  }

  private static int channels(Shape sample) {
    return sample.rank() == 0 ? 1 : sample.get(0);
  }

  /// The samples, normalized as they are read.
  Samples of(Samples samples) {
    int channels = channels(samples.shape());
    if (channels != mean.length) {
      throw new IllegalArgumentException(
          Message.of(
                  "Normalization",
                  "the samples have " + channels + " channels, the normalization " + mean.length)
              .row("sample", samples.shape())
              .toString());
    }
    int plane = samples.shape().size() / channels;
    return new Samples() {
      @Override
      public int count() {
        return samples.count();
      }

      @Override
      public Shape shape() {
        return samples.shape();
      }

      @Override
      public void read(int index, float[] target, int offset) {
        samples.read(index, target, offset);
        for (int c = 0; c < channels; c++) {
          int from = offset + c * plane;
          for (int i = from; i < from + plane; i++) {
            target[i] = (target[i] - mean[c]) / std[c];
          }
        }
      }
    };
  }

  @Override
  public String toString() {
    return "mean " + Arrays.toString(mean) + ", std " + Arrays.toString(std);
  }
}
