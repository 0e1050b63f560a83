package vectorgrad.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import vectorgrad.data.SafeFile;

/// Reports as JSON files, everything that was measured, and where, and as charts beside them.
final class Results {
  private Results() {}

  /// The file.
  private record Document(String group, Machine machine, Plan plan, List<Row> rows) {}

  /// A row of it; times in nanoseconds.
  private record Row(
      String benchmark,
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
          timing.trial().benchmark(),
          timing.trial().parameters(),
          timing.trial().contender(),
          timing.trial().peer(),
          timing.median(),
          timing.min(),
          timing.worst(),
          timing.cpu(),
          timing.forks());
    }

    /// Settings of a library are in the contender's name.
    ///
    /// @param last the number of rounds
    Timing timing(int last) {
      return new Timing(Trial.of(benchmark, new TreeMap<>(work), contender, peer), numbered(last));
    }

    /// Results of before rounds were kept tell none: what was not measured in all of them was in
    /// the first and the last.
    private List<Times> numbered(int last) {
      if (forks.getFirst().round() > 0) {
        return forks;
      }
      return IntStream.range(0, forks.size())
          .mapToObj(i -> forks.get(i).in(i > 0 && i == forks.size() - 1 ? last : i + 1))
          .toList();
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
    SafeFile.write(file, new GsonBuilder().setPrettyPrinting().create().toJson(document) + "\n");
  }

  static Report read(Path file) throws IOException {
    try {
      var document = new GsonBuilder().create().fromJson(Files.readString(file), Document.class);
      if (document == null || document.rows == null || document.machine == null) {
        throw new IOException(file + ": not a result");
      }
      return new Report(
          document.group,
          document.machine,
          document.plan,
          document.rows.stream().map(row -> row.timing(document.plan.rounds())).toList());
    } catch (JsonParseException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /// The results of a folder, by the names of their groups.
  static List<Report> all(Path folder) throws IOException {
    var reports = new ArrayList<Report>();
    try (var files = Files.newDirectoryStream(folder, "*.json")) {
      var names = new ArrayList<Path>();
      files.forEach(names::add);
      names.sort(null);
      for (Path file : names) {
        reports.add(read(file));
      }
    }
    return reports;
  }

  /// Draws the chart of every report into `folder`, and of all their ratios.
  static void draw(List<Report> reports, Path folder) throws IOException {
    for (Report report : reports) {
      if (CrossoverChart.suits(report)) {
        Drawing.write(CrossoverChart.speeds(report), folder.resolve("gpu.svg"));
        Drawing.write(CrossoverChart.busy(report), folder.resolve("gpu-busy.svg"));
      } else {
        String svg = CurveChart.suits(report) ? CurveChart.svg(report) : BarChart.svg(report);
        Drawing.write(svg, folder.resolve(report.group() + ".svg"));
      }
    }
    var ratios = Ratios.of(reports).rows();
    if (ratios.stream().map(Ratios.Row::group).distinct().count() > 1) {
      Drawing.write(
          SummaryChart.svg(ratios, Report.origin(reports)), folder.resolve("summary.svg"));
    }
  }
}
