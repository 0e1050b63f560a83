/// Mathematics as data: formulas and their readings, sums whose order is fixed, counter-based random numbers.
///
/// Start with `Formula`, a small sealed tree of records. Each way to read it is one switch over that tree.
package vectorgrad.numerics;
