/// The ground floor: mathematics as data.
///
/// A formula is written once and read many ways: evaluated, differentiated, printed, and, one floor up,
/// compiled. Beside it stand the sums and the random numbers that every kernel shares. Needs `java.base` only.
module vectorgrad.numerics {
  exports vectorgrad.numerics;
}
