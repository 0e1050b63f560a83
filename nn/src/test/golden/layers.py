# Outputs and gradients of layers with non-default options, computed by PyTorch 1.13 in float64:
#
#     /usr/bin/python3 nn/src/test/golden/layers.py > nn/src/test/resources/vectorgrad/nn/layers.txt
#
# One line for each tensor: case, name, shape, numbers. Inputs are sin(0.7·i + phase), parameters
# 0.3·cos(1.3·i + phase), the gradient of the output is cos(0.9·i), so none of them is stored.
# GoldenLayersTest reads the file and has a case of the same name for each case.
import math

import torch
from torch import nn

torch.set_default_dtype(torch.float64)


def wave(shape, function, scale, step, phase):
    n = math.prod(shape)
    return torch.tensor([scale * function(step * i + phase) for i in range(n)]).reshape(shape)


def show(case, name, tensor):
    shape = ",".join(map(str, tensor.shape))
    print(case, name, f"[{shape}]", *("%.17g" % v for v in tensor.detach().flatten().tolist()))


def fill(layer):
    with torch.no_grad():
        for k, (name, p) in enumerate(layer.named_parameters()):
            p.copy_(wave(p.shape, math.cos, 0.3, 1.3, k + 1))


def case(name, layer, *shape, x=None, training=True):
    fill(layer)
    layer.train(training)
    if x is None:
        x = wave(shape, math.sin, 1, 0.7, 0.3).requires_grad_()
    y = layer(x)
    y.backward(wave(y.shape, math.cos, 1, 0.9, 0))
    show(name, "y", y)
    if x.requires_grad:
        show(name, "dx", x.grad)
    for p, parameter in layer.named_parameters():
        show(name, "d" + p, parameter.grad)


def trajectory(name, layer, *shape):
    """Running statistics over five batches, then the output in use."""
    fill(layer)
    for step in range(5):
        layer(wave(shape, math.sin, 1 + step, 0.7, step))
        show(name, f"mean{step}", layer.running_mean)
        show(name, f"var{step}", layer.running_var)
    layer.eval()
    show(name, "y", layer(wave(shape, math.sin, 1, 0.7, 0.3)))


case("batchNorm", nn.BatchNorm1d(3, eps=1e-2), 4, 3)
case("batchNorm2d", nn.BatchNorm2d(2, affine=False), 2, 2, 2, 3)
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
