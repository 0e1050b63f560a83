package vectorgrad.tensor.cpu;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.IdentityHashMap;
import vectorgrad.numerics.Formula;
import vectorgrad.numerics.Program;
import vectorgrad.tensor.DType;

/// Emits the method of one row loop: the frame that scalar and vector code share.
///
/// Every node of the program becomes one local variable, written once; what does not change along
/// the row (constants, operands of stride 0, and all that is computed from them alone) is computed
/// before the loop. Registers are the JIT's business.
abstract sealed class Emitter permits ScalarEmitter, VectorEmitter {
  static final int OFFSETS = 1; // among the parameters

  final CodeBuilder code;
  final Program program;
  final Signature signature;
  final Arithmetic arithmetic;
  final int[] places; // locals: where each operand begins

  private final IdentityHashMap<Formula, Integer> locals = new IdentityHashMap<>();
  private final IdentityHashMap<Formula, Boolean> constant = new IdentityHashMap<>();
  private final int[] arrays; // locals

  Emitter(CodeBuilder code, Program program, Signature signature, Arithmetic arithmetic) {
    this.code = code;
    this.program = program;
    this.signature = signature;
    this.arithmetic = arithmetic;
    this.arrays = new int[signature.operands()];
    this.places = new int[signature.operands()];
    for (Formula node : program.nodes()) {
      constant.put(
          node,
          switch (node) {
            case Formula.Input input -> signature.stride(input.index()) == Signature.Stride.ZERO;
            case Formula.Constant _ -> true;
            case Formula.Unary u -> constant.get(u.x());
            case Formula.Binary b -> constant.get(b.a()) && constant.get(b.b());
            case Formula.Fma f -> constant.get(f.a()) && constant.get(f.b()) && constant.get(f.c());
            case Formula.Select s ->
                constant.get(s.condition())
                    && constant.get(s.then())
                    && constant.get(s.otherwise());
          });
    }
  }

  /// The kind of local variable that holds a node.
  abstract TypeKind kind(Formula node);

  /// Pushes the input's element of this iteration.
  abstract void load(int input);

  /// Pushes a constant.
  abstract void constant(double value);

  /// Pushes the function's value.
  abstract void unary(Formula.Unary node);

  abstract void binary(Formula.Binary node);

  abstract void fma(Formula.Fma node);

  abstract void select(Formula.Select node);

  final int inputs() {
    return signature.operands() - program.outputs().size();
  }

  /// Whether the operand is touched at all: an input may be unused.
  final boolean used(int operand) {
    return operand >= inputs() || program.uses(operand);
  }

  /// Whether values are joined in lanes: see [Signature.Stride#LANES].
  final boolean isJoining() {
    return isLanes(signature.operands() - 1);
  }

  final boolean isLanes(int operand) {
    return signature.stride(operand) == Signature.Stride.LANES;
  }

  /// The output of lanes that belongs to an input of lanes.
  final int outputOf(int lanes) {
    return lanes + signature.operands() - inputs();
  }

  /// Emits the operations that do (`true`) or do not (`false`) stay the same along the row.
  final void evaluate(boolean alongTheRow) {
    for (Formula node : program.nodes()) {
      if (constant.get(node) == alongTheRow) {
        continue;
      }
      switch (node) {
        case Formula.Input input -> load(input.index());
        case Formula.Constant c -> constant(c.value());
        case Formula.Unary u -> unary(u);
        case Formula.Binary b -> binary(b);
        case Formula.Fma f -> fma(f);
        case Formula.Select s -> select(s);
      }
      int local = locals.computeIfAbsent(node, n -> code.allocateLocal(kind(n)));
      code.storeLocal(kind(node), local);
    }
  }

  /// Pushes the value of an earlier node.
  final void push(Formula node) {
    code.loadLocal(kind(node), locals.get(node));
  }

  /// Takes the typed arrays and the offsets out of the first two parameters into locals.
  final void unpack() {
    for (int k = 0; k < arrays.length; k++) {
      unpack(k, k);
    }
  }

  /// The same of one operand, if it is used, which is number `from` in the parameters.
  final void unpack(int operand, int from) {
    if (used(operand)) {
      arrays[operand] = code.allocateLocal(TypeKind.REFERENCE);
      places[operand] = code.allocateLocal(TypeKind.INT);
      code.aload(0).loadConstant(from).aaload();
      code.checkcast(arrayType(operand)).astore(arrays[operand]);
      pushElement(OFFSETS, from).istore(places[operand]);
    }
  }

  /// Takes an operand's array and offset from locals that hold them already.
  final void bind(int operand, int array, int place) {
    arrays[operand] = array;
    places[operand] = place;
  }

  /// The local that is the array of an operand.
  final int array(int operand) {
    return arrays[operand];
  }

  /// Pushes the array of an operand.
  final void pushArray(int operand) {
    code.aload(arrays[operand]);
  }

  /// Pushes an element of the `int[]` in a parameter: of the offsets or the strides.
  final CodeBuilder pushElement(int parameter, int index) {
    return code.aload(parameter).loadConstant(index).iaload();
  }

  final ClassDesc arrayType(int operand) {
    return arrayType(signature.dtype(operand));
  }

  static ClassDesc arrayType(DType dtype) {
    return switch (dtype) {
      case F32 -> ConstantDescs.CD_float.arrayType();
      case F64 -> ConstantDescs.CD_double.arrayType();
      case I32 -> ConstantDescs.CD_int.arrayType();
      case I64 -> ConstantDescs.CD_long.arrayType();
      case U8, BOOL -> ConstantDescs.CD_byte.arrayType();
      case F16, BF16 -> ConstantDescs.CD_short.arrayType();
    };
  }
}
