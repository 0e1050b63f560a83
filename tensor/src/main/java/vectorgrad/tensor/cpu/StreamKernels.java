package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/// Writes the vector code of a [StreamKernel], for any number of streams r and of vectors v.
///
/// ```
/// DOT                                          AXPY
/// sum_r_v_j = 0                                x_v_r = broadcast x[v][r]
/// for (k = 0; k < length; k += 32, or 16)      for (i = 0; i < length; i += lanes)
///   for j in 0, 1, or 0 alone                    a_r = A[r] (vector i)
///     x_v = x[v] (vector k + j)                  sum = sums[v] (vector i)
///     a = A[r] (vector k + j)                    sum = x_v_r.fma(a_r, sum)     // for every r
///     sum_r_v_j = x_v.fma(a, sum_r_v_j)          sums[v] (vector i) = sum
/// sums[r][v] (vector j) = sum_r_v_j
/// ```
///
/// As in [MicroKernels], no loop over r, v or j exists in the kernel. What is loaded of A is used
/// for every vector; what stays in registers are the sums of dot products, or the elements of the
/// vectors.
final class StreamKernels {
  /// What a kernel does with the elements of its streams.
  enum Form {
    /// Adds products of rows of A with the vectors to [MatrixVector#sums] sums each: element k to
    /// sum k mod 32, or mod 16. Of as many elements it reads at most the first two vectors, so it
    /// is called again for what is behind them.
    DOT,
    /// Adds columns of A, each times its elements of the vectors, to a column of sums for each
    /// vector: `sums[v][i] += A[i][t]·x[v][t]`, t after t.
    AXPY
  }

  private static final String VECTORS = "jdk.incubator.vector.";
  private static final ClassDesc ANY_VECTOR = ClassDesc.of(VECTORS + "Vector");
  private static final ClassDesc SPECIES = ClassDesc.of(VECTORS + "VectorSpecies");

  private final CodeBuilder code;
  private final Class<?> element;
  private final int bits;
  private final int streams;
  private final int vectors;
  private final int lanes;
  private final ClassDesc array;
  private final ClassDesc vector;

  // parameters, in their order, and the place in the loop
  private final int a;
  private final int ao;
  private final int lda;
  private final int x;
  private final int xo;
  private final int ldx;
  private final int length;
  private final int sums;
  private final int so;
  private final int lds;
  private final int add;
  private final int k;

  private StreamKernels(CodeBuilder code, Class<?> element, int bits, int streams, int vectors) {
    this.code = code;
    this.element = element;
    this.bits = bits;
    this.streams = streams;
    this.vectors = vectors;
    this.lanes = MicroKernels.lanes(element, bits);
    this.array = element.describeConstable().orElseThrow().arrayType();
    this.vector =
        ClassDesc.of(VECTORS + (element == double.class ? "DoubleVector" : "FloatVector"));
    int parameter = 0;
    this.a = code.parameterSlot(parameter++);
    this.ao = code.parameterSlot(parameter++);
    this.lda = code.parameterSlot(parameter++);
    this.x = code.parameterSlot(parameter++);
    this.xo = code.parameterSlot(parameter++);
    this.ldx = code.parameterSlot(parameter++);
    this.length = code.parameterSlot(parameter++);
    this.sums = code.parameterSlot(parameter++);
    this.so = code.parameterSlot(parameter++);
    this.lds = code.parameterSlot(parameter++);
    this.add = code.parameterSlot(parameter);
    this.k = code.allocateLocal(TypeKind.INT);
  }

  /// The kernel with vectors of `bits`.
  ///
  /// @param type [StreamKernel], whose arrays say which elements it computes with
  static <K> K emit(Class<K> type, Form form, int bits, int streams, int vectors) {
    Class<?> element = EmittedKernel.element(type);
    return EmittedKernel.define(
        type,
        form + "" + streams + "x" + vectors,
        code -> {
          var kernel = new StreamKernels(code, element, bits, streams, vectors);
          if (form == Form.DOT) {
            kernel.dot();
          } else {
            kernel.axpy();
          }
        });
  }

  private void dot() {
    int step = MatrixVector.sums(vectors);
    int width = Math.min(step, 2 * lanes);
    int[] rows = places(streams, ao, lda);
    int[] xs = places(vectors, xo, ldx);
    int[] at = places(streams * vectors, so, lds);
    int[][] sum = new int[width / lanes][];
    Arrays.setAll(sum, _ -> variables(at.length));
    Label zero = code.newLabel();
    Label ready = code.newLabel();
    code.iload(add).ifeq(zero);
    for (int j = 0; j < sum.length; j++) {
      for (int s = 0; s < at.length; s++) {
        species();
        code.aload(sums).iload(at[s]).loadConstant(j * lanes).iadd();
        code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
        code.astore(sum[j][s]);
      }
    }
    code.goto_(ready).labelBinding(zero);
    for (int[] half : sum) {
      for (int s : half) {
        species();
        code.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES)).astore(s);
      }
    }
    code.labelBinding(ready);
    int[] right = variables(vectors);
    int left = code.allocateLocal(TypeKind.REFERENCE);
    IntConsumer products =
        j -> {
          for (int v = 0; v < vectors; v++) {
            loadNext(x, xs[v], j * lanes);
            code.astore(right[v]);
          }
          for (int r = 0; r < streams; r++) {
            loadNext(a, rows[r], j * lanes);
            code.astore(left);
            for (int v = 0; v < vectors; v++) {
              // what is used once comes second: it can then stay in memory
              code.aload(streams == 1 ? left : right[v]).aload(streams == 1 ? right[v] : left);
              multiplyAdd(sum[j][r * vectors + v]);
            }
          }
        };
    // the last element that a round reads must be inside
    code.iload(length).loadConstant(width - 1).isub().istore(length);
    loop(step, () -> IntStream.range(0, sum.length).forEach(products));
    if (sum.length > 1) { // one vector more
      Label end = code.newLabel();
      code.iload(k).iload(length).loadConstant(lanes).iadd().if_icmpge(end);
      products.accept(0);
      code.labelBinding(end);
    }
    for (int s = 0; s < at.length; s++) {
      for (int j = 0; j < sum.length; j++) {
        code.aload(sum[j][s]).aload(sums).iload(at[s]).loadConstant(j * lanes).iadd();
        store();
      }
    }
    code.return_();
  }

  private void axpy() {
    int[] columns = places(streams, ao, lda);
    int[] at = places(vectors, so, lds);
    int[][] factor = new int[vectors][];
    for (int v = 0; v < vectors; v++) {
      factor[v] = variables(streams);
      for (int r = 0; r < streams; r++) {
        species();
        code.aload(x).iload(xo).iload(ldx).loadConstant(v).imul().iadd().loadConstant(r).iadd();
        code.arrayLoad(TypeKind.from(element));
        code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, element()));
        code.astore(factor[v][r]);
      }
    }
    int[] left = variables(streams);
    int sum = code.allocateLocal(TypeKind.REFERENCE);
    loop(
        lanes,
        () -> {
          for (int r = 0; r < streams; r++) {
            loadNext(a, columns[r], 0);
            code.astore(left[r]);
          }
          for (int v = 0; v < vectors; v++) {
            loadNext(sums, at[v], 0);
            code.astore(sum);
            for (int r = 0; r < streams; r++) {
              code.aload(factor[v][r]).aload(left[r]);
              multiplyAdd(sum);
            }
            code.aload(sum).aload(sums).iload(at[v]).iload(k).iadd();
            store();
          }
        });
    code.return_();
  }

  /// Where each of `count` pieces begins: `from`, `from + apart`, and so on.
  private int[] places(int count, int from, int apart) {
    int[] places = new int[count];
    for (int p = 0; p < count; p++) {
      places[p] = code.allocateLocal(TypeKind.INT);
      code.iload(from).iload(apart).loadConstant(p).imul().iadd().istore(places[p]);
    }
    return places;
  }

  private int[] variables(int count) {
    int[] variables = new int[count];
    Arrays.setAll(variables, _ -> code.allocateLocal(TypeKind.REFERENCE));
    return variables;
  }

  private void loop(int step, Runnable body) {
    Label begin = code.newLabel();
    Label end = code.newLabel();
    code.iconst_0().istore(k);
    code.labelBinding(begin).iload(k).iload(length).if_icmpge(end);
    body.run();
    code.iinc(k, step).goto_(begin).labelBinding(end);
  }

  /// `sum = first.fma(second, sum)`, of the two on the stack.
  private void multiplyAdd(int sum) {
    code.aload(sum);
    code.invokevirtual(vector, "fma", MethodTypeDesc.of(vector, ANY_VECTOR, ANY_VECTOR));
    code.astore(sum);
  }

  private void loadNext(int source, int place, int further) {
    species();
    code.aload(source).iload(place).iload(k).iadd().loadConstant(further).iadd();
    code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
  }

  private void store() {
    code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
  }

  private void species() {
    code.getstatic(vector, "SPECIES_" + bits, SPECIES);
  }

  private ClassDesc element() {
    return element.describeConstable().orElseThrow();
  }
}
