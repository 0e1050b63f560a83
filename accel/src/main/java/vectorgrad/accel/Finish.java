package vectorgrad.accel;

import java.util.List;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Epilogue;
import vectorgrad.tensor.Tensor;

/// What a kernel does with a complete `value` before it is stored: nothing, or the formula of an
/// [Epilogue].
///
/// @param program of it; without outputs if there is none
/// @param dtypes of its other tensors
record Finish(Program program, List<DType> dtypes) {
  static final Finish NONE = new Finish(Program.of(), List.of());

  static Finish of(Epilogue epilogue) {
    return new Finish(epilogue.program(), epilogue.others().stream().map(Tensor::dtype).toList());
  }

  /// What stands between the work and the formula in a title.
  static final String THEN = ", then ";

  /// The title of a kernel that does this after its work.
  String after(String work) {
    return isNone() ? work : work + THEN + program;
  }

  private boolean isNone() {
    return program.outputs().isEmpty();
  }

  /// The parameters of its tensors, `e0`, `e1`, …
  String parameters() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < dtypes.size(); i++) {
      text.append(", __global const %s* e%d".formatted(Source.stored(dtypes.get(i)), i));
    }
    return text.toString();
  }

  /// The statement that stores what becomes of `value`.
  ///
  /// @param places where the elements of its tensors are
  /// @param output the dtype of the result
  String store(Numbers numbers, List<String> places, DType output, String array, String place) {
    if (isNone()) {
      return Source.store(output, numbers, array, place, "value");
    }
    var formula =
        new FormulaSource(
            numbers.lowered(program),
            numbers,
            "f",
            i ->
                i == 0
                    ? "value"
                    : Source.load(dtypes.get(i - 1), numbers, "e" + (i - 1), places.get(i - 1)));
    return "{\n"
        + formula.lines()
        + Source.store(output, numbers, array, place, formula.results().getFirst())
        + " }";
  }
}
