package vectorgrad.accel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import vectorgrad.tensor.DType;

/// `C = A·B` as a kernel, for operands that are found by expressions: matrices with any strides, or
/// a picture that is unfolded as it is read, which makes a convolution of it.
///
/// The ladder, from the definition to what a GPU needs:
///
/// | variant | idea | reads each element of A and B from memory |
/// |---|---|---|
/// | naive | a work item for each element of C | N, and M times |
/// | tiled | the items of a group share tiles in local memory | N/16, and M/16 times |
/// | registers | each item makes 4×4 elements: 16 products for 8 reads of local memory | N/64, and M/64 times |
/// | wide | 8×8 elements of a tile of 128×128: 64 products for 16 reads | N/128, and M/128 times |
/// | vectors | four elements for a read, one barrier for a step | N/128, and M/128 times |
/// | tensor cores | 16×8 elements by one instruction of a warp, from bf16 or f16 | N/128, and M/128 times |
///
/// A processor has no local memory and pays for every barrier, so it takes `naive`, whose
/// neighbouring items its compiler makes vectors of.
///
/// Every variant sums along K from the first product to the last, by fused multiply-add, so all of
/// them give the same bits. Tensor cores have bits of their own, but take all that they can, so no
/// clock decides about bits.
///
/// Where C has few tiles and K is long, as the gradient of a filter has it, sums are made in parts
/// that are added up in their order (*split-K*). How many follows from the shape and the device.
final class Product {
  private Product() {}

  /// How C is shared out.
  ///
  /// @param name of the variant
  /// @param kernel that it is
  /// @param tile the side of a group's tile of C
  /// @param depth how much of K is in local memory at a time, in words with tensor cores; 0 if
  ///   nothing is
  /// @param own the side of a work item's part of the tile
  record Variant(String name, ProductKernel kernel, int tile, int depth, int own) {
    /// Work items of a group.
    int items() {
      return tile / own * (tile / own);
    }
  }

  static final Variant NAIVE = new Variant("naive", ProductKernel.DIRECT, 8, 0, 1);

  /// The slowest first.
  static final List<Variant> VARIANTS =
      List.of(
          NAIVE,
          new Variant("tiled", ProductKernel.SHARED, 16, 16, 1),
          new Variant("registers", ProductKernel.SHARED, 64, 16, 4),
          new Variant("wide", ProductKernel.SHARED, 128, 8, 8),
          new Variant("vectors", ProductKernel.VECTORS, 128, 8, 8));

  /// By [TensorCores].
  static final List<Variant> TENSOR_VARIANTS =
      List.of(
          new Variant("tensor cores", ProductKernel.TENSOR, 64, 8, 8),
          new Variant("tensor cores, wide", ProductKernel.TENSOR, 128, 16, 8));

  /// Whichever is the fastest, see [Tuning].
  static final Variant AUTOMATIC = new Variant("automatic", ProductKernel.DIRECT, 0, 0, 0);

  /// How a product is made.
  ///
  /// @param variant that makes it
  /// @param instruction of tensor cores, if they multiply
  /// @param parts of each sum, at most; 0 leaves it to the shape
  record Plan(Variant variant, Optional<TensorCores.Instruction> instruction, int parts) {
    /// By this variant, without tensor cores, each sum in one part.
    static Plan of(Variant variant) {
      return new Plan(variant, Optional.empty(), 1);
    }

    /// What a device does with factors of these dtypes.
    static Plan usual(Queue queue, DType a, DType b) {
      return new Plan(queue.card().isGpu() ? AUTOMATIC : NAIVE, queue.instruction(a, b), 0);
    }

    private Share share(Card card, int batches, int[] sizes) {
      return parts == 0
          ? Share.of(card, batches, sizes[0], sizes[1], sizes[2])
          : Share.of(batches, sizes[2], parts);
    }
  }

  /// Those that a device has room for.
  private static List<Variant> fitting(Card card, Operands operands, Numbers numbers) {
    List<Variant> ladder = operands.instruction().isPresent() ? TENSOR_VARIANTS : VARIANTS;
    return ladder.stream()
        .filter(v -> v.items() <= card.group())
        .filter(v -> (long) v.kernel.local(v) * numbers.dtype().bytes() <= card.local())
        .toList();
  }

  private static Variant chosen(
      Queue queue,
      Numbers numbers,
      Operands operands,
      Share share,
      int[] sizes,
      Queue.Argument... arguments) {
    int m = sizes[0];
    int n = sizes[1];
    int k = sizes[2];
    List<Variant> fitting = fitting(queue.card(), operands, numbers);
    Variant usual = choose(queue.card(), fitting, share.batches * share.parts, m, n);
    if ((double) share.batches * m * n * k < Tuning.FEW) {
      return usual;
    }
    return queue
        .tuning()
        .choose(
            Tuning.about(operands.family() + " " + numbers, share.batches, m, n, k),
            fitting,
            usual,
            variant ->
                queue.timed(() -> run(queue, variant, numbers, operands, share, sizes, arguments)));
  }

  /// The largest tile that leaves no multiprocessor without one.
  static Variant choose(Card card, List<Variant> fitting, int batch, int m, int n) {
    Variant chosen = fitting.getFirst();
    for (Variant variant : fitting) {
      long tiles = (long) batch * Math.ceilDiv(m, variant.tile) * Math.ceilDiv(n, variant.tile);
      if (tiles >= 2L * card.units() || variant.tile <= 16) {
        chosen = variant;
      }
    }
    return chosen;
  }

  /// Where operands are found. Expressions speak of `s`, the struct, and of `m`, `n` and `k`.
  ///
  /// @param title for errors and profiles
  /// @param key what the source follows from
  /// @param declarations types and functions, before the kernel
  /// @param parameters of the kernel, after the struct `s`
  /// @param begin statements that make use of `batch`
  /// @param a found at `m` and `k`
  /// @param b found at `k` and `n`
  /// @param store the statement that stores `value` at `m` and `n`
  /// @param instruction of tensor cores, if they multiply
  record Operands(
      String title,
      Object key,
      String declarations,
      String parameters,
      String begin,
      Factor a,
      Factor b,
      String store,
      Optional<TensorCores.Instruction> instruction) {

    /// Those among which the same variant is the fastest: an epilogue changes nothing about that.
    String family() {
      String work = title.split(Finish.THEN, 2)[0];
      return instruction.map(i -> work + ", " + i.words()).orElse(work);
    }
  }

  /// @param element as a number to compute with; for tensor cores, its bits
  /// @param address of it, if its neighbours in memory are those in the matrix wherever the struct
  ///   says so (`a_words`, `b_words`); otherwise `0`
  record Factor(String element, String address) {}

  private record Key(Object operands, Variant variant, boolean split) {}

  /// How a product is shared out beyond its tiles, the struct `share`.
  ///
  /// @param batches products
  /// @param parts of each sum
  /// @param length of a part
  record Share(int batches, int parts, int length) {
    /// Sums in one part each.
    static Share whole(int batches, int k) {
      return new Share(batches, 1, k);
    }

    /// Sums in so many parts, or fewer.
    static Share of(int batches, int k, int parts) {
      int length = Math.ceilDiv(Math.ceilDiv(k, parts), 32) * 32;
      return parts <= 1 || length >= k
          ? whole(batches, k)
          : new Share(batches, Math.ceilDiv(k, length), length);
    }

    /// As many parts as a GPU needs to have two groups for each multiprocessor, of at least 256
    /// products each. The tiles are those of the middle of the ladder, whichever is taken, since
    /// another sharing would give other bits.
    static Share of(Card card, int batches, int m, int n, int k) {
      long tiles = (long) batches * Math.ceilDiv(m, 64) * Math.ceilDiv(n, 64);
      boolean few = card.isGpu() && tiles > 0 && tiles < card.units();
      return few
          ? of(batches, k, (int) Math.min(k / 256, 2L * card.units() / tiles))
          : whole(batches, k);
    }

    private Queue.Argument argument() {
      return Queue.Argument.of(batches, parts, length);
    }
  }

  /// Queues the product.
  ///
  /// @param sizes the struct `s`: M, N, K, whether neighbours in A and in B lie along K, and what
  ///   the operands need
  static void run(
      Queue queue,
      Plan plan,
      Numbers numbers,
      Operands operands,
      int batches,
      int[] sizes,
      Queue.Argument... arguments) {
    Share share = plan.share(queue.card(), batches, sizes);
    Variant variant =
        plan.variant.equals(AUTOMATIC)
            ? chosen(queue, numbers, operands, share, sizes, arguments)
            : plan.variant;
    run(queue, variant, numbers, operands, share, sizes, arguments);
  }

  private static void run(
      Queue queue,
      Variant variant,
      Numbers numbers,
      Operands operands,
      Share share,
      int[] sizes,
      Queue.Argument... arguments) {
    boolean split = share.parts > 1;
    List<Queue.Argument> all = new ArrayList<>();
    all.add(Queue.Argument.of(sizes));
    all.addAll(List.of(arguments));
    all.add(share.argument());
    int outputs = share.batches * sizes[0] * sizes[1];
    Optional<Memory> partial = Optional.empty();
    if (split) {
      partial = Optional.of(queue.allocate((long) share.parts * outputs * numbers.dtype().bytes()));
      all.add(Queue.Argument.of(partial.orElseThrow()));
    }
    Queue.Argument[] given = all.toArray(Queue.Argument[]::new);
    long groups =
        (long) Math.ceilDiv(sizes[0], variant.tile)
            * Math.ceilDiv(sizes[1], variant.tile)
            * share.batches
            * share.parts;
    queue.run(
        new Key(operands.key(), variant, split),
        () -> ProductKernel.source(queue.card(), variant, numbers, operands, split),
        () -> operands.title() + ", " + variant.name(),
        groups * variant.items(),
        variant.items(),
        given);
    if (split) {
      queue.run(
          List.of("join", operands.key()),
          () -> ProductKernel.join(queue.card(), numbers, operands),
          () -> operands.title() + ", partial results",
          outputs,
          given);
      partial.orElseThrow().release();
    }
  }
}
