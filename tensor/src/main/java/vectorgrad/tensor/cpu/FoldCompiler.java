package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.ConcurrentHashMap;
import vectorgrad.numerics.BinaryFunction;
import vectorgrad.tensor.spi.Reduction;

/// Emits the kernels of [Fold]: one hidden class for each reduction, number type and vector width.
///
/// ```java
/// double row(Object array, int offset, int n, Object scratch) {
///   return n < 64 ? few((float[]) array, offset, n, (float[]) scratch) : many(…);
/// }
/// ```
final class FoldCompiler {
  private record Key(Reduction reduction, Arithmetic arithmetic, int bits) {
    // by hand, since the JVM makes those of a record anew in each start

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that
          && reduction == that.reduction
          && arithmetic == that.arithmetic
          && bits == that.bits;
    }

    @Override
    public int hashCode() {
      return 31 * (31 * reduction.hashCode() + arithmetic.hashCode()) + bits;
    }
  }

  private static final ConcurrentHashMap<Key, Fold> FOLDS = new ConcurrentHashMap<>();

  private static final ClassDesc FOLD = ClassDesc.of(Fold.class.getName());
  private static final ClassDesc EMITTED = ClassDesc.of(Fold.class.getName() + "Emitted");
  private static final MethodTypeDesc ROW =
      MethodTypeDesc.of(CD_double, CD_Object, CD_int, CD_int, CD_Object);

  // the parameters of the static methods: x[offset … offset + n), scratch
  private static final int X = 0;
  private static final int OFFSET = 1;
  private static final int N = 2;
  private static final int SCRATCH = 3;

  private final CodeBuilder code;
  private final Key key;
  private final ScalarOperations numbers;
  private final TypeKind kind;
  private final ClassDesc number;

  private FoldCompiler(CodeBuilder code, Key key) {
    this.code = code;
    this.key = key;
    this.numbers = new ScalarOperations(code, key.arithmetic);
    this.kind = key.arithmetic.kind();
    this.number = key.arithmetic.type();
  }

  /// The kernel for `float[]` or `double[]` rows, in code of the given width (see [Lanes]).
  static Fold of(Reduction reduction, Arithmetic arithmetic, int bits) {
    Key key = new Key(reduction, arithmetic, bits);
    Fold fold = FOLDS.get(key); // without the lock that computeIfAbsent takes
    return fold != null ? fold : FOLDS.computeIfAbsent(key, k -> load(build(k)));
  }

  private static byte[] build(Key key) {
    ClassDesc array = key.arithmetic.type().arrayType();
    var type = MethodTypeDesc.of(key.arithmetic.type(), array, CD_int, CD_int, array);
    int hidden = ClassFile.ACC_STATIC | ClassFile.ACC_PRIVATE;
    return ClassFile.of()
        .build(
            EMITTED,
            fold -> {
              fold.withFlags(ClassFile.ACC_FINAL).withSuperclass(FOLD);
              fold.withMethodBody(
                  INIT_NAME,
                  MTD_void,
                  0,
                  code -> code.aload(0).invokespecial(FOLD, INIT_NAME, MTD_void).return_());
              fold.withMethodBody("row", ROW, 0, code -> row(code, key, array, type));
              fold.withMethodBody("few", type, hidden, code -> new FoldCompiler(code, key).few());
              fold.withMethodBody(
                  "many",
                  type,
                  hidden,
                  code -> {
                    if (key.bits > 0) {
                      new FoldCompiler(code, key).vectors();
                    } else {
                      new FoldCompiler(code, key).elements();
                    }
                  });
            });
  }

  private static void row(CodeBuilder code, Key key, ClassDesc array, MethodTypeDesc type) {
    Label few = code.newLabel();
    code.aload(1).checkcast(array).iload(2).iload(3).aload(4).checkcast(array);
    code.iload(3).loadConstant(Fold.LANES).if_icmplt(few);
    code.invokestatic(EMITTED, "many", type).conversion(key.arithmetic.kind(), TypeKind.DOUBLE);
    code.dreturn();
    code.labelBinding(few);
    code.invokestatic(EMITTED, "few", type).conversion(key.arithmetic.kind(), TypeKind.DOUBLE);
    code.dreturn();
  }

  /// Fewer elements than lanes: the tree without the lanes that hold nothing.
  ///
  /// ```java
  /// if (n == 1) return x[offset];
  /// int half = Integer.highestOneBit(n - 1);
  /// for (int l = 0; l < half; l++) {
  ///   scratch[l] = l + half < n ? x[offset + l] ⊕ x[offset + l + half] : x[offset + l];
  /// }
  /// return halve(scratch, half);
  /// ```
  private void few() {
    int half = code.allocateLocal(TypeKind.INT);
    int lane = code.allocateLocal(TypeKind.INT);
    Label several = code.newLabel();
    Label loop = code.newLabel();
    Label alone = code.newLabel();
    Label end = code.newLabel();
    code.iload(N).iconst_1().if_icmpne(several);
    code.aload(X).iload(OFFSET).arrayLoad(kind).return_(kind);
    code.labelBinding(several).iload(N).iconst_1().isub();
    code.invokestatic(
        ClassDesc.of("java.lang.Integer"), "highestOneBit", MethodTypeDesc.of(CD_int, CD_int));
    code.istore(half).iconst_0().istore(lane);
    code.labelBinding(loop).iload(lane).iload(half).if_icmpge(end);
    code.aload(SCRATCH).iload(lane);
    code.aload(X).iload(OFFSET).iload(lane).iadd().arrayLoad(kind);
    code.iload(lane).iload(half).iadd().iload(N).if_icmpge(alone);
    code.aload(X).iload(OFFSET).iload(lane).iadd().iload(half).iadd().arrayLoad(kind);
    join();
    code.labelBinding(alone).arrayStore(kind);
    code.iinc(lane, 1).goto_(loop).labelBinding(end);
    halve(half);
  }

  /// Scalar code: eight of the lanes at a time, as locals.
  ///
  /// ```java
  /// for (int g = 0; g < 64; g += 8) {
  ///   float a0 = identity, … a7 = identity;
  ///   for (int i = g; i + 8 <= n; i += 64) { a0 = a0 ⊕ x[offset + i]; … a7 = a7 ⊕ x[offset + i + 7]; }
  ///   scratch[g] = a0; … scratch[g + 7] = a7;
  /// }
  /// for (int i = n & -8; i < n; i++) scratch[i & 63] = scratch[i & 63] ⊕ x[offset + i];
  /// return halve(scratch, 64);
  /// ```
  private void elements() {
    int width = 8;
    int[] lanes = new int[width];
    int group = code.allocateLocal(TypeKind.INT);
    int i = code.allocateLocal(TypeKind.INT);
    int half = code.allocateLocal(TypeKind.INT);
    for (int l = 0; l < width; l++) {
      lanes[l] = code.allocateLocal(kind);
    }
    Label groups = code.newLabel();
    Label loop = code.newLabel();
    Label store = code.newLabel();
    Label rest = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(group);
    code.labelBinding(groups);
    for (int lane : lanes) {
      numbers.constant(Fold.identity(key.reduction));
      code.storeLocal(kind, lane);
    }
    code.iload(group).istore(i);
    code.labelBinding(loop).iload(i).loadConstant(width).iadd().iload(N).if_icmpgt(store);
    for (int l = 0; l < width; l++) {
      code.loadLocal(kind, lanes[l]);
      code.aload(X).iload(OFFSET).iload(i).iadd().loadConstant(l).iadd().arrayLoad(kind);
      join();
      code.storeLocal(kind, lanes[l]);
    }
    code.iinc(i, Fold.LANES).goto_(loop).labelBinding(store);
    for (int l = 0; l < width; l++) {
      code.aload(SCRATCH).iload(group).loadConstant(l).iadd().loadLocal(kind, lanes[l]);
      code.arrayStore(kind);
    }
    code.iinc(group, width).iload(group).loadConstant(Fold.LANES).if_icmplt(groups);
    code.iload(N).loadConstant(-width).iand().istore(i);
    code.labelBinding(rest).iload(i).iload(N).if_icmpge(end);
    code.aload(SCRATCH).iload(i).loadConstant(Fold.LANES - 1).iand().dup2().arrayLoad(kind);
    code.aload(X).iload(OFFSET).iload(i).iadd().arrayLoad(kind);
    join();
    code.arrayStore(kind).iinc(i, 1).goto_(rest).labelBinding(end);
    code.loadConstant(Fold.LANES).istore(half);
    halve(half);
  }

  /// Vector code: all lanes in registers; the last elements, fewer than 64, come from the scratch
  /// array, where the identity stands behind them.
  ///
  /// ```java
  /// FloatVector a0 = identity, …;
  /// int end = n & -64;
  /// for (int i = 0; i < end; i += 64) { a0 = a0 ⊕ fromArray(x, offset + i); … }
  /// if (end < n) {
  ///   Arrays.fill(scratch, identity);
  ///   System.arraycopy(x, offset + end, scratch, 0, n - end);
  ///   a0 = a0 ⊕ fromArray(scratch, 0); …
  /// }
  /// a0 = a0 ⊕ a2; a1 = a1 ⊕ a3; a0 = a0 ⊕ a1;
  /// a0.intoArray(scratch, 0);
  /// float s0 = scratch[0] ⊕ scratch[8]; …
  /// ```
  private void vectors() {
    VectorOperations vectors = new VectorOperations(code, key.arithmetic, key.bits);
    int width = vectors.lanes();
    int[] lanes = new int[Fold.LANES / width];
    int i = code.allocateLocal(TypeKind.INT);
    int end = code.allocateLocal(TypeKind.INT);
    for (int v = 0; v < lanes.length; v++) {
      lanes[v] = code.allocateLocal(TypeKind.REFERENCE);
      vectors.constant(Fold.identity(key.reduction));
      code.astore(lanes[v]);
    }
    Label loop = code.newLabel();
    Label rest = code.newLabel();
    Label done = code.newLabel();
    code.iload(N).loadConstant(-Fold.LANES).iand().istore(end);
    code.iconst_0().istore(i);
    code.labelBinding(loop).iload(i).iload(end).if_icmpge(rest);
    for (int v = 0; v < lanes.length; v++) {
      vectors.get(lanes[v]);
      vectors.species();
      code.aload(X).iload(OFFSET).iload(i).iadd().loadConstant(v * width).iadd();
      vectors.load(false);
      vectors.binary(joining());
      code.astore(lanes[v]);
    }
    code.iinc(i, Fold.LANES).goto_(loop);
    code.labelBinding(rest).iload(end).iload(N).if_icmpge(done);
    code.aload(SCRATCH);
    numbers.constant(Fold.identity(key.reduction));
    code.invokestatic(
        ClassDesc.of("java.util.Arrays"),
        "fill",
        MethodTypeDesc.of(CD_void, number.arrayType(), number));
    code.aload(X).iload(OFFSET).iload(end).iadd().aload(SCRATCH).iconst_0();
    code.iload(N).iload(end).isub();
    code.invokestatic(
        ClassDesc.of("java.lang.System"),
        "arraycopy",
        MethodTypeDesc.of(CD_void, CD_Object, CD_int, CD_Object, CD_int, CD_int));
    for (int v = 0; v < lanes.length; v++) {
      vectors.get(lanes[v]);
      vectors.species();
      code.aload(SCRATCH).loadConstant(v * width);
      vectors.load(false);
      vectors.binary(joining());
      code.astore(lanes[v]);
    }
    code.labelBinding(done);
    for (int half = lanes.length / 2; half > 0; half /= 2) {
      for (int v = 0; v < half; v++) {
        vectors.get(lanes[v]);
        code.aload(lanes[v + half]);
        vectors.binary(joining());
        code.astore(lanes[v]);
      }
    }
    vectors.get(lanes[0]);
    code.aload(SCRATCH).iconst_0();
    vectors.store(false);
    halveUnrolled(width);
  }

  /// Joins the first `width` elements of the scratch array in straight-line code, and returns.
  private void halveUnrolled(int width) {
    int[] lanes = new int[width];
    for (int l = 0; l < width; l++) {
      lanes[l] = code.allocateLocal(kind);
      code.aload(SCRATCH).loadConstant(l).arrayLoad(kind).storeLocal(kind, lanes[l]);
    }
    for (int half = width / 2; half > 0; half /= 2) {
      for (int l = 0; l < half; l++) {
        code.loadLocal(kind, lanes[l]).loadLocal(kind, lanes[l + half]);
        join();
        code.storeLocal(kind, lanes[l]);
      }
    }
    code.loadLocal(kind, lanes[0]).return_(kind);
  }

  /// Joins the first `count` elements of the scratch array, a power of two in a local, and returns.
  private void halve(int count) {
    int lane = code.allocateLocal(TypeKind.INT);
    Label halves = code.newLabel();
    Label loop = code.newLabel();
    Label end = code.newLabel();
    code.labelBinding(halves).iload(count).iconst_1().ishr().istore(count);
    code.iload(count).ifeq(end).iconst_0().istore(lane);
    code.labelBinding(loop).iload(lane).iload(count).if_icmpge(halves);
    code.aload(SCRATCH).iload(lane);
    code.aload(SCRATCH).iload(lane).arrayLoad(kind);
    code.aload(SCRATCH).iload(lane).iload(count).iadd().arrayLoad(kind);
    join();
    code.arrayStore(kind).iinc(lane, 1).goto_(loop);
    code.labelBinding(end).aload(SCRATCH).iconst_0().arrayLoad(kind).return_(kind);
  }

  /// Joins the two numbers on the stack.
  private void join() {
    numbers.binary(joining());
  }

  private BinaryFunction joining() {
    return switch (key.reduction) {
      case SUM -> BinaryFunction.ADD;
      case PROD -> BinaryFunction.MULTIPLY;
      case MAX -> BinaryFunction.MAX;
      case MIN -> BinaryFunction.MIN;
    };
  }

  private static Fold load(byte[] fold) {
    try {
      var constructor =
          MethodHandles.lookup()
              .defineHiddenClass(fold, true)
              .lookupClass()
              .getDeclaredConstructor();
      return (Fold) constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("an emitted kernel does not load", e);
    }
  }
}
