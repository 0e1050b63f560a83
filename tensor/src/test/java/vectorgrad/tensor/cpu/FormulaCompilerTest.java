package vectorgrad.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.numerics.Formula.constant;
import static vectorgrad.numerics.Formula.input;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.numerics.UnaryFunction;
import vectorgrad.tensor.DType;

/// Every emission against the program's own reading, to the bit.
class FormulaCompilerTest {
  private static final int[] WIDTHS = {0, 128, 256, 512};
  private static final List<DType> DTYPES = List.of(DType.values());
  private static final List<DType> WHOLE = List.of(DType.I32, DType.I64, DType.U8, DType.BOOL);
  private static final int[] LENGTHS = {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 67};

  /// The row as the program reads itself and as the kernels of all widths compute it; the arrays
  /// are compared as a whole, so that writing too far is seen too.
  private static void assertSameBits(Row row) {
    Row expected = row.expected();
    Signature signature = row.signature();
    for (int bits : WIDTHS) {
      Row computed = row.computed(FormulaCompiler.compile(row.program(), signature, bits));
      for (int k = 0; k < row.arrays().length; k++) {
        String message = bits + " bits, operand " + k + " of " + signature + ", " + row.program();
        switch (expected.arrays()[k]) {
          case float[] f -> assertArrayEquals(f, (float[]) computed.arrays()[k], message);
          case double[] d -> assertArrayEquals(d, (double[]) computed.arrays()[k], message);
          case int[] w -> assertArrayEquals(w, (int[]) computed.arrays()[k], message);
          case byte[] b -> assertArrayEquals(b, (byte[]) computed.arrays()[k], message);
          case long[] w -> assertArrayEquals(w, (long[]) computed.arrays()[k], message);
          case short[] _ -> assertArrayEquals(expected.halves(k), computed.halves(k), message);
          default -> throw new AssertionError();
        }
      }
    }
  }

  @Property(tries = 300)
  void floatingRowsHaveTheBitsOfTheProgramAtAllWidths(@ForAll long seed) {
    Random random = new Random(seed);
    boolean brains = random.nextInt(3) == 0;
    DType dtype = brains || random.nextBoolean() ? DType.F32 : DType.F64;
    int inputs = random.nextInt(5);
    int outputs = 1 + random.nextInt(3);
    DType[] dtypes = new DType[inputs + outputs];
    int[] strides = new int[dtypes.length];
    for (int k = 0; k < strides.length; k++) {
      dtypes[k] = brains && random.nextBoolean() ? DType.BF16 : dtype;
      strides[k] = k >= inputs || random.nextInt(4) > 0 ? 1 : 0;
    }
    Program program = RandomPrograms.of(random, inputs, outputs, 1 + random.nextInt(12));
    int n = LENGTHS[random.nextInt(LENGTHS.length)];
    assertSameBits(Row.of(random, program, dtypes, strides, n));
  }

  @Property(tries = 300)
  void anyStridesAndDtypesHaveTheBitsOfTheProgram(@ForAll long seed) {
    Random random = new Random(seed);
    int inputs = random.nextInt(4);
    int outputs = 1 + random.nextInt(3);
    DType[] dtypes = new DType[inputs + outputs];
    int[] strides = new int[dtypes.length];
    for (int k = 0; k < strides.length; k++) {
      dtypes[k] = DTYPES.get(random.nextInt(DTYPES.size()));
      strides[k] = random.nextInt(7) - 3;
      if (k >= inputs && strides[k] == 0) {
        strides[k] = 1;
      }
    }
    Program program = RandomPrograms.of(random, inputs, outputs, 1 + random.nextInt(8));
    int n = LENGTHS[random.nextInt(LENGTHS.length)];
    assertSameBits(Row.of(random, program, dtypes, strides, n));
  }

  @Property(tries = 200)
  void wholeNumbersStayWholeAndExact(@ForAll long seed) {
    Random random = new Random(seed);
    int inputs = 1 + random.nextInt(3);
    DType[] dtypes = new DType[inputs + 2];
    int[] strides = new int[dtypes.length];
    for (int k = 0; k < strides.length; k++) {
      dtypes[k] = WHOLE.get(random.nextInt(WHOLE.size()));
      strides[k] = k >= inputs ? 1 + random.nextInt(2) : random.nextInt(3);
    }
    Program program = RandomPrograms.whole(random, inputs, 2, 1 + random.nextInt(6));
    Row row = Row.of(random, program, dtypes, strides, 1 + random.nextInt(20));
    assertTrue(Arithmetic.of(program, row.signature()).isWhole());
    assertSameBits(row);
  }

  @Property(tries = 100)
  void outputsMayBeTheInputsThemselves(@ForAll long seed) {
    Random random = new Random(seed);
    DType dtype = random.nextBoolean() ? DType.F32 : DType.F64;
    DType[] dtypes = new DType[7];
    Arrays.fill(dtypes, dtype);
    int stride = random.nextInt(4) == 0 ? 2 : 1;
    int[] strides = {stride, stride, stride, 0, stride, stride, stride};
    Program program = RandomPrograms.of(random, 4, 3, 8);
    Row row = Row.of(random, program, dtypes, strides, LENGTHS[random.nextInt(LENGTHS.length)]);
    int[] order = {2, 0, 1};
    for (int o = 0; o < 3; o++) {
      row.arrays()[4 + o] = row.arrays()[order[o]];
      row.offsets()[4 + o] = row.offsets()[order[o]];
    }
    assertSameBits(row);
  }

  /// Rounding is of numbers that end in all ways: halfway, above and below, too large, and none.
  @Test
  void brainsAreReadAndRoundedAsElementsAreAtAllWidths() {
    Program program = Program.of(input(0));
    for (DType[] dtypes : new DType[][] {{DType.BF16, DType.F32}, {DType.F32, DType.BF16}}) {
      Row row = Row.of(new Random(3), program, dtypes, new int[] {1, 1}, 1 << 18);
      if (row.arrays()[0] instanceof float[] floats) {
        for (int i = 0; i < floats.length; i++) {
          floats[i] = Float.intBitsToFloat((i << 16) | (0x7fff + (i >> 16)));
        }
      } else {
        short[] brains = (short[]) row.arrays()[0];
        for (int i = 0; i < brains.length; i++) {
          brains[i] = (short) i;
        }
      }
      assertSameBits(row);
    }
  }

  @Test
  void everyFunctionHasTheBitsOfTheProgramForNastyNumbers() {
    Random random = new Random(1);
    for (UnaryFunction function : UnaryFunction.values()) {
      for (DType dtype : new DType[] {DType.F32, DType.F64}) {
        Formula x = input(0);
        Program program =
            Program.of(
                function == UnaryFunction.NOT
                    ? x.lessThan(constant(0)).not()
                    : new Formula.Unary(function, x));
        assertSameBits(Row.of(random, program, new DType[] {dtype, dtype}, new int[] {1, 1}, 5000));
      }
    }
  }

  @Test
  void programsTooLongForOneMethodStillWork() {
    Random random = new Random(2);
    Formula sum = input(0);
    for (int i = 1; i <= 40; i++) {
      sum = sum.plus(input(1).times(i * 0.01).tanh());
    }
    Program long1 = Program.of(sum);
    for (int i = 41; i <= 400; i++) {
      sum = sum.plus(input(1).times(i * 0.01).tanh());
    }
    Program long2 = Program.of(sum);
    DType[] dtypes = {DType.F32, DType.F32, DType.F32};
    int[] strides = {1, 1, 1};
    Row row1 = Row.of(random, long1, dtypes, strides, 50);
    Row row2 = Row.of(random, long2, dtypes, strides, 50);
    assertSameBits(row1);
    assertSameBits(row2);
    Signature signature = row2.signature();
    for (int bits : WIDTHS) {
      assertInstanceOf(ReadingKernel.class, FormulaCompiler.compile(long2, signature, bits));
    }
  }

  @Test
  void moreOperandsThanAMethodHasParametersWork() {
    int inputs = 300;
    Formula sum = constant(0);
    for (int i = 0; i < inputs; i++) {
      sum = sum.plus(input(i));
    }
    DType[] dtypes = new DType[inputs + 1];
    int[] strides = new int[inputs + 1];
    Arrays.fill(dtypes, DType.F64);
    Arrays.fill(strides, 1);
    assertSameBits(Row.of(new Random(3), Program.of(sum), dtypes, strides, 19));
  }

  @Test
  void kernelsAreFoundAgainByProgramDtypesAndStrides() {
    DType[] floats = {DType.F32, DType.F32};
    int[] contiguous = {1, 1};
    RowKernel first = Kernels.of(Program.of(input(0).exp()), floats, contiguous);
    assertEquals(first, Kernels.of(Program.of(input(0).exp()), floats, new int[] {1, 1}));
    assertNotEquals(first, Kernels.of(Program.of(input(0).exp()), floats, new int[] {2, 1}));
    assertNotEquals(first, Kernels.of(Program.of(input(0).log()), floats, contiguous));
    DType[] doubles = {DType.F64, DType.F64};
    assertNotEquals(first, Kernels.of(Program.of(input(0).exp()), doubles, contiguous));
  }
}
