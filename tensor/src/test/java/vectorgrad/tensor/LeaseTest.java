package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LeaseTest {
  private static final String TERM = "a batch, valid until the next one";

  @Test
  void theTensorIsTheArrayItself() {
    float[] array = {1, 2, 3, 4};
    Lease lease = Lease.of(array, Shape.of(2, 2), TERM);
    assertSame(array, lease.tensor().memory());
    assertEquals(10, lease.tensor().sum().item());
    assertArrayEquals(
        new int[] {7, 8}, Lease.of(new int[] {7, 8}, Shape.of(2), TERM).tensor().toInts());
  }

  @Test
  void touchingTheTensorAfterTheLeaseNamesItsTerm() {
    Lease lease = Lease.of(new float[] {1, 2}, Shape.of(2), TERM);
    Tensor view = lease.tensor().flip(0);
    assertTrue(lease.end());
    assertEquals(
        """
        tensor: used after its scope closed
          scope  a batch, valid until the next one
          help   call keep() on what must outlive the scope, or read its numbers before\
        """,
        assertThrows(ClosedScopeException.class, view::toFloats).getMessage());
    assertFalse(lease.end());
  }

  @Test
  void aKeptTensorKeepsItsArray() {
    float[] array = {1, 2};
    Lease lease = Lease.of(array, Shape.of(2), TERM);
    Tensor kept = lease.tensor().keep();
    assertFalse(lease.end());
    assertSame(array, kept.memory());
  }

  @Test
  void memoryOfADeviceHasACopyOfTheArray() {
    Object memory = Device.REFERENCE.backend().allocate(DType.F32, 2);
    float[] array = {1, 2};
    for (int i = 0; i < 3; i++) {
      Lease lease = Lease.of(Device.REFERENCE, memory, array, DType.F32, Shape.of(2), TERM);
      array[0] = 5 + i; // for the next one
      assertSame(Device.REFERENCE, lease.tensor().device());
      assertSame(memory, lease.tensor().memory());
      assertArrayEquals(new float[] {i == 0 ? 1 : 4 + i, 2}, lease.tensor().toFloats());
      assertTrue(lease.end());
      assertThrows(ClosedScopeException.class, () -> lease.tensor().toFloats());
    }
    assertThrows(
        ShapeException.class,
        () -> Lease.of(Device.REFERENCE, memory, array, DType.F32, Shape.of(3), TERM));
  }

  @Test
  void aLeaseOutlivesTheScopeItWasMadeIn() {
    Lease lease;
    try (var _ = Scope.open()) {
      lease = Lease.of(new float[] {1, 2}, Shape.of(2), TERM);
    }
    assertArrayEquals(new float[] {1, 2}, lease.tensor().toFloats());
  }

  @Test
  void anArrayOfAnotherSizeIsRefused() {
    assertEquals(
        "lease: (2, 3) has 6 elements, found 2 values",
        assertThrows(ShapeException.class, () -> Lease.of(new float[] {1, 2}, Shape.of(2, 3), TERM))
            .getMessage());
  }
}
