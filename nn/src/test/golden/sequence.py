"""Golden values of the sequence layers: recurrent layers, attention, transformer blocks.

PyTorch 1.13 (Debian's python3-torch), float64. Run from this folder:

    /usr/bin/python3 sequence.py > sequence.json

Parameters and inputs are sines of their places, which the tests compute too; the loss is a sum of
everything that comes out, weighed by cosines. Written are outputs and gradients.
"""

import json

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_default_dtype(torch.float64)


def sines(shape, start):
    size = torch.Size(shape).numel()
    return (0.6 * torch.sin(1.3 * torch.arange(size) + start)).reshape(shape)


def filled(module):
    with torch.no_grad():
        for k, parameter in enumerate(module.parameters()):
            parameter.copy_(sines(parameter.shape, k + 0.5))
    return module


def weighed(y):
    return (y.reshape(-1) * torch.cos(0.9 * torch.arange(y.numel()))).sum()


def numbers(x):
    return [float("%.12g" % v) for v in x.detach().reshape(-1).tolist()]


def case(module, inputs, run):
    """What `run` gives of the inputs by name, and the gradients of inputs and parameters."""
    for x in inputs.values():
        x.requires_grad_(True)
    outputs = run(**inputs)
    sum(weighed(y) for y in outputs.values()).backward()
    result = {name: numbers(y) for name, y in outputs.items()}
    result.update({"d " + name: numbers(x.grad) for name, x in inputs.items()})
    result.update({"d " + name: numbers(p.grad) for name, p in module.named_parameters()})
    return result


def rnn():
    layer = filled(nn.RNN(3, 2, num_layers=2, nonlinearity="relu", bidirectional=True))

    def run(x, h):
        y, last = layer(x, h)
        return {"outputs": y, "hidden": last}

    return case(layer, {"x": sines((4, 3, 3), 0.1), "h": sines((4, 3, 2), 0.2)}, run)


def lstm():
    layer = filled(nn.LSTM(3, 2, num_layers=2, batch_first=True, bidirectional=True))

    def run(x, h, c):
        packed = pack_padded_sequence(x, [4, 1, 3], batch_first=True, enforce_sorted=False)
        y, (h, c) = layer(packed, (h, c))
        return {"outputs": pad_packed_sequence(y, batch_first=True)[0], "hidden": h, "cell": c}

    inputs = {"x": sines((3, 4, 3), 0.1), "h": sines((4, 3, 2), 0.2), "c": sines((4, 3, 2), 0.3)}
    return case(layer, inputs, run)


def gru():
    layer = filled(nn.GRU(3, 2, num_layers=2, bidirectional=True))

    def run(x, h):
        packed = pack_padded_sequence(x, [2, 4, 3], enforce_sorted=False)
        y, last = layer(packed, h)
        return {"outputs": pad_packed_sequence(y)[0], "hidden": last}

    return case(layer, {"x": sines((4, 3, 3), 0.1), "h": sines((4, 3, 2), 0.2)}, run)


def gru_without_bias():
    layer = filled(nn.GRU(3, 2, bias=False))
    return case(layer, {"x": sines((4, 3, 3), 0.1)}, lambda x: {"outputs": layer(x)[0]})


def ignored(lengths, size):
    return torch.arange(size)[None, :] >= torch.tensor(lengths)[:, None]


def causal(size):
    return torch.ones(size, size, dtype=torch.bool).triu(1)


def self_attention():
    layer = filled(nn.MultiheadAttention(6, 3, batch_first=True))

    def run(x):
        y, _ = layer(x, x, x, key_padding_mask=ignored([4, 2], 4), attn_mask=causal(4))
        return {"outputs": y}

    return case(layer, {"x": sines((2, 4, 6), 0.1)}, run)


def cross_attention():
    layer = filled(nn.MultiheadAttention(6, 2, bias=False, batch_first=True))

    def run(x, memory):
        y, _ = layer(x, memory, memory, key_padding_mask=ignored([3, 5], 5))
        return {"outputs": y}

    return case(layer, {"x": sines((2, 4, 6), 0.1), "memory": sines((2, 5, 6), 0.2)}, run)


def encoder(norm_first):
    layer = filled(
        nn.TransformerEncoderLayer(4, 2, 5, dropout=0, batch_first=True, norm_first=norm_first)
    )

    def run(x):
        y = layer(x, src_mask=causal(3), src_key_padding_mask=ignored([3, 2], 3))
        return {"outputs": y}

    return case(layer, {"x": sines((2, 3, 4), 0.1)}, run)


def decoder():
    layer = filled(nn.TransformerDecoderLayer(4, 2, 5, dropout=0, batch_first=True))

    def run(x, memory):
        y = layer(x, memory, tgt_mask=causal(3), memory_key_padding_mask=ignored([1, 2], 2))
        return {"outputs": y}

    return case(layer, {"x": sines((2, 3, 4), 0.1), "memory": sines((2, 2, 4), 0.2)}, run)


print(
    json.dumps(
        {
            "rnn": rnn(),
            "lstm": lstm(),
            "gru": gru(),
            "gru without bias": gru_without_bias(),
            "self attention": self_attention(),
            "cross attention": cross_attention(),
            "encoder, norm first": encoder(True),
            "encoder, norm last": encoder(False),
            "decoder": decoder(),
        },
        indent=0,
    )
    .replace(",\n", ", ")
    .replace("[\n", "[")
    .replace("\n]", "]")
    .replace('], "', '],\n"')
)
