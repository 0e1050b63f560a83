package vectorgrad.bench;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A report as a JSON file: everything that was measured, and where.
final class Results {
  private Results() {}

  /// The file.
  private record Document(String group, Machine machine, Plan plan, List<Row> rows) {}

  /// A row of it; times in nanoseconds.
  private record Row(
      Map<String, String> work,
      String contender,
      boolean peer,
      double median,
      double min,
      double worst,
      double cpu,
      List<Times> forks) {
    static Row of(Timing timing) {
      return new Row(
          timing.trial().parameters(),
          timing.trial().contender(),
          timing.trial().peer(),
          timing.median(),
          timing.min(),
          timing.worst(),
          timing.cpu(),
          timing.forks());
    }
  }

  static void write(Report report, Path file) throws IOException {
    var document =
        new Document(
            report.group(),
            report.machine(),
            report.plan(),
            report.timings().stream().map(Row::of).toList());
    Files.createDirectories(file.getParent());
    Files.writeString(file, new GsonBuilder().setPrettyPrinting().create().toJson(document) + "\n");
  }
}
