package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vectorgrad.tensor.LayoutTest.assertMessage;

import java.util.List;
import org.junit.jupiter.api.Test;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;

/// Which dtype comes of which, and what is refused.
class DTypeTest {
  @Test
  void dtypesPromoteAsInNumPyAndNothingIsNarrowed() {
    List<String[]> table = ConversionsTest.golden("promotion.csv");
    assertEquals(7 * 7 + 8, table.size());
    for (String[] line : table) {
      DType a = DType.valueOf(line[0]);
      DType b = DType.valueOf(line[1]);
      // the one difference: NumPy takes F64, which loses what is above 2⁵³
      boolean refused = (a == DType.I64 && b.isFloating()) || (b == DType.I64 && a.isFloating());
      assertEquals(!refused, a.promotesWith(b));
      assertEquals(!refused, b.promotesWith(a));
      if (refused) {
        assertEquals("F64", line[2]);
        assertThrows(DTypeException.class, () -> a.promote(b));
      } else {
        assertEquals(DType.valueOf(line[2]), a.promote(b), a + " with " + b);
        assertEquals(DType.valueOf(line[2]), b.promote(a), b + " with " + a);
      }
    }
  }

  @Test
  void theOrderOfPromotionMattersOnlyWhereHalvesMeet() {
    for (DType a : DType.values()) {
      for (DType b : DType.values()) {
        for (DType c : DType.values()) {
          if (a.promotesWith(b) && b.promotesWith(c) && a.promotesWith(c)) {
            assertEquals(a.promote(b).promote(c), a.promote(b.promote(c)), a + " " + b + " " + c);
          }
        }
      }
    }
  }

  @Test
  void aDTypeSaysWhatItHolds() {
    assertEquals(
        List.of(DType.F32, DType.F64, DType.F16, DType.BF16),
        List.of(DType.values()).stream().filter(DType::isFloating).toList());
    assertEquals(
        List.of(DType.I32, DType.I64, DType.U8),
        List.of(DType.values()).stream().filter(DType::isInteger).toList());
    for (DType dtype : DType.values()) {
      String description = Tensor.zeros(Shape.of(10), dtype).describe();
      assertTrue(description.contains(" " + dtype.bytes() * 10 + " bytes"), description);
    }
  }

  @Test
  void aNumberTakesTheTensorsDtypeIfThatHasIt() {
    assertEquals(DType.F16, Tensor.of(1f).to(DType.F16).add(0.1).dtype());
    assertEquals(DType.I32, Tensor.of(1).mul(3).dtype());
    assertEquals(250, Tensor.of((byte) 5).mul(50).item());
    assertEquals(DType.U8, Tensor.of((byte) 5).mul(50).dtype());
    assertEquals(Double.POSITIVE_INFINITY, Tensor.full(1e6, Shape.of(1), DType.F16).item());
    assertMessage(
        """
        full: i32 has no number 0.5
          shape  (2)
          rule   i32 holds whole numbers from -2147483648 to 2147483647
          help   convert the tensor first, with to(DType.F64)\
        """,
        () -> Tensor.full(0.5, Shape.of(2), DType.I32));
    assertMessage(
        """
        add: i32 has no number 0.5
          shape  (2)
          rule   i32 holds whole numbers from -2147483648 to 2147483647
          help   convert the tensor first, with to(DType.F64)\
        """,
        () -> Tensor.of(1, 2).add(0.5));
    assertMessage(
        """
        lt: u8 has no number 256.0
          shape  (1)
          rule   u8 holds whole numbers from 0 to 255
          help   convert the tensor first, with to(DType.F64)\
        """,
        () -> Tensor.of((byte) 1).lt(256));
    assertMessage(
        """
        mul: bool has no number 2.0
          shape  (1)
          rule   bool holds 0 and 1
          help   convert the tensor first, with to(DType.F64)\
        """,
        () -> Tensor.of(true).mul(2));
    assertMessage(
        """
        sub: i64 has no number 9.007199254740994E15
          shape  (1)
          rule   a double is a whole number and exact up to 2⁵³; larger ones by Tensor.of(long...)
          help   convert the tensor first, with to(DType.F64)\
        """,
        () -> Tensor.of(1L).sub(0x1p53 + 2));
    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1}) {
      assertThrows(DTypeException.class, () -> Tensor.full(value, Shape.of(2), DType.U8));
    }
  }

  @Test
  void noDtypeHoldsLongsAndFloats() {
    assertMessage(
        """
        map: no dtype holds both i64 and f16
          in 0   (1) bool
          in 1   (1) i64
          in 2   (1) f16
          help   convert one of them, perhaps with to(DType.F64)\
        """,
        () ->
            Tensor.map(
                Program.of(Formula.input(0).plus(Formula.input(1)).plus(Formula.input(2))),
                Tensor.of(true),
                Tensor.of(1L),
                Tensor.of(1f).to(DType.F16)));
    assertMessage(
        """
        promote: no dtype holds both bf16 and i64
          help   convert one of them, perhaps with to(DType.F64)\
        """,
        () -> DType.BF16.promote(DType.I64));
    assertThrows(DTypeException.class, () -> Tensor.of(1L).lt(Tensor.of(1.0)));
    assertThrows(DTypeException.class, () -> Tensor.concat(0, Tensor.of(1L), Tensor.of(1.0)));
    assertThrows(
        DTypeException.class, () -> Tensor.where(Tensor.of(true), Tensor.of(1L), Tensor.of(1f)));
  }

  @Test
  void wholeNumbersWrapAroundAndQuotientsAreFloating() {
    for (Device device : Device.all()) {
      Tensor bytes = Tensor.of((byte) 200, (byte) 100).to(device);
      assertArrayEquals(new int[] {144, 200}, bytes.add(bytes).toInts());
      assertArrayEquals(new int[] {64, 16}, bytes.mul(bytes).toInts());
      assertArrayEquals(new int[] {56, 156}, bytes.neg().toInts());
      Tensor ints = Tensor.of(Integer.MAX_VALUE, -7).to(device);
      assertArrayEquals(new int[] {Integer.MIN_VALUE, -6}, ints.add(1).toInts());
      assertArrayEquals(new int[] {1, 49}, ints.mul(ints).toInts());
      Tensor longs = Tensor.of(Long.MAX_VALUE, (1L << 53) + 1).to(device);
      assertArrayEquals(new long[] {Long.MIN_VALUE, (1L << 53) + 2}, longs.add(1).toLongs());
      assertArrayEquals(new long[] {-Long.MAX_VALUE, -(1L << 53) - 1}, longs.neg().toLongs());
      assertEquals(DType.F64, ints.div(ints).dtype());
      assertEquals(-3.5, ints.div(2).select(0, 1).item());
      assertEquals(0.5, bytes.select(0, 1).div(bytes.select(0, 0)).item());
      assertEquals(Double.POSITIVE_INFINITY, ints.abs().div(0).select(0, 0).item());
    }
  }

  @Test
  void truthIsJoinedByOrAndAnd() {
    for (Device device : Device.all()) {
      Tensor a = Tensor.of(true, true, false, false).to(device);
      Tensor b = Tensor.of(true, false, true, false).to(device);
      assertEquals(DType.BOOL, a.add(b).dtype());
      assertArrayEquals(new boolean[] {true, true, true, false}, a.add(b).toBooleans());
      assertArrayEquals(new boolean[] {true, false, false, false}, a.mul(b).toBooleans());
      assertArrayEquals(new boolean[] {true, true, true, false}, a.maximum(b).toBooleans());
      assertArrayEquals(new int[] {1, 1, 0, 0}, a.mul(Tensor.of(1).to(device)).toInts());
      assertEquals(2, a.sum().itemLong());
      assertEquals(DType.I64, a.sum().dtype());
      assertEquals(0.5, a.mean().item());
    }
    assertMessage(
        """
        sub: needs numbers, found bool
          left   (1) bool
          right  (1) bool
          help   ne is the exclusive or; or convert with to(DType)\
        """,
        () -> Tensor.of(true).sub(Tensor.of(false)));
  }

  @Test
  void numbersAreReadExactlyOrNotAtAll() {
    long odd = (1L << 53) + 1;
    assertEquals(odd, Tensor.of(odd).itemLong());
    assertEquals(0x1p60, Tensor.of(1L << 60).item());
    assertMessage(
        """
        item: no double is 9007199254740993
          shape  (1)
          help   read it with itemLong()\
        """,
        () -> Tensor.of(odd).item());
    assertMessage(
        """
        item: no double is 9223372036854775807
          shape  (1)
          help   read it with itemLong()\
        """,
        () -> Tensor.of(Long.MAX_VALUE).item());
    assertMessage(
        """
        itemLong: needs whole numbers, found f32
          shape  (1)
          help   read it with item(), or convert with to(DType.I64)\
        """,
        () -> Tensor.of(1f).itemLong());
    assertArrayEquals(new long[] {1, 255}, Tensor.of((byte) 1, (byte) -1).toLongs());
    assertArrayEquals(new byte[] {1, -1}, Tensor.of((byte) 1, (byte) -1).toBytes());
    assertArrayEquals(new float[] {1.5f}, Tensor.of(1.5f).to(DType.BF16).toFloats());
    assertMessage(
        """
        toInts: needs i32, found i64
          shape  (1)
          help   convert with to(DType.I32)\
        """,
        () -> Tensor.of(1L).toInts());
    assertMessage(
        """
        ofArray: bf16 lies in a short[]
          found  int[]\
        """,
        () -> Tensor.ofArray(new int[1], Shape.of(1), DType.BF16));
    assertEquals(
        "[1, 9007199254740993] (2) i64 on cpu",
        Tensor.of(1, odd).toString().replaceAll(" +", " ").replace("[ ", "["));
  }

  @Test
  void sumsOfHalvesAreRoundedOnceAndMeansDoNotOverflow() {
    for (Device device : Device.all()) {
      Tensor ones = Tensor.full(1, Shape.of(5000), DType.F16, device);
      assertEquals(5000, ones.sum().item()); // added one by one they would stop at 2048
      assertEquals(DType.F16, ones.sum().dtype());
      Tensor large = Tensor.full(60000, Shape.of(4, 300), DType.F16, device);
      assertEquals(Double.POSITIVE_INFINITY, large.sum().item());
      assertEquals(60000, large.mean().item(), 32); // half a unit of the last place
      assertEquals(DType.F16, large.mean(0).dtype());
      Tensor column = Tensor.full(1, Shape.of(700, 9), DType.BF16, device);
      assertEquals(700, column.sum(0).select(0, 3).item());
      Tensor index = Tensor.zeros(Shape.of(5000), DType.I32, device);
      assertEquals(5000, ones.scatterAdd(0, index, 1).item());
      assertEquals(DType.F16, ones.scatterAdd(0, index, 1).dtype());
      Tensor product = ones.reshape(1, 5000).matmul(ones.reshape(5000, 1));
      assertEquals(5000, product.item());
      assertEquals(DType.F16, product.dtype());
    }
  }

  @Test
  void nothingOfSizeZeroAndRankZeroIsAnExceptionToDtypes() {
    for (DType dtype : DType.values()) {
      for (Device device : Device.all()) {
        Tensor empty = Tensor.zeros(Shape.of(3, 0), dtype, device);
        assertEquals(dtype, empty.copy().dtype());
        assertEquals(0, empty.to(DType.F16).size());
        DType sum = dtype.isFloating() ? dtype : DType.I64;
        assertEquals(sum, empty.sum(1).dtype());
        assertArrayEquals(new double[3], empty.sum(1).toDoubles());
        assertEquals(1, empty.prod().item());
        assertEquals(Shape.of(0), empty.max(0).shape());
        assertTrue(Double.isNaN(empty.mean().item()));
        Tensor scalar = Tensor.full(1, Shape.SCALAR, dtype, device);
        assertEquals(1, scalar.item());
        assertEquals(dtype, scalar.mul(scalar).dtype());
        assertEquals(1, scalar.mul(scalar).item());
        assertFalse(scalar.toString().isEmpty());
      }
    }
  }
}
