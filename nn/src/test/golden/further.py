"""Layers that join others, that draw, or that PyTorch has no module for, by its operations and autograd in float64.

    /usr/bin/python3 nn/src/test/golden/further.py > nn/src/test/resources/vectorgrad/nn/further.txt

Written by PyTorch 1.13 (Debian's python3-torch); waves.py says what is in a line. What a layer draws stands here as
literal masks: they are those of Vectorgrad's generator for Seed.of(1), which never change. So the test holds the draw
itself, and the arithmetic on it to PyTorch's. GoldenLayersTest has a case of the same name for each case.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn

from waves import case, trajectory, wave


class Function(nn.Module):
    """A function of x, and of modules that are passed by name."""

    def __init__(self, function, **modules):
        super().__init__()
        self.function = function
        for name, module in modules.items():
            setattr(self, name, module)

    def forward(self, x):
        return self.function(self, x)


def plain(function):
    return Function(lambda self, x: function(x))


def mask(bits, *shape):
    return torch.tensor([float(b) for b in bits]).reshape(shape)


def parameter(*shape):
    return nn.Parameter(torch.zeros(shape))


# ---- shapes and activations

case("linear", nn.Linear(3, 2, bias=False), 2, 2, 3)
case("flatten", nn.Flatten(), 2, 3, 2)
case("unflatten", nn.Unflatten(1, (3, 2)), 2, 6, 2)
case("unfold", nn.Unfold((3, 2), dilation=(1, 2), padding=(1, 0), stride=(2, 1)), 1, 2, 5, 4)
case("fold", nn.Fold((4, 5), (3, 2), padding=(1, 0), stride=(1, 2)), 1, 12, 8)
case("maxPool2d", nn.MaxPool2d((3, 2), stride=2, padding=1, dilation=(1, 2)), 1, 2, 5, 6)
case("globalAvgPool", nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), 2, 3, 2, 3)
case("softmax", nn.Softmax(1), 2, 4, 3)
case("logSoftmax", nn.LogSoftmax(-1), 2, 3, 4)
case("prelu1", nn.PReLU(), 2, 3)

# ---- joined

case("sequential", nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2)), 2, 3)
case("residual", Function(lambda self, x: x + self.body(x), body=nn.Sequential(nn.Linear(3, 3), nn.Tanh())), 2, 3)


class Parallel(nn.Sequential):
    def forward(self, x):
        return torch.cat([layer(x) for layer in self], 1)


class Ensemble(nn.Sequential):
    def forward(self, x):
        return torch.stack([layer(x).softmax(1) for layer in self]).mean(0).log()


case("parallel", Parallel(nn.Conv1d(2, 1, 3, padding=1), nn.Conv1d(2, 3, 1, bias=False)), 1, 2, 4)
case("ensemble", Ensemble(nn.Linear(3, 4), nn.Linear(3, 4)), 2, 3)

# ---- normalisation

case("rmsNorm", Function(lambda self, x: x * torch.rsqrt(x.square().mean((1, 2), keepdim=True) + 1e-2) * self.weight,
                         weight=parameter(2, 3)), 2, 2, 3)
trajectory("instanceTracked", nn.InstanceNorm2d(3, momentum=0.3, affine=True, track_running_stats=True), 2, 3, 2, 2)
case("instanceTraining", nn.InstanceNorm1d(3, eps=1e-2, track_running_stats=True), 2, 3, 4)

# ---- bags of words

words = torch.tensor([1, 2, 0, 4, 1, 1, 2])
offsets = torch.tensor([0, 3, 3])
factors = wave((7,), math.cos, 1, 0.5, 0)
case("bagSum", nn.EmbeddingBag(5, 3, mode="sum", padding_idx=2), x=words, others=(offsets, factors))
case("bagMean", nn.EmbeddingBag(5, 3, padding_idx=1), x=torch.tensor([[1, 2, 0], [4, 1, 1], [1, 1, 1]]))
case("bagMax", nn.EmbeddingBag(5, 3, mode="max"), x=words, others=(offsets,))

# ---- layers that draw

case("dropout", plain(lambda x: x * mask("101101001001100101111000", 4, 6) / 0.6), 4, 6)
case("channelDropout", plain(lambda x: x * mask("101001001001", 3, 4, 1) / 0.5), 3, 4, 2)
case("stochasticDepth", plain(lambda x: x * mask("101001", 6, 1) / 0.5), 6, 2)
case("classicDropout", plain(lambda x: x * mask("001000001000100100011000", 4, 6)), 4, 6)
case("dropoutInUse", nn.Dropout(0.4), 4, 6, training=False)
case("classicInUse", plain(lambda x: x * 0.3), 4, 6)
case("alphaInUse", nn.AlphaDropout(0.3), 4, 6, training=False)


def alpha_dropout(x):
    """As aten/src/ATen/native/Dropout.cpp has it, with the noise of F.alpha_dropout replaced by a mask."""
    alpha, p, noise = 1.7580993408473766, 0.3, mask("101111111001101111111000", 4, 6)
    a = 1 / math.sqrt((alpha * alpha * p + 1) * (1 - p))
    b = (noise - 1) * (alpha * a) + alpha * a * p
    return x * (noise * a) + b


case("alphaDropout", plain(alpha_dropout), 4, 6)
case("dropConnect", Function(
    lambda self, x: F.linear(x, self.linear.weight * mask("110111111001", 3, 4) / 0.7, self.linear.bias),
    linear=nn.Linear(4, 3)), 2, 4)


def regions(x, rows, columns, overlapping):
    """The largest values of regions that end where Vectorgrad's sequence for the seed does. (PyTorch's own function
    has regions of equal sizes at random places, which is neither of the paper's.)"""
    def parts(ends):
        starts = [0] + [e if overlapping else e + 1 for e in ends[:-1]]
        return [slice(s, e + 1) for s, e in zip(starts, ends)]
    return torch.stack([torch.stack([x[:, :, r, c].amax((2, 3)) for c in parts(columns)], 2) for r in parts(rows)], 2)


case("fractionalRandom", plain(lambda x: regions(x, [0, 2, 4, 6], [1, 3, 5, 7], False)), 1, 2, 7, 8)
case("fractionalOverlapping", plain(lambda x: regions(x, [1, 3, 4, 6], [2, 4, 5, 7], True)), 1, 2, 7, 8)

# ---- cells, two steps of one input


def twice(self, x):
    return self.cell(x, self.cell(x))


def lstm_twice(self, x):
    return self.cell(x, self.cell(x))[0]


case("rnnCell", Function(twice, cell=nn.RNNCell(3, 2, nonlinearity="relu")), 4, 3)
case("lstmCell", Function(lstm_twice, cell=nn.LSTMCell(3, 2)), 4, 3)
case("gruCell", Function(twice, cell=nn.GRUCell(3, 2, bias=False)), 4, 3)

# ---- positions and attention


def sinusoids(length, width, offset):
    place = torch.arange(offset, offset + length)[:, None].double()
    rate = torch.exp(torch.arange(0, width, 2).double() * (-math.log(10000.0) / width))
    table = torch.zeros(length, width)
    table[:, 0::2] = torch.sin(place * rate)
    table[:, 1::2] = torch.cos(place * rate)[:, :width // 2]
    return table


def rotated(x, base, offset):
    """Features as complex numbers, turned by their place."""
    half = x.shape[-1] // 2
    place = torch.arange(offset, offset + x.shape[-2])[:, None].double()
    angle = place * base ** (-torch.arange(half).double() / half)
    turned = torch.complex(x[..., :half], x[..., half:]) * torch.polar(torch.ones_like(angle), angle)
    return torch.cat([turned.real, turned.imag], -1)


case("sinusoidal", plain(lambda x: x + sinusoids(3, 5, 2)), 2, 3, 5)
case("rotary", plain(lambda x: rotated(x, 100.0, 2)), 2, 3, 6)
case("learnedPositions", Function(lambda self, x: x + self.weight[1:4], weight=parameter(5, 2)), 2, 3, 2)


class Attention(nn.Module):
    """Self-attention with shared heads of keys, turned by place, causal, or with dropped weights."""

    def __init__(self, width, heads, groups, turn=False, causal=False, kept=None):
        super().__init__()
        self.heads, self.groups, self.turn, self.causal, self.kept = heads, groups, turn, causal, kept
        rows = width + 2 * groups * width // heads
        self.in_proj_weight = parameter(rows, width)
        self.in_proj_bias = parameter(rows)
        self.out_proj = nn.Linear(width, width)

    def forward(self, x):
        n, length, width = x.shape
        d = width // self.heads
        q, k, v = F.linear(x, self.in_proj_weight, self.in_proj_bias).split(
            [width, self.groups * d, self.groups * d], -1)
        q, k, v = [t.reshape(n, length, -1, d).transpose(1, 2) for t in (q, k, v)]
        if self.turn:
            q, k = rotated(q, 10000.0, 0), rotated(k, 10000.0, 0)
        k, v = [t.repeat_interleave(self.heads // self.groups, 1) for t in (k, v)]
        scores = q @ k.transpose(2, 3) / math.sqrt(d)
        if self.causal:
            scores = scores.masked_fill(torch.ones(length, length, dtype=torch.bool).triu(1), -math.inf)
        weights = scores.softmax(-1)
        if self.kept is not None:
            weights = weights * self.kept / 0.6
        return self.out_proj((weights @ v).transpose(1, 2).reshape(n, length, width))


case("groupedRotaryCausal", Attention(8, 4, 2, turn=True, causal=True), 2, 3, 8)
case("attentionDropout", Attention(4, 2, 2, kept=mask("110111111001010111101001001100010111", 2, 2, 3, 3)), 2, 3, 4)
