package vectorgrad.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static vectorgrad.nn.Layers.gelu;
import static vectorgrad.nn.Layers.transformerBlock;
import static vectorgrad.nn.SequenceGoldens.sines;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import vectorgrad.autograd.GradCheck;
import vectorgrad.autograd.Mode;
import vectorgrad.autograd.Variable;
import vectorgrad.tensor.DType;
import vectorgrad.tensor.Seed;
import vectorgrad.tensor.Shape;
import vectorgrad.tensor.Tensor;

class TransformerBlockTest {
  private static Tensor draw(int seed, int... sizes) {
    return Tensor.normal(Seed.of(seed), 0, Shape.of(sizes), DType.F64);
  }

  private static <P extends Parameterized> P doubles(P layer) {
    layer.initialize(Seed.of(2)).to(DType.F64);
    return layer;
  }

  @Test
  void encodersAgreeWithPyTorch() {
    for (boolean first : new boolean[] {true, false}) {
      TransformerBlock plain = transformerBlock(4, 2, 5).dropout(0);
      TransformerBlock block = first ? plain.normFirst() : plain;
      SequenceGoldens.check(
          first ? "encoder, norm first" : "encoder, norm last",
          block,
          Map.of("x", sines(0.1, 2, 3, 4)),
          in -> {
            var mask = AttentionMask.causal().and(AttentionMask.lengths(3, 3, 2));
            return Map.of("outputs", block.forward(in.get("x"), mask));
          });
    }
  }

  @Test
  void decodersAgreeWithPyTorch() {
    TransformerBlock block = transformerBlock(4, 2, 5).dropout(0).decoder();
    SequenceGoldens.check(
        "decoder",
        block,
        Map.of("x", sines(0.1, 2, 3, 4), "memory", sines(0.2, 2, 2, 4)),
        in ->
            Map.of(
                "outputs",
                block.forward(
                    in.get("x"),
                    AttentionMask.none(),
                    in.get("memory"),
                    AttentionMask.lengths(2, 1, 2))));
  }

  @Test
  void gradientsAgreeWithDifferences() {
    TransformerBlock block =
        doubles(transformerBlock(4, 2, 5).normFirst().activation(gelu()).decoder());
    GradCheck.of(
            in -> block.forward(in.get(0), AttentionMask.none(), in.get(1), AttentionMask.none()),
            draw(1, 2, 3, 4),
            draw(2, 2, 2, 4))
        .orThrow();
  }

  @Test
  void aStackGeneratesWithCachesWhatItGivesAtOnce() {
    List<TransformerBlock> stack =
        List.of(
            doubles(transformerBlock(8, 4, 16).normFirst().attention(a -> a.causal().rotary())),
            doubles(transformerBlock(8, 4, 16).attention(a -> a.keyHeads(2).causal())));
    Variable x = Variable.constant(draw(1, 2, 5, 8));
    Mode.inference(() -> {
      Variable whole = x;
      for (TransformerBlock block : stack) {
        whole = block.forward(whole);
      }
      KeyValueCache[] caches = {KeyValueCache.empty(), KeyValueCache.empty()};
      for (int place = 0; place < 5; place++) {
        Variable y = x.narrow(1, place, 1);
        for (int i = 0; i < 2; i++) {
          var result = stack.get(i).forward(y, AttentionMask.none(), caches[i]);
          y = result.outputs();
          caches[i] = result.cache();
        }
        assertArrayEquals(
            whole.value().narrow(1, place, 1).contiguous().toDoubles(),
            y.value().contiguous().toDoubles(),
            1e-13);
      }
      return whole;
    });
  }

  @Test
  void dropoutActsInTrainingOnlyAndOptionsShareParameters() {
    TransformerBlock block = doubles(transformerBlock(8, 2, 16));
    Tensor x = draw(1, 2, 5, 8);
    double[] first = block.forward(x).value().toDoubles();
    assertFalse(Arrays.equals(first, block.forward(x).value().toDoubles()), "drawn anew");
    double[] used = Mode.inference(() -> block.forward(x)).value().toDoubles();
    assertArrayEquals(used, block.dropout(0).forward(x).value().toDoubles());
    assertEquals(
        List.of("self_attn.dropout.state", "dropout.state"),
        List.copyOf(block.namedBuffers().keySet()));
  }

  @Test
  void parametersHavePyTorchsNames() {
    assertEquals(
        List.of(
            "self_attn.in_proj_weight",
            "self_attn.in_proj_bias",
            "self_attn.out_proj.weight",
            "self_attn.out_proj.bias",
            "linear1.weight",
            "linear1.bias",
            "linear2.weight",
            "linear2.bias",
            "norm1.weight",
            "norm1.bias",
            "norm2.weight",
            "norm2.bias"),
        List.copyOf(transformerBlock(8, 2, 16).namedParameters().keySet()));
    TransformerBlock decoder = transformerBlock(8, 2, 16).normFirst().decoder();
    assertEquals("TransformerBlock(decoder, norm first)", decoder.label());
    assertEquals(18, decoder.parameters().size());
    assertEquals(18, ((TransformerBlock) decoder.copy()).parameters().size());
  }

  private static void refused(String text, Executable executable) {
    assertEquals(text, assertThrows(RuntimeException.class, executable).getMessage());
  }

  @Test
  void whatABlockCannotDoIsRefused() {
    Variable x = Variable.constant(draw(1, 2, 5, 8));
    refused(
        """
        TransformerBlock: a decoder needs a memory to look at
          help   forward(x, mask, memory, memoryMask)\
        """,
        () -> transformerBlock(8, 2, 16).decoder().forward(x));
    refused(
        """
        TransformerBlock: only a decoder looks at a memory
          help   transformerBlock(…).decoder()\
        """,
        () -> transformerBlock(8, 2, 16).forward(x, AttentionMask.none(), x, AttentionMask.none()));
    refused(
        "TransformerBlock: 2 parts need as many norms, found 1",
        () -> transformerBlock(8, 2, 16).norms(Layers.relu()));
  }
}
