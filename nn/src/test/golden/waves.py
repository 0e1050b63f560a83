"""What the scripts of golden numbers share: inputs, parameters and weights of outputs that are waves of their places.

Inputs are sin(0.7·i + 0.3), parameters 0.3·cos(1.3·i + k) for the k-th, the gradient of the output is cos(0.9·i), so
that none of them is stored. One line is written for each tensor: case, name, shape, numbers.
"""
import math

import torch

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


def case(name, layer, *shape, x=None, training=True, others=()):
    """Output and gradients of a layer for x, or for a wave of the given shape, and further inputs."""
    fill(layer)
    layer.train(training)
    if x is None:
        x = wave(shape, math.sin, 1, 0.7, 0.3).requires_grad_()
    y = layer(x, *others)
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
