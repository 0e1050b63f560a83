package vectorgrad.tensor.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;

/// The classes of vectors, one for each type and number of bits. The Vector API keeps them to
/// itself, so that neither Java nor bytecode can name them.
///
/// C2 has to be told which class a vector has that was just read, or comes from the iteration
/// before. Otherwise it compiles the call of a method for the classes that it was seen with, and
/// looks at what is read only afterwards. As soon as anything in the process has computed with
/// vectors of another width, those are two, and where both ways meet again every vector becomes an
/// object: two to five times as slow, until the process ends. A cast to a constant class tells.
final class VectorClasses {
  private VectorClasses() {}

  /// Constants for emitted code: one class for each type, so that no type is loaded that nothing
  /// computes with.
  static final class FloatVectors {
    static final Class<?> OF_128 = FloatVector.SPECIES_128.vectorType();
    static final Class<?> OF_256 = FloatVector.SPECIES_256.vectorType();
    static final Class<?> OF_512 = FloatVector.SPECIES_512.vectorType();

    private FloatVectors() {}
  }

  static final class DoubleVectors {
    static final Class<?> OF_128 = DoubleVector.SPECIES_128.vectorType();
    static final Class<?> OF_256 = DoubleVector.SPECIES_256.vectorType();
    static final Class<?> OF_512 = DoubleVector.SPECIES_512.vectorType();

    private DoubleVectors() {}
  }

  static final class IntVectors {
    static final Class<?> OF_128 = IntVector.SPECIES_128.vectorType();
    static final Class<?> OF_256 = IntVector.SPECIES_256.vectorType();
    static final Class<?> OF_512 = IntVector.SPECIES_512.vectorType();

    private IntVectors() {}
  }

  static final class LongVectors {
    static final Class<?> OF_128 = LongVector.SPECIES_128.vectorType();
    static final Class<?> OF_256 = LongVector.SPECIES_256.vectorType();
    static final Class<?> OF_512 = LongVector.SPECIES_512.vectorType();

    private LongVectors() {}
  }

  static final class ShortVectors {
    static final Class<?> OF_64 = ShortVector.SPECIES_64.vectorType();
    static final Class<?> OF_128 = ShortVector.SPECIES_128.vectorType();
    static final Class<?> OF_256 = ShortVector.SPECIES_256.vectorType();

    private ShortVectors() {}
  }
}
