"""Writes the table of ConvolutionsGoldenTest, with NumPy 2.4.6: sliding windows joined by einsum, not loops.

    python3 convolutions.py > ../resources/vectorgrad/tensor/convolutions.csv

Element i of operand n is (7·i + 3·n) mod 11 − 5, so all sums are exact."""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def operand(n, *shape):
    return ((7 * np.arange(np.prod(shape)) + 3 * n) % 11 - 5).reshape(shape).astype(float)


def windows(x, kernel, stride, padding, dilation, value=0.0, overhang=0):
    """(N, C, …) as (N, C, places…, taps…)."""
    axes = tuple(range(2, 2 + len(kernel)))
    x = np.pad(x, [(0, 0), (0, 0)] + [(p, p + overhang) for p in padding], constant_values=value)
    span = tuple(d * (k - 1) + 1 for k, d in zip(kernel, dilation))
    w = sliding_window_view(x, span, axis=axes)
    return w[(slice(None),) * 2 + tuple(slice(None, None, s) for s in stride) + tuple(slice(None, None, d) for d in dilation)]


def conv(x, w, stride, padding, dilation, groups=1):
    taps = "ijk"[: w.ndim - 2]
    places = "xyz"[: w.ndim - 2]
    parts = [
        np.einsum(f"nc{places}{taps},oc{taps}->no{places}", windows(xg, w.shape[2:], stride, padding, dilation), wg)
        for xg, wg in zip(np.split(x, groups, 1), np.split(w, groups, 0))
    ]
    return np.concatenate(parts, 1)


def conv_transpose(x, w, stride, padding, dilation, output_padding):
    """The input is spread out by the stride, and seen through turned filters."""
    sizes = [(n - 1) * s + 1 for n, s in zip(x.shape[2:], stride)]
    spread = np.zeros(x.shape[:2] + tuple(sizes))
    spread[(slice(None),) * 2 + tuple(slice(None, None, s) for s in stride)] = x
    reach = [d * (k - 1) for k, d in zip(w.shape[2:], dilation)]
    spread = np.pad(spread, [(0, 0), (0, 0)] + [(r, r + o) for r, o in zip(reach, output_padding)])
    turned = np.flip(w, tuple(range(2, w.ndim))).swapaxes(0, 1)
    y = conv(spread, turned, (1,) * len(stride), (0,) * len(stride), dilation)
    return y[(slice(None),) * 2 + tuple(slice(p, y.shape[i + 2] - p) for i, p in enumerate(padding))]


def row(name, a):
    print(",".join([name, "x".join(map(str, a.shape))] + [repr(float(v)) for v in a.ravel()]))


row("conv1d", conv(operand(0, 2, 4, 9), operand(1, 6, 2, 3), (2,), (1,), (2,), groups=2))
row("conv2d", conv(operand(0, 2, 4, 7, 6), operand(1, 4, 2, 3, 2), (2, 1), (1, 2), (1, 2), groups=2))
row("conv3d", conv(operand(0, 1, 2, 4, 5, 4), operand(1, 3, 2, 2, 3, 1), (1, 2, 2), (1, 0, 1), (2, 1, 1)))
row("convTranspose1d", conv_transpose(operand(0, 2, 3, 4), operand(1, 3, 2, 3), (3,), (1,), (1,), (2,)))
row("convTranspose2d", conv_transpose(operand(0, 1, 2, 3, 4), operand(1, 2, 3, 3, 2), (2, 1), (1, 0), (1, 2), (1, 0)))
row("convTranspose3d", conv_transpose(operand(0, 1, 2, 2, 3, 2), operand(1, 2, 1, 2, 2, 3), (2, 1, 2), (0, 1, 1), (1, 1, 1), (1, 0, 0)))

w = windows(operand(0, 2, 2, 5, 4), (2, 3), (2, 1), (1, 1), (2, 1))
row("unfold", np.moveaxis(w, (4, 5), (2, 3)).reshape(2, 12, -1))

x = operand(0, 1, 2, 8, 8)
w = windows(x, (3, 3), (2, 2), (1, 1), (2, 2), -np.inf, overhang=1)
flat = w.reshape(w.shape[:4] + (9,))
place = windows(np.arange(64.0).reshape(1, 1, 8, 8), (3, 3), (2, 2), (1, 1), (2, 2), -1, overhang=1).reshape(1, 1, 4, 4, 9)
row("maxPool2d", flat.max(-1))
row("maxPool2d indices", np.take_along_axis(np.broadcast_to(place, flat.shape), flat.argmax(-1)[..., None], -1)[..., 0])

ones = np.ones((1, 1, 8, 8))
total = windows(x, (3, 3), (2, 2), (0, 0), (1, 1), overhang=1).sum((-1, -2))
count = windows(ones, (3, 3), (2, 2), (0, 0), (1, 1), overhang=1).sum((-1, -2))
row("avgPool2d", total / count)
