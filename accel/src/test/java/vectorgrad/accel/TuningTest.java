package vectorgrad.accel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vectorgrad.tensor.OpenCl;

/// The choice of a variant by a clock, which these tests set.
class TuningTest {
  private static final String SIZES = Tuning.about("matmul", 1, 1000, 1000, 1000);
  private static final Product.Variant TILED = Product.VARIANTS.get(1);

  private final Card card = ((OpenClBackend) OpenCl.device().backend()).queue().card();
  private final List<String> tried = new ArrayList<>();

  @TempDir private Path folder;

  private Tuning tuning() {
    return new Tuning(new Binaries(Optional.of(folder), card));
  }

  private String choose(Tuning tuning, Map<String, Long> times) {
    return tuning
        .choose(
            SIZES,
            Product.VARIANTS,
            TILED,
            variant -> {
              tried.add(variant.name());
              return times.get(variant.name());
            })
        .name();
  }

  @Test
  void theFastestIsTakenAndKept() {
    Map<String, Long> times =
        Map.of("naive", 90L, "tiled", 50L, "registers", 20L, "wide", 30L, "vectors", 25L);
    assertEquals("registers", choose(tuning(), times));
    assertEquals(
        List.of(
            "tiled",
            "tiled",
            "vectors",
            "vectors",
            "wide",
            "wide",
            "registers",
            "registers",
            "naive",
            "naive"),
        tried); // the first of each compiles
    tried.clear();
    assertEquals("registers", choose(tuning(), times), "another process");
    assertEquals(List.of(), tried);
  }

  @Test
  void whatTakesLongIsNotTriedToTheEnd() {
    assertEquals("tiled", choose(tuning(), Map.of("tiled", 600_000_000L)));
    assertEquals(List.of("tiled", "tiled"), tried);
  }

  @Test
  void aNameThatNobodyKnowsAnyMoreIsFoundAnew() {
    new Binaries(Optional.of(folder), card)
        .keep(
            "tuning of products",
            (SIZES + ": forgotten\nnonsense\n").getBytes(StandardCharsets.UTF_8));
    Map<String, Long> times =
        Map.of("naive", 1L, "tiled", 2L, "registers", 3L, "wide", 4L, "vectors", 5L);
    assertEquals("naive", choose(tuning(), times));
    assertEquals("naive", choose(tuning(), Map.of()));
  }

  @Test
  void sizesAreRoundedToPowersOfTwo() {
    assertEquals(
        Tuning.about("matmul", 1, 1024, 1100, 900), Tuning.about("matmul", 1, 1000, 1000, 1000));
    assertEquals("matmul 0 of 10 x 3 x 0", Tuning.about("matmul", 1, 1000, 9, 1));
  }
}
