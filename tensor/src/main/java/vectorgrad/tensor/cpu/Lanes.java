package vectorgrad.tensor.cpu;

import java.lang.System.Logger.Level;
import java.util.Set;

/// How wide the vectors are that the kernels compute with. Found once, when first asked.
///
/// The Vector API is an incubator module, so it may be absent; then the kernels are emitted as
/// scalar loops, with the same results to the bit, and one warning says so. The same holds where no
/// optimising compiler would turn vector code into vector instructions (`-Xint`,
/// `-XX:TieredStopAtLevel=1`).
///
/// The system property `vectorgrad.lanes` set to 0, 128, 256 or 512 forces a width, 0 meaning
/// scalar code. It is meant for tests and measurements.
final class Lanes {
  private static final String MODULE = "jdk.incubator.vector";
  static final String PROPERTY = "vectorgrad.lanes";
  private static final boolean PRESENT = readVectorModule();
  private static final int BITS = findBits();

  private Lanes() {}

  /// The width of a vector in bits: 128, 256 or 512, or 0 for scalar code.
  static int bits() {
    return BITS;
  }

  /// Whether kernels use the Vector API. Classes that mention it may be loaded only if so.
  static boolean vector() {
    return BITS > 0;
  }

  /// Whether the Vector API could be used, whatever width was chosen.
  static boolean present() {
    return PRESENT;
  }

  private static boolean readVectorModule() {
    // not as `found.ifPresent(…::addReads)`: binding its caller to it is 20 ms of a cold start
    Module found = ModuleLayer.boot().findModule(MODULE).orElse(null);
    if (found == null) {
      return false;
    }
    Lanes.class.getModule().addReads(found);
    return true;
  }

  private static int findBits() {
    String forced = System.getProperty(PROPERTY);
    if (forced != null) {
      return forced(forced);
    }
    if (!PRESENT) {
      warn(
          "the Vector API is absent, so kernels run on scalar loops, several times slower;"
              + " start java with --add-modules "
              + MODULE);
      return 0;
    }
    if (!optimises(System.getProperty("java.vm.info", ""))) {
      warn(
          "this JVM does not optimise vector code, so kernels run on scalar loops, several times"
              + " slower; start java without -Xint and -XX:TieredStopAtLevel");
      return 0;
    }
    return usable(WidestVector.bits());
  }

  /// Asks for the logger only now, since the search for its provider opens every JAR there is.
  private static void warn(String text) {
    System.getLogger("vectorgrad").log(Level.WARNING, text);
  }

  private static int forced(String value) {
    if (!Set.of("0", "128", "256", "512").contains(value)) {
      throw new IllegalArgumentException(
          PROPERTY + ": must be 0, 128, 256 or 512, found \"" + value + "\"");
    }
    int bits = Integer.parseInt(value);
    if (bits > 0 && !PRESENT) {
      throw new IllegalArgumentException(
          PROPERTY + ": " + bits + " bits need the Vector API; add --add-modules " + MODULE);
    }
    return bits;
  }

  /// HotSpot says `mixed mode` when both its compilers work, `emulated-client` without the
  /// optimising one.
  static boolean optimises(String vmInfo) {
    return vmInfo.contains("mixed mode") && !vmInfo.contains("emulated-client");
  }

  /// The widest of the widths there are kernels for; machines below 128 bits get scalar code.
  static int usable(int widest) {
    return widest >= 512 ? 512 : widest >= 256 ? 256 : widest >= 128 ? 128 : 0;
  }
}
