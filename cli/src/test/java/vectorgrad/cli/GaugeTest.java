package vectorgrad.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import vectorgrad.train.Averages;
import vectorgrad.train.Trainer;

class GaugeTest {
  private static final int PICTURES = 10_000;
  private static final int EPOCHS = 2;

  private long nanos;
  private final Gauge.Meter meter = new Gauge.Meter(EPOCHS, PICTURES, () -> nanos);

  private Gauge at(double seconds, int epoch, int seen) {
    nanos = (long) (seconds * 1e9);
    return meter.read(new Trainer.Step(epoch, 1, 1, 0, new Averages(seen, 0, Map.of())));
  }

  @Test
  void theSpeedIsThatOfTheLastSeconds() {
    assertEquals(0, at(1, 1, 10).speed()); // one step tells nothing
    assertEquals(10, at(4, 1, 40).speed());
    assertEquals(10, at(6, 1, 60).speed());
    assertEquals(405.5, at(10, 1, 3660).speed(), 0.1);
    assertEquals(900, at(11, 1, 4560).speed()); // from the sixth second on
    Gauge gauge = at(16, 1, 9060);
    assertEquals(900, gauge.speed());
    assertEquals((PICTURES - 9060 + PICTURES) / 900.0, gauge.seconds());
  }

  @Test
  void anEpochBeginsAnew() {
    at(1, 1, 100);
    assertEquals(100, at(2, 1, 200).speed());
    assertEquals(0, at(20, 2, 10).speed());
    Gauge gauge = at(21, 2, 510);
    assertEquals(500, gauge.speed());
    assertEquals((PICTURES - 510) / 500.0, gauge.seconds());
  }
}
