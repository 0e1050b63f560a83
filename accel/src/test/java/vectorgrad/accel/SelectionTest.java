package vectorgrad.accel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.OpenCl;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

/// When a choice by indices waits for the device, and that a wrong one is told either way.
class SelectionTest {
  private final List<String> heard = new ArrayList<>();
  private Device device;
  private Tensor x;

  @BeforeEach
  void aDeviceThatTells() {
    device =
        Device.of(
            "told",
            OpenCl.device().backend().heardBy((kernel, _, _) -> heard.add(kernel)).orElseThrow());
    x = Tensor.arange(12, DType.F32).reshape(3, 4).to(device);
  }

  private Tensor indices(int... indices) {
    return Tensor.of(indices, Shape.of(3, 1)).to(device);
  }

  @Test
  void indicesFromTheHostAreKnownToBeRight() {
    Tensor chosen = x.gather(1, indices(3, 0, 2));
    assertFalse(waited());
    assertArrayEquals(new float[] {3, 4, 10}, chosen.toFloats());
    assertTrue(waited());
  }

  @Test
  void soAreThoseOfAKernelThatFindsPlaces() {
    Tensor most = x.argmax(1).reshape(3, 1);
    assertEquals(0, most.toInts()[0] - 3);
    heard.clear();
    Tensor sums =
        Tensor.zeros(Shape.of(3, 4), DType.F32, device).scatterAdd(1, most, x.narrow(1, 0, 1));
    assertFalse(waited());
    assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 8}, sums.toFloats());
  }

  @Test
  void computedOnesAreLookedAt() {
    Tensor index = indices(1, 2, 3);
    Tensor computed = index.sub(1);
    assertFalse(waited());
    Tensor chosen = x.gather(1, computed);
    assertTrue(waited());
    assertArrayEquals(new float[] {0, 5, 10}, chosen.toFloats());
  }

  @Test
  void wrongOnesAreToldWhereverTheyComeFrom() {
    assertEquals("4", outside(indices(0, 4, 1)));
    assertEquals("-1", outside(indices(1, 0, 1).sub(1)));
    assertEquals("-7", outside(indices(1, -7, 1)));
  }

  /// The index that is complained about.
  private String outside(Tensor index) {
    var e = assertThrows(IndexOutOfBoundsException.class, () -> x.gather(1, index));
    return e.getMessage().replaceAll("(?s)\\D*?(-?\\d+).*", "$1");
  }

  private boolean waited() {
    // what a listener has not heard has not been waited for
    return heard.contains("read");
  }
}
