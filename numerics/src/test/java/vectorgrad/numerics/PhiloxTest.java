package vectorgrad.numerics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PhiloxTest {
  private static int[] block(long key, long high, long low) {
    int[] four = new int[4];
    Philox.block(key, high, low, four);
    return four;
  }

  /// `kat_vectors` of Random123, the authors' own implementation.
  @Test
  void theKnownAnswersComeOut() {
    assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, block(0, 0, 0));
    assertArrayEquals(
        new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, block(-1, -1, -1));
    assertArrayEquals(
        new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
        block(0x299f31d0a4093822L, 0x0370734413198a2eL, 0x85a308d3243f6a88L));
  }

  @Test
  void manyBlocksAtOnceAreTheBlocksOneByOne() {
    for (int count : new int[] {0, 1, 3, 64}) {
      long[][] words = new long[4][64];
      Philox.blocks(0x299f31d0a4093822L, -7, 0xfffffff0L, count, words);
      for (int b = 0; b < count; b++) {
        int[] one = block(0x299f31d0a4093822L, -7, 0xfffffff0L + b);
        for (int w = 0; w < 4; w++) {
          assertEquals(one[w] & 0xffffffffL, words[w][b]);
        }
      }
    }
  }

  @Test
  void bitsAreBalancedAndBlocksDiffer() {
    long ones = 0;
    int[] sums = new int[32];
    int blocks = 20_000;
    for (int i = 0; i < blocks; i++) {
      for (int word : block(7, 0, i)) {
        ones += Integer.bitCount(word);
        for (int bit = 0; bit < 32; bit++) {
          sums[bit] += word >>> bit & 1;
        }
      }
    }
    double words = 4.0 * blocks;
    assertEquals(16, ones / words, 5 * Math.sqrt(8 / words));
    for (int sum : sums) {
      assertEquals(0.5, sum / words, 5 * 0.5 / Math.sqrt(words));
    }
  }
}
