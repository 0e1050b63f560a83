package vectorgrad.bench.hidden;

import vectorgrad.bench.train.Training;
import vectorgrad.tensor.Tensor;

/// A step of gradient descent as it stands in a textbook, loop in loop, with no library.
///
/// | array | shape |
/// |---|---|
/// | x | N, in |
/// | w1, b1 | hidden, in; hidden |
/// | w2, b2 | out, hidden; out |
final class NaiveMlp {
  private final float[][] x;
  private final int[] labels;
  private final float[][] w1;
  private final float[] b1;
  private final float[][] w2;
  private final float[] b2;
  private final float rate;

  private NaiveMlp(
      float[][] x, int[] labels, float[][] w1, float[] b1, float[][] w2, float[] b2, double rate) {
    this.x = x;
    this.labels = labels;
    this.w1 = w1;
    this.b1 = b1;
    this.w2 = w2;
    this.b2 = b2;
    this.rate = (float) rate;
  }

  static NaiveMlp of(Training training) {
    var weights = training.network().weights();
    return new NaiveMlp(
        rows(training.network().batch(training.batch())),
        training.network().labels(training.batch()).toInts(),
        rows(weights.get(0)),
        weights.get(1).toFloats(),
        rows(weights.get(2)),
        weights.get(3).toFloats(),
        training.rule().rate());
  }

  private static float[][] rows(Tensor matrix) {
    var rows = new float[matrix.size(0)][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = matrix.select(0, i).toFloats();
    }
    return rows;
  }

  /// The loss before the step.
  double step() {
    float[][] hidden = linear(x, w1, b1);
    for (float[] row : hidden) {
      for (int j = 0; j < row.length; j++) {
        row[j] = Math.max(0, row[j]);
      }
    }
    float[][] gradient = linear(hidden, w2, b2);
    double loss = 0;
    for (int n = 0; n < x.length; n++) {
      loss += crossEntropy(gradient[n], labels[n]);
    }
    float[][] back = new float[x.length][b1.length];
    for (int n = 0; n < x.length; n++) {
      for (int o = 0; o < b2.length; o++) {
        for (int j = 0; j < b1.length; j++) {
          back[n][j] += gradient[n][o] * w2[o][j];
        }
      }
      for (int j = 0; j < b1.length; j++) {
        back[n][j] = hidden[n][j] > 0 ? back[n][j] : 0;
      }
    }
    descend(w2, b2, gradient, hidden);
    descend(w1, b1, back, x);
    return loss / x.length;
  }

  /// `y = x·wᵀ + b`.
  private static float[][] linear(float[][] x, float[][] w, float[] b) {
    var y = new float[x.length][b.length];
    for (int n = 0; n < x.length; n++) {
      for (int o = 0; o < b.length; o++) {
        float sum = b[o];
        for (int i = 0; i < x[n].length; i++) {
          sum += x[n][i] * w[o][i];
        }
        y[n][o] = sum;
      }
    }
    return y;
  }

  /// Turns logits into the gradient of the mean loss, and gives the loss.
  private double crossEntropy(float[] logits, int label) {
    float max = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      max = Math.max(max, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - max);
    }
    double loss = Math.log(sum) - (logits[label] - max);
    for (int o = 0; o < logits.length; o++) {
      double probability = Math.exp(logits[o] - max) / sum;
      logits[o] = (float) ((probability - (o == label ? 1 : 0)) / x.length);
    }
    return loss;
  }

  /// `w ← w − rate·gᵀ·x`, and the same of the bias.
  private void descend(float[][] w, float[] b, float[][] g, float[][] x) {
    for (int n = 0; n < x.length; n++) {
      for (int o = 0; o < b.length; o++) {
        b[o] -= rate * g[n][o];
        for (int i = 0; i < x[n].length; i++) {
          w[o][i] -= rate * g[n][o] * x[n][i];
        }
      }
    }
  }
}
