package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static vectorgrad.numerics.Formula.input;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vectorgrad.numerics.Program;

class ProductsCpuTest extends ProductsContract {
  @Override
  Device device() {
    return Device.CPU;
  }

  /// Sizes whose products are packed in each of the ways there are, by 1 and 7 threads: every part
  /// of the result is finished once, and after its last sum.
  @ParameterizedTest
  @CsvSource({
    "300, 700, 600", "64, 1000, 784", "128, 4096, 784", "700, 64, 1100", "33, 9216, 25",
    "2100, 40, 520", "40, 2100, 1030", "1, 40000, 30", "40000, 1, 30", "200, 300, 1"
  })
  void anEpilogueMeetsEveryElementOnce(int m, int n, int k) {
    Program program = Program.of(input(0).plus(input(1)).times(input(2)));
    for (DType dtype : new DType[] {DType.F32, DType.F64}) {
      Tensor a = Tensor.normal(Seed.of(1), 0, Shape.of(m, k), dtype);
      Tensor b = Tensor.normal(Seed.of(2), 0, Shape.of(k, n), dtype);
      Tensor acrossA = a.transpose().contiguous().transpose();
      Tensor acrossB = b.transpose().contiguous().transpose();
      Tensor bias = Tensor.normal(Seed.of(3), 0, Shape.of(n), dtype);
      Tensor rows = Tensor.normal(Seed.of(4), 0, Shape.of(m, 1), dtype);
      var epilogue = new Epilogue(program, bias, rows);
      int threads = Device.CPU.backend().threads();
      try {
        for (int some : new int[] {1, 7}) {
          Device.CPU.backend().threads(some);
          for (Tensor left : new Tensor[] {a, acrossA}) {
            for (Tensor right : new Tensor[] {b, acrossB}) {
              assertArrayEquals(
                  Tensor.map(program, left.matmul(right), bias, rows).toDoubles(),
                  left.matmulThen(right, epilogue).toDoubles());
            }
          }
        }
      } finally {
        Device.CPU.backend().threads(threads);
      }
    }
  }
}
