"""How PyTorch's layers begin: mean, variance and largest size of every parameter of large layers.

    /usr/bin/python3 nn/src/test/golden/initial.py > nn/src/test/resources/vectorgrad/nn/initial.txt

Written by PyTorch 1.13 (Debian's python3-torch). A line: layer, parameter, how many numbers, mean, variance, largest.
InitialDistributionsTest holds these, and Vectorgrad's own draws, to the distribution that the layer's comment states.
"""
import torch
from torch import nn

torch.manual_seed(1)


def show(name, layer):
    for p, t in layer.named_parameters():
        t = t.detach().double()
        print(name, p, t.numel(), *("%.9g" % v for v in (t.mean(), t.var(unbiased=False), t.abs().max())))


show("linear", nn.Linear(300, 200))
show("conv1d", nn.Conv1d(60, 200, 5))
show("conv2d", nn.Conv2d(32, 120, 5, groups=4))
show("conv3d", nn.Conv3d(16, 100, 3))
show("convTranspose1d", nn.ConvTranspose1d(100, 60, 5))
show("convTranspose2d", nn.ConvTranspose2d(120, 32, 5, groups=4))
show("convTranspose3d", nn.ConvTranspose3d(60, 16, 3))
show("rnn", nn.RNN(50, 100, 2, bidirectional=True))
show("lstm", nn.LSTM(50, 100, 2))
show("gru", nn.GRU(50, 100, bidirectional=True))
show("rnnCell", nn.RNNCell(50, 100))
show("lstmCell", nn.LSTMCell(50, 100))
show("gruCell", nn.GRUCell(50, 100))
show("multiHeadAttention", nn.MultiheadAttention(120, 4))
show("transformerBlock", nn.TransformerEncoderLayer(60, 4, 200))
show("decoder", nn.TransformerDecoderLayer(60, 4, 200))
show("embedding", nn.Embedding(300, 100))
show("paddedEmbedding", nn.Embedding(300, 100, padding_idx=7))
show("embeddingBag", nn.EmbeddingBag(300, 100, padding_idx=7))
show("batchNorm", nn.BatchNorm2d(50))
show("layerNorm", nn.LayerNorm([10, 20]))
show("groupNorm", nn.GroupNorm(5, 50))
show("instanceNorm", nn.InstanceNorm2d(50, affine=True))
show("prelu", nn.PReLU(50))
