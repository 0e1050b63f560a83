package vectorgrad.tensor;

import static vectorgrad.tensor.LayoutTest.assertMessage;

import org.junit.jupiter.api.Test;

/// What convolutions and poolings say when they refuse.
class RefusedConvolutionsTest {
  private static Tensor zeros(int... sizes) {
    return Tensor.zeros(Shape.of(sizes), DType.F32);
  }

  private static final Conv1dGeometry SIGNAL = Conv1dGeometry.DEFAULT;
  private static final Conv2dGeometry PICTURE = Conv2dGeometry.DEFAULT;
  private static final Conv3dGeometry VOLUME = Conv3dGeometry.DEFAULT;

  @Test
  void geometriesCheckTheirNumbers() {
    assertMessage("conv1d: stride must be at least 1, found 0", () -> SIGNAL.stride(0));
    assertMessage("conv2d: padding must be at least 0, found -1", () -> PICTURE.padding(0, -1));
    assertMessage("conv3d: dilation must be at least 1, found 0", () -> VOLUME.dilation(1, 0, 1));
    assertMessage("conv3d: groups must be at least 1, found 0", () -> VOLUME.groups(0));
    assertMessage(
        """
        conv2d: no equal padding on both sides keeps the size under a filter of 4
          rule   dilation · (kernel − 1) must be even, found 3
          help   pad(axis, 1, 2) before\
        """,
        () -> PICTURE.same(3, 4));
    assertMessage(
        """
        pool: window, stride and dilation must be at least 1
          found  2, 0 and 1\
        """,
        () -> Pool1dGeometry.of(2).stride(0));
    assertMessage(
        """
        pool: padding must be between 0 and half the window
          window 3
          found  2\
        """,
        () -> PoolGeometry.square(3).padding(2));
    assertMessage(
        """
        pool: padding must be between 0 and half the window
          window 5 (3 dilated)
          found  3\
        """,
        () -> PoolGeometry.square(3).dilation(2).padding(3));
    var ceil = Pool1dGeometry.of(2).ceilMode(true);
    assertMessage(
        "pool: ceil mode must be the same in all directions",
        () -> new Pool3dGeometry(ceil, ceil, Pool1dGeometry.of(2)));
  }

  @Test
  void convolutionsNameTheShapesAndTheirAxes() {
    assertMessage(
        """
        conv1d: the input has 3 channels, the filters expect 4
          input  (2, 3, 9)   N C L
          weight (4, 2, 5)   out in k\
        """,
        () -> zeros(2, 3, 9).conv1d(zeros(4, 2, 5), SIGNAL.groups(2)));
    assertMessage(
        """
        conv2d: 3 filters do not split into 2 groups
          input  (2, 4, 9, 9)   N C H W
          weight (3, 2, 5, 5)   out in kH kW\
        """,
        () -> zeros(2, 4, 9, 9).conv2d(zeros(3, 2, 5, 5), PICTURE.groups(2)));
    assertMessage(
        """
        conv3d: the filters are larger than the padded volume
          input  (2, 4, 2, 9, 9)   N C D H W
          weight (3, 4, 3, 3, 3)   out in kD kH kW
          help   add padding, or pool less before\
        """,
        () -> zeros(2, 4, 2, 9, 9).conv3d(zeros(3, 4, 3, 3, 3), VOLUME));
    assertMessage(
        """
        conv1d: needs three axes on both operands
          input  (3, 9)      N C …
          weight (4, 3, 5)   out in k\
        """,
        () -> zeros(3, 9).conv1d(zeros(4, 3, 5), SIGNAL));
    assertMessage(
        """
        conv2dInputGradient: the gradient does not belong to this convolution
          input  (2, 3, 9, 9)   N C H W
          weight (4, 3, 5, 5)   out in kH kW
          dy     (2, 4, 4, 4)\
        """,
        () ->
            zeros(2, 4, 4, 4)
                .conv2dInputGradient(zeros(4, 3, 5, 5), Shape.of(2, 3, 9, 9), PICTURE));
    assertMessage(
        """
        conv2d: needs floating numbers, found i32
          help   convert with to(DType.F32)\
        """,
        () -> zeros(1, 1, 3, 3).to(DType.I32).conv2d(zeros(1, 1, 1, 1).to(DType.U8), PICTURE));
  }

  @Test
  void transposedConvolutionsSayWhichSizesThereAre() {
    assertMessage(
        """
        convTranspose2d: the input has 3 channels, the filters expect 4
          input  (2, 3, 9, 9)   N C H W
          weight (4, 3, 5, 5)   in out kH kW\
        """,
        () -> zeros(2, 3, 9, 9).convTranspose2d(zeros(4, 3, 5, 5), PICTURE));
    assertMessage(
        """
        convTranspose2d: 3 channels do not split into 2 groups
          input  (2, 3, 9, 9)   N C H W
          weight (3, 3, 5, 5)   in out kH kW\
        """,
        () -> zeros(2, 3, 9, 9).convTranspose2d(zeros(3, 3, 5, 5), PICTURE.groups(2)));
    assertMessage(
        """
        convTranspose1d: no size of axis 2 has output padding 2
          stride 2
          dilation 1
          rule   0 <= outputPadding < the larger of stride and dilation\
        """,
        () -> zeros(2, 3, 9).convTranspose1d(zeros(3, 3, 5), SIGNAL.stride(2), 2));
    assertMessage(
        """
        convTranspose1d: the padding leaves nothing of axis 2
          input  (2, 3, 1)   N C L
          weight (3, 3, 3)   in out k
          rule   (size − 1)·stride − 2·padding + dilation·(kernel − 1) >= 0\
        """,
        () -> zeros(2, 3, 1).convTranspose1d(zeros(3, 3, 3), SIGNAL.padding(2)));
    assertMessage(
        """
        convTranspose1dWeightGradient: the gradient does not belong to this convolution
          input  (2, 3, 4)   N C L
          weight (3, 5, 3)   in out k
          dy     (2, 5, 9)\
        """,
        () ->
            zeros(2, 5, 9)
                .convTranspose1dWeightGradient(zeros(2, 3, 4), Shape.of(3, 5, 3), SIGNAL));
  }

  @Test
  void unfoldingSaysWhatAPatchIs() {
    assertMessage(
        """
        unfold: a patch has all channels, found 2 groups
          help   split the channels before, chunk(groups, 1)\
        """,
        () -> zeros(1, 2, 4, 4).unfold(2, 2, PICTURE.groups(2)));
    assertMessage(
        "unfold: a patch has at least one element, found 0×2",
        () -> zeros(1, 2, 4, 4).unfold(0, 2, PICTURE));
    assertMessage(
        """
        unfold: needs pictures
          found  (2, 4, 4)
          rule   (N, C, H, W)\
        """,
        () -> zeros(2, 4, 4).unfold(2, 2, PICTURE));
    assertMessage(
        """
        unfold: the patch is larger than the padded picture
          input  (1, 2, 4, 4)   N C H W
          patch  (5, 2)\
        """,
        () -> zeros(1, 2, 4, 4).unfold(5, 2, PICTURE));
    assertMessage(
        """
        fold: these are not the patches of pictures 4×4
          found  (1, 8, 8)
          rule   (N, C·4, 9)\
        """,
        () -> zeros(1, 8, 8).fold(4, 4, 2, 2, PICTURE));
    assertMessage(
        """
        fold: needs numbers, found bool
          help   convert with to(DType.I32)\
        """,
        () -> zeros(1, 8, 9).to(DType.BOOL).fold(4, 4, 2, 2, PICTURE));
  }

  @Test
  void poolingsSayWhatTheWindowSees() {
    assertMessage(
        """
        maxPool1d: needs floating signals (N, C, L)
          input  (2, 3) f32\
        """,
        () -> zeros(2, 3).maxPool1d(Pool1dGeometry.of(2)));
    assertMessage(
        """
        avgPool3d: needs floating volumes (N, C, D, H, W)
          input  (1, 1, 4, 4, 4) i32\
        """,
        () -> zeros(1, 1, 4, 4, 4).to(DType.I32).avgPool3d(Pool3dGeometry.cube(2)));
    assertMessage(
        """
        maxPool2d: the window is larger than the padded picture
          input  (1, 1, 4, 2)   N C H W
          window (3, 3)\
        """,
        () -> zeros(1, 1, 4, 2).maxPool2d(PoolGeometry.square(3)));
    assertMessage(
        """
        maxPool1d: a window sees nothing but padding on axis 2
          input  (1, 1, 1)   N C L
          window (4)
          rule   the dilation does not step over the whole signal\
        """,
        () -> zeros(1, 1, 1).maxPool1d(Pool1dGeometry.of(2).stride(1).dilation(3).padding(2)));
    assertMessage(
        "avgPool2d: the windows of a mean are dense, found dilation 2",
        () -> zeros(1, 1, 4, 4).avgPool2d(PoolGeometry.square(2).dilation(2)));
    assertMessage(
        """
        avgPool2dInputGradient: the gradient does not belong to this pooling
          input  (1, 1, 4, 4)
          dy     (1, 1, 2, 3)\
        """,
        () ->
            zeros(1, 1, 2, 3)
                .avgPool2dInputGradient(Shape.of(1, 1, 4, 4), PoolGeometry.square(2), true));
    assertMessage(
        """
        maxUnpool: these are not the shapes of one pooling
          values (1, 2, 2)
          index  (1, 2, 3)
          input  (1, 2, 4)
          rule   (N, C, …), an index for every value, the same N and C\
        """,
        () -> zeros(1, 2, 2).maxUnpool(zeros(1, 2, 3).to(DType.I32), Shape.of(1, 2, 4)));
  }

  @Test
  void poolingsToASizeSayHowManyRegionsThereAre() {
    assertMessage(
        """
        adaptiveAvgPool2d: axis 3 of 5 elements has no 0 regions
          input  (1, 1, 4, 5)
          rule   both numbers are at least 1\
        """,
        () -> zeros(1, 1, 4, 5).adaptiveAvgPool2d(2, 0));
    assertMessage(
        """
        fractionalMaxPool2d: axis 2 of 4 elements has no 4 regions
          input  (1, 1, 4, 5)
          rule   at most 3, which overlap\
        """,
        () ->
            zeros(1, 1, 4, 5)
                .fractionalMaxPool2d(4, 3, FractionalRegions.RANDOM_OVERLAPPING, Seed.of(1)));
  }
}
