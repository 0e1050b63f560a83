package xor;

import static vectorgrad.nn.Layers.*;

import vectorgrad.nn.Losses;
import vectorgrad.optim.Adam;
import vectorgrad.tensor.*;

public class Xor {
  public static void main(String[] args) {
    var x = Tensor.of(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, Shape.of(4, 2));
    var y = Tensor.of(new float[] {0, 1, 1, 0}, Shape.of(4, 1));
    var model = sequential(linear(2, 8), tanh(), linear(8, 1)).initialize(Seed.of(1));
    var adam = new Adam(model.parameters()).learningRate(0.05);
    for (int i = 0; i < 500; i++) {
      try (var step = Scope.open()) {
        adam.step(Losses.mse(model.forward(x), y).backward());
      }
    }
    var answers = model.forward(x).value();
    System.out.println(Losses.mse(model.forward(x), y).item());
    for (float answer : answers.toFloats()) System.out.println(answer);
  }
}
