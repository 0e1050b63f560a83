package vectorgrad.accel;

import java.lang.foreign.MemorySegment;
import org.jocl.Pointer;

/// A Java array of a dtype, as drivers and segments see it.
final class HostArray {
  private HostArray() {}

  static MemorySegment segment(Object array) {
    return switch (array) {
      case float[] a -> MemorySegment.ofArray(a);
      case double[] a -> MemorySegment.ofArray(a);
      case int[] a -> MemorySegment.ofArray(a);
      case long[] a -> MemorySegment.ofArray(a);
      case short[] a -> MemorySegment.ofArray(a);
      case byte[] a -> MemorySegment.ofArray(a);
      default -> throw new IllegalArgumentException("no array of a dtype: " + array.getClass());
    };
  }

  static Pointer pointer(Object array) {
    return switch (array) {
      case float[] a -> Pointer.to(a);
      case double[] a -> Pointer.to(a);
      case int[] a -> Pointer.to(a);
      case long[] a -> Pointer.to(a);
      case short[] a -> Pointer.to(a);
      case byte[] a -> Pointer.to(a);
      default -> throw new IllegalArgumentException("no array of a dtype: " + array.getClass());
    };
  }
}
