package vectorgrad.train;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import vectorgrad.data.SafeFile;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Device;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;
import vectorgrad.tensor.spi.Backend;

/// A device that keeps account of what it computes: which kernels ran, how often and for how long.
///
/// ```java
/// Profile profile = Profile.of(Device.named("opencl:0"));
/// model.to(profile.device());
/// …
/// IO.println(profile.table(100));
/// profile.writeTrace(Path.of("trace.json"));   // for ui.perfetto.dev or chrome://tracing
/// ```
///
/// A GPU's kernels are timed by its own clock, whenever they run; the processor's by a clock around
/// each verb, and what one verb calls of another counts for the first. Results are those of the
/// device. It costs about a microsecond for each kernel, and memory for the first 200,000 of them.
public final class Profile {
  /// A trace that a browser can still draw.
  private static final int MOST_SPANS = 200_000;

  private static final int MOST_SHOWN = 20;

  private final Device device;
  private final boolean queues; // what runs while its caller goes on
  private final Map<String, Row> rows = new HashMap<>();
  private final List<Span> spans = new ArrayList<>();
  private long untraced;
  private long begin = Long.MAX_VALUE;
  private long end = Long.MIN_VALUE;
  private long covered; // nanoseconds in which something ran

  /// A kernel.
  ///
  /// @param kernel what it computes
  /// @param calls how often it ran
  /// @param nanoseconds all calls together
  /// @param longest the longest of them
  public record Row(String kernel, long calls, long nanoseconds, long longest) {
    private Row plus(Row other) {
      return new Row(
          kernel,
          calls + other.calls,
          nanoseconds + other.nanoseconds,
          Math.max(longest, other.longest));
    }
  }

  private record Span(String kernel, long begin, long end) {}

  private Profile(Device device) {
    Backend backend = device.backend();
    Optional<Backend> hearing = backend.heardBy(this::ran);
    this.queues = hearing.isPresent();
    this.device =
        Device.of(device.name(), hearing.orElseGet(() -> new TimedBackend(backend, this::ran)));
  }

  /// A profile of what is computed on a device like `device`, of the same name. Tensors on the two
  /// are not computed with together.
  public static Profile of(Device device) {
    return new Profile(device);
  }

  /// Where to move what is to be looked at.
  public Device device() {
    return device;
  }

  private synchronized void ran(String kernel, long from, long to) {
    rows.merge(kernel, new Row(kernel, 1, to - from, to - from), Row::plus);
    begin = Math.min(begin, from);
    covered += Math.max(0, to - Math.max(from, end)); // batches are written beside kernels
    end = Math.max(end, to);
    if (spans.size() < MOST_SPANS) {
      spans.add(new Span(kernel, from, to));
    } else {
      untraced++;
    }
  }

  /// The kernels, those that took longest first. Waits for what is still running.
  public List<Row> rows() {
    if (queues) {
      Tensor.zeros(Shape.of(1), DType.F32, device).toFloats(); // by then all before it was told
    }
    synchronized (this) {
      return rows.values().stream()
          .sorted(Comparator.comparingLong(Row::nanoseconds).reversed().thenComparing(Row::kernel))
          .toList();
    }
  }

  /// Forgets what ran until now, after waiting for it.
  public void clear() {
    rows();
    synchronized (this) {
      rows.clear();
      spans.clear();
      untraced = 0;
      begin = Long.MAX_VALUE;
      end = Long.MIN_VALUE;
      covered = 0;
    }
  }

  /// The share of the time from the first kernel to the last in which one ran. What is missing, the
  /// device waited for work.
  public synchronized double busy() {
    return rows.isEmpty() ? 0 : Math.min(1, (double) covered / (end - begin));
  }

  /// The 20 longest as a table of `width` characters, and how busy the device was:
  ///
  /// ```text
  /// kernel                                   calls        ms   share  mean µs  most µs
  /// convolution, weight gradient               938     412.5  31.0 %    439.8    801.2
  /// ```
  public String table(int width) {
    List<Row> all = rows();
    long total = all.stream().mapToLong(Row::nanoseconds).sum();
    int names = Math.max(20, width - 52);
    StringBuilder text = new StringBuilder();
    text.append(
        "%s %9s %10s %8s %10s %10s%n"
            .formatted(cut("kernel", names), "calls", "ms", "share", "mean µs", "most µs"));
    List<Row> shown = new ArrayList<>(all.subList(0, Math.min(MOST_SHOWN, all.size())));
    all.stream()
        .skip(MOST_SHOWN)
        .reduce(Row::plus)
        .ifPresent(rest -> {
          String name = "%,d others".formatted(all.size() - MOST_SHOWN);
          shown.add(new Row(name, rest.calls, rest.nanoseconds, rest.longest));
        });
    for (Row row : shown) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s %,9d %,10.1f %6.1f %% %,10.1f %,10.1f%n",
              cut(row.kernel, names),
              row.calls,
              row.nanoseconds / 1e6,
              100.0 * row.nanoseconds / Math.max(1, total),
              row.nanoseconds / 1e3 / row.calls,
              row.longest / 1e3));
    }
    return text.append(
            String.format(
                Locale.ROOT,
                "%s was busy for %.0f %% of %,.1f s",
                device.name(),
                100 * busy(),
                all.isEmpty() ? 0 : (end - begin) / 1e9))
        .toString();
  }

  private static String cut(String name, int width) {
    String line = name.replaceAll("\\s+", " ");
    int length = line.codePointCount(0, line.length());
    return length <= width
        ? line + " ".repeat(width - length)
        : line.substring(0, line.offsetByCodePoints(0, width - 1)) + "…";
  }

  /// Writes when each kernel ran, in the format of Chrome's trace viewer, which
  /// `https://ui.perfetto.dev` opens as well. What is written beside the kernels has a line of its
  /// own. Of more than 200,000 kernels it has the first ones, and says how many are missing.
  public void writeTrace(Path file) throws IOException {
    rows();
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      synchronized (this) {
        json.beginObject().name("displayTimeUnit").value("ms");
        json.name("otherData").beginObject();
        json.name("device").value(device.name() + ": " + device.describe());
        json.name("untraced").value(untraced).endObject();
        json.name("traceEvents").beginArray();
        for (Span span : spans) {
          json.beginObject();
          json.name("name").value(span.kernel);
          json.name("ph").value("X"); // a span with a duration
          json.name("ts").value((span.begin - begin) / 1e3); // microseconds
          json.name("dur").value((span.end - span.begin) / 1e3);
          json.name("pid").value(1);
          json.name("tid").value(span.kernel.equals("write") ? 2 : 1);
          json.endObject();
        }
        json.endArray().endObject();
      }
    }
    SafeFile.write(file, text.toString());
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
