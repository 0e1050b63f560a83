package vectorgrad.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import vectorgrad.tensor.Cell;
import vectorgrad.tensor.Message;

/// Schedules made of others.
sealed interface Composed extends Schedule {

  /// In brackets, where something follows that binds closer than `then`.
  private static String unit(Schedule schedule) {
    return schedule instanceof Then ? "(" + schedule + ")" : schedule.toString();
  }

  /// Every rate multiplied.
  ///
  /// @param schedule the rates
  /// @param factor what each is multiplied with
  record Times(Schedule schedule, double factor) implements Composed {
    @Override
    public double rate(long step) {
      return factor * schedule.rate(step);
    }

    @Override
    public long length() {
      return schedule.length();
    }

    @Override
    public Map<String, Cell> state() {
      return schedule.state();
    }

    @Override
    public String toString() {
      return unit(schedule) + " times " + Notation.number(factor);
    }
  }

  /// A schedule with an end; behind it the rate stays as at the end.
  ///
  /// @param schedule the rates up to there
  /// @param steps how many steps it takes
  record Until(Schedule schedule, long steps) implements Composed {
    /// Checks the settings.
    public Until {
      Curve.positive(steps);
    }

    @Override
    public double rate(long step) {
      return schedule.rate(Math.min(step, steps));
    }

    @Override
    public long length() {
      return steps;
    }

    @Override
    public Map<String, Cell> state() {
      return schedule.state();
    }

    @Override
    public String toString() {
      return unit(schedule) + " until " + steps;
    }
  }

  /// One after the other.
  ///
  /// @param parts at least two, none of them a `Then` itself; all but the last one end
  record Then(List<Schedule> parts) implements Composed {
    /// Checks the settings.
    public Then {
      parts = List.copyOf(parts);
    }

    static Then of(Schedule first, Schedule next) {
      if (first.length() == ENDLESS) {
        throw new IllegalArgumentException(
            Message.of("Schedule", "nothing comes after a schedule that does not end")
                .row("help", "give it a length: exponential(0.99).until(1000).then(…)")
                .toString());
      }
      List<Schedule> parts = new ArrayList<>();
      for (Schedule part : List.of(first, next)) {
        if (part instanceof Then(List<Schedule> inner)) {
          parts.addAll(inner);
        } else {
          parts.add(part);
        }
      }
      return new Then(parts);
    }

    @Override
    public double rate(long step) {
      long place = step;
      for (Schedule part : parts.subList(0, parts.size() - 1)) {
        if (place < part.length()) {
          return part.rate(place);
        }
        place -= part.length();
      }
      return parts.getLast().rate(place);
    }

    @Override
    public long length() {
      return parts.getLast().length() == ENDLESS
          ? ENDLESS
          : parts.stream().mapToLong(Schedule::length).sum();
    }

    @Override
    public Map<String, Cell> state() {
      Map<String, Cell> state = new LinkedHashMap<>();
      for (int i = 0; i < parts.size(); i++) {
        String part = "part" + i + ".";
        parts.get(i).state().forEach((name, cell) -> state.put(part + name, cell));
      }
      return state;
    }

    @Override
    public String toString() {
      return parts.stream().map(Schedule::toString).collect(Collectors.joining(" then "));
    }
  }
}
