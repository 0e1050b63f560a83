"""Outputs and gradients of layers with non-default options, computed by PyTorch 1.13 in float64.

    /usr/bin/python3 nn/src/test/golden/layers.py > nn/src/test/resources/vectorgrad/nn/layers.txt

waves.py says what is in a line. GoldenLayersTest reads the file and has a case of the same name for each case.
"""
import torch
from torch import nn

from waves import case, show, trajectory

case("batchNorm", nn.BatchNorm1d(3, eps=1e-2), 4, 3)
case("batchNorm2d", nn.BatchNorm2d(2, affine=False), 2, 2, 2, 3)
case("batchNormUntracked", nn.BatchNorm1d(3, track_running_stats=False), 4, 3, training=False)
trajectory("tracked", nn.BatchNorm2d(3, momentum=0.3), 2, 3, 2, 2)
trajectory("cumulative", nn.BatchNorm1d(3, momentum=None), 4, 3)
case("layerNorm", nn.LayerNorm([2, 3], eps=1e-2), 2, 2, 3)
case("groupNorm", nn.GroupNorm(2, 4, eps=1e-2), 2, 4, 3)
case("instanceNorm", nn.InstanceNorm1d(3, eps=1e-2, affine=True), 2, 3, 4)
case("conv1d", nn.Conv1d(4, 6, 3, stride=2, padding=2, dilation=2, groups=2, padding_mode="circular"), 2, 4, 7)
case("conv2d", nn.Conv2d(2, 4, (3, 2), stride=(2, 1), padding=(1, 1), groups=2, bias=False, padding_mode="reflect"), 1, 2, 5, 4)
case("conv3d", nn.Conv3d(1, 2, (2, 1, 2), stride=(1, 2, 1), padding=(1, 0, 1), padding_mode="replicate"), 1, 1, 2, 3, 3)
case("convTranspose1d", nn.ConvTranspose1d(2, 3, 3, stride=2, padding=1, output_padding=1, dilation=2), 2, 2, 4)
case("convTranspose2d", nn.ConvTranspose2d(4, 2, 2, stride=(2, 3), output_padding=(1, 2), groups=2, bias=False), 1, 4, 2, 2)
case("convTranspose3d", nn.ConvTranspose3d(1, 2, 2, stride=2, padding=1), 1, 1, 2, 2, 3)
case("maxPool1d", nn.MaxPool1d(3, stride=2, padding=1, dilation=2, ceil_mode=True), 2, 2, 8)
case("maxPool3d", nn.MaxPool3d(2, stride=1), 1, 1, 2, 3, 3)
case("avgPool1d", nn.AvgPool1d(3, stride=2, padding=1, count_include_pad=False), 2, 2, 6)
case("avgPool2d", nn.AvgPool2d(2, padding=1, ceil_mode=True), 1, 2, 4, 3)
case("avgPool3d", nn.AvgPool3d(2, stride=1), 1, 1, 2, 3, 3)
case("adaptiveAvg", nn.AdaptiveAvgPool2d((3, 2)), 1, 2, 5, 4)
case("adaptiveMax", nn.AdaptiveMaxPool1d(3), 2, 2, 7)
case("embedding", nn.Embedding(5, 3, padding_idx=2, max_norm=0.45, norm_type=1.5),
     x=torch.tensor([[1, 2, 0], [4, 1, 1]]))
case("pixelShuffle", nn.PixelShuffle(2), 1, 8, 2, 3)
case("nearest", nn.Upsample(scale_factor=1.5, mode="nearest"), 1, 2, 3, 4)
case("bilinear", nn.Upsample(scale_factor=1.6, mode="bilinear"), 1, 2, 3, 4)
case("trilinearAligned", nn.Upsample(scale_factor=2, mode="trilinear", align_corners=True), 1, 1, 2, 2, 3)
case("glu", nn.GLU(1), 2, 4, 2)
case("prelu", nn.PReLU(3), 2, 3, 2)

CURVES = {
    "elu": nn.ELU(0.7), "selu": nn.SELU(), "celu": nn.CELU(2.0), "geluExact": nn.GELU(), "gelu": nn.GELU("tanh"),
    "silu": nn.SiLU(), "mish": nn.Mish(), "softplus": nn.Softplus(0.8, threshold=100), "softsign": nn.Softsign(),
    "logSigmoid": nn.LogSigmoid(), "tanhshrink": nn.Tanhshrink(), "hardtanh": nn.Hardtanh(-0.5, 1.5),
    "relu6": nn.ReLU6(), "hardsigmoid": nn.Hardsigmoid(), "hardswish": nn.Hardswish(),
    "softshrink": nn.Softshrink(0.3), "hardshrink": nn.Hardshrink(0.3), "threshold": nn.Threshold(0.2, -1.0),
    "leakyRelu": nn.LeakyReLU(0.2), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(), "relu": nn.ReLU(),
}
POINTS = [-40, -7.5, -3, -2.9, -1, -0.5, -0.3, -0.1, 0, 0.1, 0.2, 0.3, 0.9, 1.5, 2.5, 3, 6, 6.5, 40]
for name, layer in CURVES.items():
    x = torch.tensor(POINTS, dtype=torch.float64, requires_grad=True)
    y = layer(x)
    y.sum().backward()
    show("curves", name, y)
    show("curves", "d" + name, x.grad)
