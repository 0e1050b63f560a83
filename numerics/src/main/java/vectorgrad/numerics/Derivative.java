package vectorgrad.numerics;

import static vectorgrad.numerics.Formula.*;

import java.util.*;

/// The reading of a formula as its derivative; terms that are zero by structure are never built.
final class Derivative {
  private Derivative() {}

  static Formula of(Formula f, int input) {
    Program program = Program.of(f);
    var d = new IdentityHashMap<Formula, Formula>(); // absent: structurally zero
    for (Formula node : program.nodes()) {
      Formula slope = slope(node, d, input);
      if (slope != null) d.put(node, slope);
    }
    return d.getOrDefault(program.outputs().get(0), ZERO);
  }

  private static Formula slope(Formula node, Map<Formula, Formula> d, int input) {
    return switch (node) {
      case Input i -> i.index() == input ? ONE : null;
      case Constant _ -> null;
      case Unary u -> {
        Formula dx = d.get(u.x());
        yield dx == null
            ? null
            : switch (u.function()) {
              case NEGATE -> dx.negate();
              case ABS -> times(dx, u.x().sign());
              case SQRT -> dx.over(TWO.times(node));
              case EXP -> times(dx, node);
              case LOG -> dx.over(u.x());
              case TANH -> times(dx, ONE.minus(node.square()));
              case SIN -> times(dx, u.x().cos());
              case COS -> times(dx, u.x().sin().negate());
              case SIGN, FLOOR, RINT, NOT -> null;
              case POWER_OF_TWO, EXPONENT, SIGNIFICAND ->
                  throw new IllegalArgumentException(
                      u.function() + " has no derivative; differentiate before lowering");
            };
      }
      case Binary b -> {
        Formula da = d.get(b.a()), db = d.get(b.b());
        yield da == null && db == null
            ? null
            : switch (b.function()) {
              case ADD -> da == null ? db : db == null ? da : da.plus(db);
              case SUBTRACT -> da == null ? db.negate() : db == null ? da : da.minus(db);
              case MULTIPLY ->
                  da == null
                      ? times(db, b.a())
                      : db == null ? times(da, b.b()) : times(da, b.b()).plus(times(db, b.a()));
              case DIVIDE ->
                  db == null
                      ? da.over(b.b())
                      : da == null
                          ? times(db, node).over(b.b()).negate()
                          : da.minus(times(db, node)).over(b.b());
              case MIN -> choose(b.a().lessThan(b.b()), b.a().equalTo(b.b()), da, db);
              case MAX -> choose(b.b().lessThan(b.a()), b.a().equalTo(b.b()), da, db);
              default -> null;
            };
      }
      case Fma m -> slope(d, m);
      case Select s -> {
        Formula da = d.get(s.then()), db = d.get(s.otherwise());
        yield da == null && db == null
            ? null
            : s.condition().then(da == null ? ZERO : da, db == null ? ZERO : db);
      }
    };
  }

  private static Formula slope(Map<Formula, Formula> d, Fma m) {
    Formula da = d.get(m.a()), db = d.get(m.b()), dc = d.get(m.c());
    Formula sum = dc;
    if (db != null) sum = sum == null ? times(db, m.a()) : times(db, m.a()).plus(sum);
    if (da != null) sum = sum == null ? times(da, m.b()) : times(da, m.b()).plus(sum);
    return sum;
  }

  private static Formula choose(Formula first, Formula tie, Formula da, Formula db) {
    Formula a = da == null ? ZERO : da, b = db == null ? ZERO : db;
    return first.then(a, tie.then(a.plus(b).times(HALF), b));
  }

  private static Formula times(Formula d, Formula slope) {
    return d == ONE ? slope : d.times(slope);
  }
}
