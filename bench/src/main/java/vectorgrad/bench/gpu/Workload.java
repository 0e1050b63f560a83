package vectorgrad.bench.gpu;

import vectorgrad.autograd.Mode;
import vectorgrad.nn.Conv2d;
import vectorgrad.nn.Layers;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// What is computed, of a size.
public enum Workload {
  /// A product of two square matrices with `size` elements.
  MATMUL {
    @Override
    Runnable on(Device device, int size) {
      int side = (int) Math.round(Math.sqrt(size));
      Tensor a = noise(1, device, side, side);
      Tensor b = noise(2, device, side, side);
      return () -> finish(a.matmul(b));
    }
  },

  /// `√(x² + y²)·0.5 + x` of `size` elements, one kernel for each operation.
  ELEMENTWISE {
    @Override
    Runnable on(Device device, int size) {
      Tensor x = noise(1, device, size);
      Tensor y = noise(2, device, size);
      return () -> finish(x.square().add(y.square()).sqrt().mul(0.5).add(x));
    }
  },

  /// A convolution of 3 × 3 from 32 channels to 64 on pictures of 32 × 32, as many as make `size`
  /// elements.
  CONVOLUTION {
    @Override
    Runnable on(Device device, int size) {
      Conv2d layer = Layers.conv2d(32, 64, 3).padding(1);
      layer.initialize(Seed.of(1)).to(device);
      Tensor x = noise(2, device, Math.max(1, size / (32 * 32 * 32)), 32, 32, 32);
      return () -> finish(Mode.inference(() -> layer.forward(x)).value());
    }
  };

  /// The work, with operands that lie on the device.
  abstract Runnable on(Device device, int size);

  private static Tensor noise(int seed, Device device, int... sizes) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(sizes), DType.F32).to(device);
  }

  /// Waits until it is computed: one of its elements is read.
  static void finish(Tensor result) {
    result.reshape(result.size()).narrow(0, 0, 1).toFloats();
  }
}
