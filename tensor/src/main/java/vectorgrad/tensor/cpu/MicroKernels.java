package vectorgrad.tensor.cpu;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;

/// Writes the vector micro-kernels as bytecode: the code of [HandWrittenKernel], for any number of
/// rows.
///
/// A kernel is fast when its sums fill the registers of the machine and nothing is spilled: 12 rows
/// of two vectors and the two vectors of B take 26 of the 32 registers of AVX-512 or NEON, 5 rows
/// take 12 of 16 elsewhere. C2 keeps a sum in a register only if it is a local variable of its own,
/// so a kernel for each number of rows is a method of its own, with up to 24 sums; that is a
/// program's work, not a person's:
///
/// ```
/// sum_i_j = 0                                    // rows × vectors local variables
/// for (k = 0; k < depth; k++) {
///   right_j = B[k] (vector j)
///   x = broadcast A[i][k];  sum_i_j = x.fma(right_j, sum_i_j)     // for every i and j
/// }
/// C[i] (vector j) = sum_i_j                      // or +=
/// ```
///
/// No loop over i or j exists in the kernel, and no unrolling over k (it would spill). Each kernel
/// is a hidden class with one method, defined when it is first needed.
///
/// Measured, of the peak of one core (Zen 4, AVX-512, 118 GFLOP/s; operands in L2): 12×2 and 10×2
/// reach 98 %, 13×2 95 %, 6×4 99 %, 8×3 88 %; with 256 bits 12×2 98 %, 5×2 94 %. Reading rows of A
/// as they lie costs 8 %, since their twelve addresses do not fit the general registers; at
/// constant distances ([Left#ROWS]) they need one.
final class MicroKernels {
  /// How a kernel finds the elements of its left operand.
  enum Left {
    /// `a[ao + k·rows + i]`: a packed tile.
    PACKED,
    /// `a[ao + i·PITCH + k]`: rows copied to places that are constants of the kernel.
    ROWS,
    /// `a[ao + i·lda + k]`: rows as they lie in a matrix.
    DIRECT,
    /// `a[ao + k·lda + i]`: columns as they lie in a matrix.
    COLUMNS,
    /// `a[ao + row[i] + step[k]]`: see [TableKernel].
    TABLE
  }

  /// How a kernel finds the rows of its right operand.
  enum Right {
    /// `b[bo + k·ldb]`, or a packed panel where there is no `ldb`.
    ROWS,
    /// Each `step[k]` before the next: see [StripKernel].
    TABLE
  }

  /// From one row of [Left#ROWS] to the next: room for a block of k, and so much more that the rows
  /// of a tile lie in different sets of the nearest cache, however short they are.
  static final int PITCH = MatMul.DEPTH + 528;

  private static final String VECTORS = "jdk.incubator.vector.";
  private static final ClassDesc ANY_VECTOR = ClassDesc.of(VECTORS + "Vector");
  private static final ClassDesc SPECIES = ClassDesc.of(VECTORS + "VectorSpecies");

  private final Left left;
  private final Right right;
  private final int bits;
  private final int rows;
  private final int vectors;
  private final int lanes;
  private final ClassDesc element;
  private final ClassDesc array;
  private final ClassDesc vector;

  private MicroKernels(Class<?> element, Left left, Right right, int bits, int rows, int vectors) {
    this.left = left;
    this.right = right;
    this.bits = bits;
    this.rows = rows;
    this.vectors = vectors;
    this.element = element.describeConstable().orElseThrow();
    this.array = this.element.arrayType();
    this.lanes = lanes(element, bits);
    this.vector =
        ClassDesc.of(VECTORS + (element == double.class ? "DoubleVector" : "FloatVector"));
  }

  /// How many elements of the given type a vector of `bits` holds.
  static int lanes(Class<?> element, int bits) {
    return bits / bits(element);
  }

  /// The size of an element of the given type, which a constant could not say for both.
  static int bits(Class<?> element) {
    return element == double.class ? Double.SIZE : Float.SIZE;
  }

  /// The most rows of a tile of two vectors that leave nothing to spill on this machine.
  static int mostRows() {
    boolean manyRegisters =
        WidestVector.bits() > 256 || System.getProperty("os.arch").equals("aarch64");
    return manyRegisters ? 12 : 5;
  }

  /// The kernel for tiles of `rows` rows and `vectors` vectors of `bits`.
  ///
  /// @param type [MicroKernel], [TableKernel] or [StripKernel], whose arrays say which elements it
  ///   computes with
  static <K> K emit(Class<K> type, Left left, Right right, int bits, int rows, int vectors) {
    Class<?> element = EmittedKernel.element(type);
    var kernel = new MicroKernels(element, left, right, bits, rows, vectors);
    String name = left + "" + rows + "x" + vectors * kernel.lanes;
    return EmittedKernel.define(type, name, code -> kernel.new Tile(code).write());
  }

  /// The one method. Parameters first, in the order of the signature, then the variables of the
  /// loop.
  private final class Tile {
    private final CodeBuilder code;
    private final int a;
    private final int ao;
    private final int lda;
    private final int row;
    private final int ro;
    private final int step;
    private final int so;
    private final int b;
    private final int bo;
    private final int ldb;
    private final int table;
    private final int to;
    private final int depth;
    private final int c;
    private final int co;
    private final int ldc;
    private final int add;
    private final int k;
    private final int at;
    private final int x;
    private final int[] rowAt = new int[rows];
    private final int[] loaded = new int[vectors];
    private final int[][] sum = new int[rows][vectors];

    Tile(CodeBuilder code) {
      this.code = code;
      boolean tables = left == Left.TABLE;
      boolean strips = right == Right.TABLE;
      boolean plain = !tables && !strips;
      int parameter = 0;
      a = code.parameterSlot(parameter++);
      ao = code.parameterSlot(parameter++);
      lda = plain ? code.parameterSlot(parameter++) : -1;
      row = tables ? code.parameterSlot(parameter++) : -1;
      ro = tables ? code.parameterSlot(parameter++) : -1;
      step = tables ? code.parameterSlot(parameter++) : -1;
      so = tables ? code.parameterSlot(parameter++) : -1;
      b = code.parameterSlot(parameter++);
      bo = code.parameterSlot(parameter++);
      ldb = plain ? code.parameterSlot(parameter++) : -1;
      table = strips ? code.parameterSlot(parameter++) : -1;
      to = strips ? code.parameterSlot(parameter++) : -1;
      depth = code.parameterSlot(parameter++);
      c = code.parameterSlot(parameter++);
      co = code.parameterSlot(parameter++);
      ldc = code.parameterSlot(parameter++);
      add = code.parameterSlot(parameter);
      k = code.allocateLocal(TypeKind.INT);
      at = code.allocateLocal(TypeKind.INT);
      x = code.allocateLocal(TypeKind.REFERENCE);
      Arrays.setAll(loaded, _ -> code.allocateLocal(TypeKind.REFERENCE));
      boolean everywhere = left == Left.DIRECT || tables;
      Arrays.setAll(rowAt, _ -> everywhere ? code.allocateLocal(TypeKind.INT) : -1);
      for (int[] sums : sum) {
        Arrays.setAll(sums, _ -> code.allocateLocal(TypeKind.REFERENCE));
      }
    }

    void write() {
      zeroSums();
      findRows();
      Label loop = code.newLabel();
      Label end = code.newLabel();
      if (right == Right.TABLE) {
        countFromTable();
      } else {
        code.iconst_0().istore(k);
      }
      code.labelBinding(loop).iload(k).iload(depth).if_icmpge(end);
      loadRight();
      multiply();
      code.iinc(k, 1).goto_(loop).labelBinding(end);
      Label replace = code.newLabel();
      code.iload(add).ifeq(replace);
      store(true);
      code.return_().labelBinding(replace);
      store(false);
      code.return_();
    }

    /// The place in the table counts the steps of k: with one number less to keep, none is spilled
    /// to a vector register, where it would wait for the sums (5 % of the time).
    private void countFromTable() {
      code.iload(ao).iload(to).loadConstant(rows).imul().isub().istore(ao);
      code.iload(to).istore(k);
      code.iload(depth).iload(to).iadd().istore(depth);
    }

    private void zeroSums() {
      for (int[] sums : sum) {
        for (int s : sums) {
          species();
          code.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES)).astore(s);
        }
      }
    }

    /// Where each row of an unpacked A begins.
    private void findRows() {
      for (int i = 0; i < rows; i++) {
        switch (left) {
          case PACKED, ROWS, COLUMNS -> {}
          case DIRECT -> code.iload(ao).iload(lda).loadConstant(i).imul().iadd().istore(rowAt[i]);
          case TABLE -> {
            code.iload(ao).aload(row).iload(ro).loadConstant(i).iadd().iaload();
            code.iadd().istore(rowAt[i]);
          }
        }
      }
    }

    private void loadRight() {
      int from = right == Right.TABLE ? bo : at;
      if (left == Left.TABLE) {
        code.iload(bo).iload(k).loadConstant(vectors * lanes).imul().iadd().istore(at);
      } else if (right == Right.ROWS) {
        code.iload(bo).iload(k).iload(ldb).imul().iadd().istore(at);
      }
      for (int j = 0; j < vectors; j++) {
        loadVector(b, from, j);
        code.astore(loaded[j]);
      }
      if (right == Right.TABLE) {
        code.iload(bo).aload(table).iload(k).iaload().iadd().istore(bo);
      }
    }

    private void multiply() {
      switch (left) {
        case PACKED -> code.iload(ao).iload(k).loadConstant(rows).imul().iadd().istore(at);
        case ROWS -> code.iload(ao).iload(k).iadd().istore(at);
        case DIRECT -> code.iload(k).istore(at);
        case COLUMNS -> code.iload(ao).iload(k).iload(lda).imul().iadd().istore(at);
        case TABLE -> code.aload(step).iload(so).iload(k).iadd().iaload().istore(at);
      }
      for (int i = 0; i < rows; i++) {
        species();
        code.aload(a).iload(at);
        switch (left) {
          case PACKED, COLUMNS -> code.loadConstant(i).iadd();
          case ROWS -> code.loadConstant(i * PITCH).iadd();
          case DIRECT, TABLE -> code.iload(rowAt[i]).iadd();
        }
        code.arrayLoad(TypeKind.from(element));
        code.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, element));
        code.astore(x);
        for (int j = 0; j < vectors; j++) {
          code.aload(x).aload(loaded[j]).aload(sum[i][j]);
          code.invokevirtual(vector, "fma", MethodTypeDesc.of(vector, ANY_VECTOR, ANY_VECTOR));
          code.astore(sum[i][j]);
        }
      }
    }

    private void store(boolean adding) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < vectors; j++) {
          if (adding) {
            loadVector(c, co, j);
            code.aload(sum[i][j]);
            code.invokevirtual(vector, "add", MethodTypeDesc.of(vector, ANY_VECTOR));
          } else {
            code.aload(sum[i][j]);
          }
          code.aload(c).iload(co).loadConstant(j * lanes).iadd();
          code.invokevirtual(vector, "intoArray", MethodTypeDesc.of(CD_void, array, CD_int));
        }
        code.iload(co).iload(ldc).iadd().istore(co);
      }
    }

    private void loadVector(int source, int offset, int j) {
      species();
      code.aload(source).iload(offset).loadConstant(j * lanes).iadd();
      code.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, array, CD_int));
    }

    private void species() {
      code.getstatic(vector, "SPECIES_" + bits, SPECIES);
    }
  }
}
