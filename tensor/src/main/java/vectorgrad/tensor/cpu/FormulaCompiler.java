package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import vectorgrad.numerics.Program;

/// Reads a program as bytecode: a hidden class with one straight-line loop over a row.
///
/// One class for every program, combination of dtypes and pattern of strides, because that is what
/// makes a formula as fast as a loop written by hand. An interface call for each element costs 45
/// times as much, and one loop shared by many formulas stops being inlined.
///
/// Whatever is emitted computes the bits of [Program#evaluate(float[], float[])] on float32 and
/// those of the lowered program's [Program#evaluate(double[], double[])] on float64, NaN aside, of
/// which there is one.
///
/// | code | for | done by |
/// |------|-----|---------|
/// | vectors | one floating dtype, or F32 and BF16, strides 0 and 1 | [VectorEmitter] |
/// | vectors, of converted tiles | floating arithmetic on other dtypes and strides | [TiledKernel] |
/// | a loop over elements | everything else, and the last elements of the above | [ScalarEmitter] |
/// | the program's own reading | more than the JVM compiles in one method | [ReadingKernel] |
final class FormulaCompiler {
  /// HotSpot never compiles longer methods.
  private static final int LONGEST_METHOD = 8000;

  /// No node takes fewer bytes, so longer programs need not be tried.
  private static final int MOST_NODES = LONGEST_METHOD / 4;

  private static final ClassDesc KERNEL = ClassDesc.of(RowKernel.class.getName());
  private static final ClassDesc EMITTED = ClassDesc.of(RowKernel.class.getName() + "Emitted");
  private static final MethodTypeDesc RUN =
      MethodTypeDesc.of(
          CD_void, CD_Object.arrayType(), CD_int.arrayType(), CD_int.arrayType(), CD_int);

  private static final ClassDesc ROWS_KERNEL = ClassDesc.of(RowsKernel.class.getName());
  private static final MethodTypeDesc ROWS =
      MethodTypeDesc.of(
          CD_void, CD_Object.arrayType(), CD_int.arrayType(), CD_int, CD_int.arrayType(), CD_int);

  private static final int HIDDEN = ClassFile.ACC_STATIC | ClassFile.ACC_PRIVATE;

  // the parameters of RowKernel.run
  private static final int ARRAYS = 1;
  private static final int OFFSETS = 2;
  private static final int STRIDES = 3;
  private static final int N = 4;

  private FormulaCompiler() {}

  /// Compiles `program` for rows of the given signature.
  ///
  /// @param bits the width of the vectors, see [Lanes]; 0 for scalar code
  static RowKernel compile(Program program, Signature signature, int bits) {
    Arithmetic arithmetic = Arithmetic.of(program, signature);
    Program lowered = arithmetic.lowered(program);
    if (lowered.nodes().size() <= MOST_NODES) {
      if (bits > 0 && VectorEmitter.covers(lowered, signature, arithmetic)) {
        byte[] vectors = vectors(lowered, signature, arithmetic, bits);
        if (compilable(vectors)) {
          return (RowKernel) load(vectors);
        }
      }
      byte[] elements = elements(lowered, signature, arithmetic);
      if (compilable(elements)) {
        RowKernel loop = (RowKernel) load(elements);
        if (bits > 0 && TiledKernel.covers(lowered, signature, arithmetic)) {
          Signature converted = TiledKernel.converted(lowered, signature, arithmetic);
          byte[] vectors = vectors(lowered, converted, arithmetic, bits);
          if (compilable(vectors)) {
            return TiledKernel.of(
                lowered, signature, arithmetic, bits, loop, (RowKernel) load(vectors));
          }
        }
        return loop;
      }
    }
    return new ReadingKernel(lowered, signature, arithmetic);
  }

  /// Compiles several passes over a row to one method, a loop over rows around them:
  ///
  /// ```java
  /// static void lanes(Object[] arrays, int[] offsets, int n, int[] advances, int rows) {
  ///   float[] x = (float[]) arrays[0], …;
  ///   int xo = offsets[0], …;
  ///   float[] scratch = new float[64];
  ///   for (int r = 0; r < rows; r++) {
  ///     …                             // the passes
  ///     xo += advances[0]; …
  ///   }
  /// }
  /// ```
  ///
  /// @param steps from one element to the next, of the operands of all passes
  /// @param whole whether a row is a whole number of 64 elements
  /// @return nothing if HotSpot would not compile it
  static Optional<RowsKernel> compile(
      List<WholeRow.Pass> passes, Arithmetic arithmetic, int[] steps, boolean whole, int bits) {
    int operands = steps.length;
    byte[] kernel =
        build(
            ROWS_KERNEL,
            ROWS,
            "lanes",
            ROWS,
            code -> {
              int[] arrays = new int[operands];
              int[] begins = new int[operands];
              for (int k = 0; k < operands; k++) {
                arrays[k] = code.allocateLocal(TypeKind.REFERENCE);
                begins[k] = code.allocateLocal(TypeKind.INT);
                code.aload(0).loadConstant(k).aaload();
                code.checkcast(Emitter.arrayType(arithmetic.dtype())).astore(arrays[k]);
                code.aload(1).loadConstant(k).iaload().istore(begins[k]);
              }
              int scratch = code.allocateLocal(TypeKind.REFERENCE);
              code.loadConstant(Fold.LANES).newarray(arithmetic.kind()).astore(scratch);
              int row = code.allocateLocal(TypeKind.INT);
              Label loop = code.newLabel();
              Label end = code.newLabel();
              code.iconst_0().istore(row);
              code.labelBinding(loop).iload(row).iload(4).if_icmpge(end);
              for (WholeRow.Pass pass : passes) {
                Signature signature = pass.signature(arithmetic, steps);
                new VectorEmitter(code, pass.joining(arithmetic), signature, arithmetic, bits)
                    .emitPass(pass, arrays, begins, scratch, whole);
              }
              for (int k = 0; k < operands; k++) {
                code.iload(begins[k]).aload(3).loadConstant(k).iaload().iadd().istore(begins[k]);
              }
              code.iinc(row, 1).goto_(loop);
              code.labelBinding(end).return_();
            },
            code -> {
              code.aload(1).aload(2).iload(3).aload(4).iload(5);
              code.invokestatic(EMITTED, "lanes", ROWS).return_();
            },
            _ -> {});
    return compilable(kernel) ? Optional.of((RowsKernel) load(kernel)) : Optional.empty();
  }

  /// Whether the kernel for this signature loads and stores vectors.
  static boolean isVector(Program program, Signature signature, int bits) {
    Arithmetic arithmetic = Arithmetic.of(program, signature);
    return bits > 0 && VectorEmitter.covers(arithmetic.lowered(program), signature, arithmetic);
  }

  /// ```java
  /// void run(Object[] arrays, int[] offsets, int[] strides, int n) {
  ///   int done = lanes(arrays, offsets, n);
  ///   if (done < n) {
  ///     rest(arrays, offsets, strides, done, n);
  ///   }
  /// }
  /// ```
  private static byte[] vectors(
      Program program, Signature signature, Arithmetic arithmetic, int bits) {
    byte[] kernel = vectors(program, signature, arithmetic, bits, true);
    return compilable(kernel) ? kernel : vectors(program, signature, arithmetic, bits, false);
  }

  private static byte[] vectors(
      Program program, Signature signature, Arithmetic arithmetic, int bits, boolean inRegisters) {
    return build(
        KERNEL,
        RUN,
        "lanes",
        VectorEmitter.TYPE,
        code -> new VectorEmitter(code, program, signature, arithmetic, bits).emit(inRegisters),
        code -> {
          Label end = code.newLabel();
          int done = 5;
          code.aload(ARRAYS).aload(OFFSETS).iload(N);
          code.invokestatic(EMITTED, "lanes", VectorEmitter.TYPE).istore(done);
          code.iload(done).iload(N).if_icmpge(end);
          code.aload(ARRAYS).aload(OFFSETS).aload(STRIDES).iload(done).iload(N);
          code.invokestatic(EMITTED, "rest", ScalarEmitter.TYPE);
          code.labelBinding(end).return_();
        },
        rest(program, signature, arithmetic));
  }

  /// ```java
  /// void run(Object[] arrays, int[] offsets, int[] strides, int n) {
  ///   if (!common(arrays, offsets, strides, 0, n)) {
  ///     rest(arrays, offsets, strides, 0, n);
  ///   }
  /// }
  /// ```
  private static byte[] elements(Program program, Signature signature, Arithmetic arithmetic) {
    return build(
        KERNEL,
        RUN,
        "common",
        ScalarEmitter.COMMON_TYPE,
        code -> new ScalarEmitter(code, program, signature, arithmetic).emitCommon(),
        code -> {
          Label end = code.newLabel();
          for (int k = 0; k < signature.operands() - program.outputs().size(); k++) {
            if (signature.stride(k) == Signature.Stride.LANES) {
              throw new IllegalArgumentException("only vectors join in lanes: " + program);
            }
          }
          code.aload(ARRAYS).aload(OFFSETS).aload(STRIDES).iconst_0().iload(N);
          code.invokestatic(EMITTED, "common", ScalarEmitter.COMMON_TYPE).ifne(end);
          code.aload(ARRAYS).aload(OFFSETS).aload(STRIDES).iconst_0().iload(N);
          code.invokestatic(EMITTED, "rest", ScalarEmitter.TYPE);
          code.labelBinding(end).return_();
        },
        rest(program, signature, arithmetic));
  }

  /// Adds the general loop to a class.
  private static Consumer<ClassBuilder> rest(
      Program program, Signature signature, Arithmetic arithmetic) {
    return kernel ->
        kernel.withMethodBody(
            "rest",
            ScalarEmitter.TYPE,
            HIDDEN,
            code -> new ScalarEmitter(code, program, signature, arithmetic).emit());
  }

  /// The class: `run`, the special loop it tries first, and what else it needs.
  private static byte[] build(
      ClassDesc kind,
      MethodTypeDesc runType,
      String name,
      MethodTypeDesc type,
      Consumer<CodeBuilder> special,
      Consumer<CodeBuilder> run,
      Consumer<ClassBuilder> more) {
    return ClassFile.of()
        .build(
            EMITTED,
            kernel -> {
              kernel.withFlags(ClassFile.ACC_FINAL).withSuperclass(kind);
              kernel.withMethodBody(
                  INIT_NAME,
                  MTD_void,
                  0,
                  code -> code.aload(0).invokespecial(kind, INIT_NAME, MTD_void).return_());
              kernel.withMethodBody("run", runType, 0, run);
              kernel.withMethodBody(name, type, HIDDEN, special);
              more.accept(kernel);
            });
  }

  private static boolean compilable(byte[] kernel) {
    return kernel.length < LONGEST_METHOD // then no method of it is longer
        || ClassFile.of().parse(kernel).methods().stream()
            .flatMap(method -> method.findAttribute(Attributes.code()).stream())
            .allMatch(code -> code.codeLength() < LONGEST_METHOD);
  }

  private static Object load(byte[] kernel) {
    try {
      var constructor =
          MethodHandles.lookup()
              .defineHiddenClass(kernel, true)
              .lookupClass()
              .getDeclaredConstructor();
      return constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("an emitted kernel does not load", e);
    }
  }
}
