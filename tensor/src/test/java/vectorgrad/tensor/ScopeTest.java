package vectorgrad.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private static final Shape LARGE = Shape.of(64, 64);

  @Test
  void onlyWhatNobodyWritesAndLivesLongEnoughStandsForACopy() {
    Tensor free = Tensor.ones(LARGE, DType.F32);
    assertTrue(free.lasts());
    assertFalse(new Cell(Tensor.ones(LARGE, DType.F32)).value().lasts());
    Tensor outer;
    try (var _ = Scope.open()) {
      outer = Tensor.ones(LARGE, DType.F32);
      assertTrue(outer.lasts());
      assertTrue(free.lasts());
      try (var _ = Scope.open()) {
        assertFalse(outer.lasts());
      }
    }
    assertFalse(outer.lasts());
  }

  @Test
  void aTensorTouchedAfterItsScopeClosedNamesTheOpeningLine() {
    Tensor view;
    try (var scope = Scope.open()) {
      assertTrue(scope.openedAt().contains("ScopeTest"));
      view = Tensor.ones(LARGE, DType.F32).transpose();
      assertFalse(view.isRecycled());
    }
    assertTrue(view.isRecycled());
    String message = assertThrows(ClosedScopeException.class, view::toFloats).getMessage();
    assertTrue(
        message.matches(
            """
            (?s)tensor: used after its scope closed
              scope  opened at .*ScopeTest.aTensorTouched.*\\(ScopeTest.java:\\d+\\)
              help   call keep\\(\\) on what must outlive the scope, or read its numbers before\
            """),
        message);
    assertThrows(ClosedScopeException.class, () -> view.add(1));
    assertThrows(ClosedScopeException.class, () -> view.matmul(view));
    assertThrows(ClosedScopeException.class, view::keep);
  }

  @Test
  void memoryIsReusedByTheNextScope() {
    Object first;
    try (var _ = Scope.open()) {
      first = Tensor.ones(LARGE, DType.F32).memory();
    }
    try (var _ = Scope.open()) {
      assertSame(first, Tensor.zeros(LARGE, DType.F32).memory());
    }
  }

  @Test
  void keptTensorsAndCellsOutliveTheScope() {
    Tensor kept;
    Cell cell;
    Tensor outside;
    try (var _ = Scope.open()) {
      kept = Tensor.ones(LARGE, DType.F32).add(1).keep();
      cell = new Cell(kept);
      outside = Scope.outside(() -> Tensor.ones(LARGE, DType.F32));
    }
    try (var _ = Scope.open()) {
      Tensor.full(9, LARGE, DType.F32, Device.CPU);
      assertEquals(2 * LARGE.size(), kept.sum().item());
      assertEquals(2 * LARGE.size(), cell.value().sum().item());
      assertEquals(LARGE.size(), outside.sum().item());
    }
  }

  @Test
  void scopesNest() {
    try (var _ = Scope.open()) {
      Tensor a = Tensor.ones(LARGE, DType.F32);
      Tensor b;
      try (var _ = Scope.open()) {
        b = a.add(1);
        assertEquals(2, b.max().item());
      }
      assertEquals(1, a.max().item());
      assertThrows(ClosedScopeException.class, b::max);
    }
  }

  @Test
  void whatIsDoneWithinLeavesOnlyItsResultBehind() {
    Tensor result;
    Tensor[] between = new Tensor[1];
    try (var _ = Scope.open()) {
      result =
          Scope.within(() -> {
            between[0] = Tensor.ones(LARGE, DType.F32);
            return between[0].add(1);
          });
      assertThrows(ClosedScopeException.class, () -> between[0].max());
      assertEquals(2, result.max().item());
    }
    assertThrows(ClosedScopeException.class, result::max);
    assertEquals(2, Scope.within(() -> Tensor.ones(LARGE, DType.F32).add(1)).max().item());
  }

  @Test
  void aScopeCountsTheMostBytesInUseAtOnce() {
    long each = 4L * LARGE.size();
    try (var outer = Scope.open()) {
      Tensor.ones(LARGE, DType.F32).keep();
      long first = outer.peakBytes();
      for (int i = 0; i < 3; i++) {
        try (var inner = Scope.open()) {
          Tensor ones = Tensor.ones(LARGE, DType.F32);
          ones.add(ones);
          assertEquals(2 * each / 64, inner.peakBytes() / 64); // but for a scalar
        }
      }
      assertEquals(
          first / 64 + each / 64, outer.peakBytes() / 64); // what was kept is no longer its own
    }
  }

  @Test
  void aScopeClosesInOrderAndOnItsOwnThread() throws InterruptedException {
    var outer = Scope.open();
    var inner = Scope.open();
    assertTrue(
        assertThrows(IllegalStateException.class, outer::close)
            .getMessage()
            .startsWith("Scope: closed out of order"));
    var refused = new AtomicReference<Throwable>();
    Thread thread = new Thread(inner::close);
    thread.setUncaughtExceptionHandler((t, e) -> refused.set(e));
    thread.start();
    thread.join();
    assertTrue(
        refused.get().getMessage().startsWith("Scope: closed on another thread"),
        () -> "" + refused.get());
    inner.close();
    outer.close();
    outer.close();
  }

  @Property(tries = 100)
  void programsGiveTheSameBitsInsideAndOutside(@ForAll long seed) {
    double[] outside = program(seed, false);
    try (var _ = Scope.open()) {
      program(seed + 1, true); // leaves dirty arrays in the pool
    }
    try (var _ = Scope.open()) {
      assertArrayEquals(outside, program(seed, true));
    }
  }

  /// A random program over a few tensors, with inner scopes and keep() where they make no
  /// difference.
  private static double[] program(long seed, boolean scoped) {
    var random = new java.util.Random(seed);
    Tensor[] pool = new Tensor[4];
    for (int i = 0; i < pool.length; i++) {
      pool[i] = Tensor.normal(Seed.of(seed), 1000L * i, Shape.of(32, 32), DType.F32);
    }
    for (int step = 0; step < 12; step++) {
      int to = random.nextInt(pool.length);
      Tensor a = pool[random.nextInt(pool.length)];
      Tensor b = pool[random.nextInt(pool.length)];
      int which = random.nextInt(16);
      boolean inner = random.nextBoolean();
      Scope scope = inner && scoped ? Scope.open() : null;
      Tensor result =
          switch (which) {
            case 0 -> a.add(b);
            case 1 -> a.mul(b).tanh();
            case 2 -> a.matmul(b).mul(.1);
            case 3 -> a.transpose().softmax(-1);
            case 4 -> a.sub(b.mean(true, 0));
            case 5 -> a.sort(-1).values().roll(3, 0);
            case 6 -> a.cumsum(0).mul(.05);
            case 7 -> Tensor.einsum("ij,kj->ki", a, b).mul(.1);
            case 8 -> a.gather(1, b.argsort(1));
            case 9 -> Tensor.where(a.lt(b), a, b).clamp(-2, 2);
            case 10 -> a.to(DType.BF16).add(b.to(DType.F16)).to(DType.F32);
            case 11 -> a.mul(8).to(DType.I64).sum(true, 1).to(DType.F32).mul(.01).expand(a.shape());
            case 12 ->
                a.reshape(1, 2, 16, 32)
                    .conv2d(b.reshape(2, 2, 16, 16).slice("..., :3, :3"), Conv2dGeometry.DEFAULT)
                    .mul(.05)
                    .pad(2, 1, 1)
                    .pad(3, 1, 1)
                    .reshape(32, 32);
            case 13 -> Linalg.qr(a.add(Tensor.eye(32, 32, DType.F32).mul(3))).q();
            case 14 -> a.maskedFill(b.gt(0), .5).logsumexp(true, 0).add(b).mul(.3);
            default -> a.flip(0).slice(0, 0, 16).pad(0, 8, 8);
          };
      // sums follow the layout, so both ways have the same
      pool[to] = inner ? result.contiguous() : result;
      if (scope != null) {
        pool[to].keep();
        scope.close();
      }
    }
    return Tensor.stack(0, pool).toDoubles();
  }
}
