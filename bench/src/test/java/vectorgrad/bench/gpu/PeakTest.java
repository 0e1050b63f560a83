package vectorgrad.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import vectorgrad.tensor.Device;

class PeakTest {
  @Test
  void everyKindOfWorkHasARate() {
    List<Peak.Figure> figures = Peak.figures(Device.CPU, 16, 1 << 10, 1e-3);
    assertEquals(
        List.of(
            "f32 product of 16 × 16",
            "bf16 product of 16 × 16",
            "f16 product of 16 × 16",
            "copy",
            "sum of two",
            "sigmoid",
            "sum of all"),
        figures.stream().map(Peak.Figure::work).toList());
    figures.forEach(figure -> assertTrue(figure.rate() > 0, figure::toString));
  }

  @Test
  void aFigureIsALine() {
    assertEquals(
        "copy                                4,023.5 GB/s",
        new Peak.Figure("copy", 4023.46, "GB/s").toString());
  }
}
