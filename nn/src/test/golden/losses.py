"""Losses of PyTorch, to compare ours with: value, and gradient of the sum of cos(i) * loss[i].

Written by PyTorch 1.13 (Debian's python3-torch), in float64:

    /usr/bin/python3 nn/src/test/golden/losses.py > nn/src/test/resources/vectorgrad/nn/losses.json

LossGoldensTest has the same cases under the same names. Inputs are drawn here, and stand in the file.
Kinks are met on purpose by the cases whose name ends in "at kinks".
"""
import json
import math
import torch
import torch.nn.functional as F

torch.manual_seed(5)
torch.set_default_dtype(torch.float64)
CASES = []


def normal(*shape):
    return (torch.randn(*shape) * 1e3).round() / 1e3


def uniform(*shape):
    return (torch.rand(*shape) * 1e3).round() / 1e3 * 0.98 + 0.01


def signs(*shape):
    return torch.randint(0, 2, shape).double() * 2 - 1


def plain(t):
    t = t.detach()
    numbers = [int(v) if v == int(v) else float("%.15g" % v) for v in t.flatten().tolist()]
    return {"shape": list(t.shape), "dtype": "i32" if not t.is_floating_point() else "f64", "data": numbers}


def case(name, function, wrt, **inputs):
    """function of the inputs, differentiated by those named in wrt."""
    given = {k: v.clone().requires_grad_(k in wrt.split()) for k, v in inputs.items()}
    loss = function(**given)
    weights = torch.cos(torch.arange(loss.numel()).double()).reshape(loss.shape)
    (loss * weights).sum().backward()
    CASES.append({
        "name": name,
        "inputs": {k: plain(v) for k, v in inputs.items()},
        "loss": plain(loss),
        "gradients": {k: plain(given[k].grad) for k in wrt.split()},
    })


x, t = normal(3, 4), normal(3, 4)
case("MSE sum", lambda x, t: F.mse_loss(x, t, reduction="sum"), "x t", x=x, t=t)
case("MSE none", lambda x, t: F.mse_loss(x, t, reduction="none"), "x", x=x, t=t)
case("MAE none", lambda x, t: F.l1_loss(x, t, reduction="none"), "x t", x=x, t=t)
case("MAE at kinks", lambda x, t: F.l1_loss(x, t, reduction="none"), "x", x=t + torch.tensor([0, 1, -1, 0.0]), t=t)
case("Huber", lambda x, t: F.huber_loss(x, t, delta=0.7), "x t", x=x, t=t)
steps = torch.tensor([-1, -0.5, -0.25, 0, 0.25, 0.5, 1])
case("Huber at kinks", lambda x, t: F.huber_loss(x, t, reduction="none", delta=0.5), "x", x=steps, t=steps * 0)
case("SmoothL1", lambda x, t: F.smooth_l1_loss(x, t, reduction="sum", beta=0.3), "x t", x=x, t=t)
case("SmoothL1 at kinks", lambda x, t: F.smooth_l1_loss(x, t, reduction="none", beta=0.5), "x", x=steps, t=steps * 0)
case("SmoothL1 of beta 0", lambda x, t: F.smooth_l1_loss(x, t, beta=0.0), "x", x=x, t=t)

p, q, w = uniform(3, 4), uniform(3, 4), uniform(4)
case("BinaryCrossEntropy", lambda p, t, w: F.binary_cross_entropy(p, t, weight=w), "p", p=p, t=q, w=w)
case("BinaryCrossEntropy at 0 and 1", lambda p, t: F.binary_cross_entropy(p, t, reduction="none"), "p",
     p=torch.tensor([0.0, 1, 1e-9, 0.5]), t=torch.tensor([0.0, 1, 0.5, 0.5]))
case("BinaryCrossEntropyWithLogits none",
     lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction="none"), "z t", z=normal(3, 4), t=q)
case("BinaryCrossEntropyWithLogits",
     lambda z, t, w, p: F.binary_cross_entropy_with_logits(z, t, weight=w, pos_weight=p), "z t",
     z=normal(3, 4), t=q, w=w, p=uniform(4) * 3)
case("BinaryCrossEntropyWithLogits of large logits",
     lambda z, t: F.binary_cross_entropy_with_logits(z, t, reduction="none"), "z",
     z=torch.tensor([1e4, 1e4, -1e4, -1e4, 0.0]), t=torch.tensor([0.0, 1, 0, 1, 1]))

z, k, cw = normal(4, 5) * 3, torch.tensor([2, 0, 4, 2]), uniform(5) * 2
case("CrossEntropy", lambda z, k, w: F.cross_entropy(z, k, weight=w), "z", z=z, k=k, w=cw)
case("CrossEntropy ignoring", lambda z, k, w: F.cross_entropy(z, k, weight=w, ignore_index=2), "z", z=z, k=k, w=cw)
case("CrossEntropy smoothed", lambda z, k, w: F.cross_entropy(z, k, weight=w, label_smoothing=0.2), "z", z=z, k=k, w=cw)
case("CrossEntropy smoothed and ignoring",
     lambda z, k, w: F.cross_entropy(z, k, weight=w, ignore_index=2, label_smoothing=0.2, reduction="none"),
     "z", z=z, k=k, w=cw)
case("CrossEntropy smoothed, the mean of those not ignored",
     lambda z, k: F.cross_entropy(z, k, ignore_index=2, label_smoothing=0.2), "z", z=z, k=k)
case("CrossEntropy of probabilities",
     lambda z, p, w: F.cross_entropy(z, p, weight=w, label_smoothing=0.1), "z p",
     z=z, p=torch.softmax(normal(4, 5), 1), w=cw)
case("CrossEntropy of pictures", lambda z, k, w: F.cross_entropy(z, k, weight=w, label_smoothing=0.1), "z",
     z=normal(2, 3, 2, 2), k=torch.tensor([[[0, 1], [2, 0]], [[1, 1], [0, 2]]]), w=uniform(3))
case("CrossEntropy of large logits", lambda z, k: F.cross_entropy(z, k, reduction="none"), "z",
     z=torch.tensor([[1e4, 0, -1e4], [1e4, 1e4, -1e4]]), k=torch.tensor([2, 0]))
case("NLL", lambda l, k, w: F.nll_loss(l, k, weight=w, ignore_index=4), "l", l=torch.log_softmax(z, 1), k=k, w=cw)
case("NLL none", lambda l, k, w: F.nll_loss(l, k, weight=w, ignore_index=0, reduction="none"), "l",
     l=torch.log_softmax(z, 1), k=k, w=cw)

l, pt = torch.log_softmax(normal(3, 4), 1), torch.softmax(normal(3, 4), 1)
case("KLDivergence", lambda l, t: F.kl_div(l, t, reduction="batchmean"), "l t", l=l, t=pt)
case("KLDivergence of logarithms", lambda l, t: F.kl_div(l, t, reduction="sum", log_target=True), "l t", l=l, t=pt.log())
case("KLDivergence of zeros", lambda l, t: F.kl_div(l, t, reduction="mean"), "l", l=l, t=torch.eye(3, 4))

y = signs(3, 4)
edge = torch.tensor([[0.0, 0.5, 1, 1.5], [-1, -0.5, 1, 2], [1, 1, -1, -1]])
case("Hinge", lambda x, t: (1 - t * x).clamp(min=0).mean(), "x", x=x, t=y)
case("Hinge at kinks", lambda x, t: (1 - t * x).clamp(min=0), "x", x=edge, t=y)
case("Hinge squared", lambda x, t: (1 - t * x).clamp(min=0).square().sum(), "x", x=x, t=y)
case("SoftMargin", lambda x, t: F.soft_margin_loss(x, t, reduction="none"), "x", x=x, t=y)
case("HingeEmbedding", lambda x, t: F.hinge_embedding_loss(x, t, margin=0.8), "x", x=x, t=y)
case("HingeEmbedding at kinks", lambda x, t: F.hinge_embedding_loss(x, t, margin=1.0, reduction="none"), "x", x=edge, t=y)
case("MultiMargin", lambda x, k, w: F.multi_margin_loss(x, k, p=2, margin=0.7, weight=w), "x", x=z, k=k, w=cw)
case("MultiMargin at kinks", lambda x, k: F.multi_margin_loss(x, k, margin=1.0, reduction="none"), "x",
     x=torch.tensor([[1.0, 0, 0.5], [0, 1, 2], [1, 1, 1], [2, 1, 0]]), k=torch.tensor([0, 1, 2, 0]))
a, b, c = normal(4, 3), normal(4, 3), normal(4, 3)
case("CosineEmbedding", lambda a, b, t: F.cosine_embedding_loss(a, b, t, margin=0.2, reduction="none"), "a b",
     a=a, b=b, t=torch.tensor([1.0, -1, 1, -1]))
case("CosineEmbedding of unlike pairs", lambda a, b, t: F.cosine_embedding_loss(a, b, t, margin=-0.9), "a b",
     a=a, b=b, t=torch.tensor([-1.0, -1, -1, -1]))
case("MarginRanking", lambda a, b, t: F.margin_ranking_loss(a, b, t, margin=0.5), "a b", a=x, b=t, t=y)
case("MarginRanking at kinks", lambda a, b, t: F.margin_ranking_loss(a, b, t, margin=1.0, reduction="none"), "a b",
     a=edge, b=edge * 0, t=y)
case("TripletMargin", lambda a, p, n: F.triplet_margin_loss(a, p, n, margin=0.8, p=3.0), "a p n", a=a, p=b, n=c)
case("TripletMargin swapped",
     lambda a, p, n: F.triplet_margin_loss(a, p, n, margin=2.0, eps=1e-3, swap=True, reduction="none"), "a p n",
     a=a, p=b, n=c)
counts = torch.tensor([[0.0, 1, 2, 5], [3, 0, 1, 9], [1, 4, 2, 0]])
case("PoissonNLL", lambda x, t: F.poisson_nll_loss(x, t, full=True), "x", x=x, t=counts)
case("PoissonNLL of rates", lambda x, t: F.poisson_nll_loss(x, t, log_input=False, eps=1e-3, reduction="sum"), "x",
     x=uniform(3, 4) * 4, t=counts)
case("GaussianNLL", lambda x, t, v: F.gaussian_nll_loss(x, t, v, full=True, eps=0.2), "x v", x=x, t=t, v=uniform(3, 4))
case("GaussianNLL of one variance a row", lambda x, t, v: F.gaussian_nll_loss(x, t, v, reduction="none"), "x v",
     x=x, t=t, v=uniform(3, 1))


# what PyTorch has no function for is written with its log-sigmoid, distributions and autograd
def negative_sampling(s, d):
    return -F.logsigmoid(s) - F.logsigmoid(-d).sum(1)


s, d = normal(4) * 3, normal(4, 3) * 3
case("NegativeSampling", negative_sampling, "s d", s=s, d=d)
case("NegativeSampling of vectors",
     lambda c, o, n: negative_sampling((c * o).sum(1), torch.bmm(n, c.unsqueeze(2)).squeeze(2)).mean(), "c o n",
     c=a, o=b, n=normal(4, 2, 3))
case("NoiseContrastive",
     lambda s, d, u, v: negative_sampling(s - u - math.log(3), d - v - math.log(3)).sum(), "s d",
     s=s, d=d, u=uniform(4).log(), v=uniform(4, 3).log())


def divergence(m, v):
    N = torch.distributions.Normal
    return torch.distributions.kl_divergence(N(m, (v / 2).exp()), N(torch.zeros_like(m), torch.ones_like(m))).sum(1)


case("ELBO", lambda x, t, m, v:
     F.binary_cross_entropy_with_logits(x, t, reduction="none").sum((1, 2)).add(divergence(m, v) * 0.5).mean(),
     "x m v", x=normal(3, 2, 4), t=uniform(3, 2, 4), m=normal(3, 2), v=normal(3, 2))
case("ELBO of squares", lambda x, t, m, v: (x - t).square().sum(1) + divergence(m, v), "x m v",
     x=x, t=t, m=normal(3, 2), v=normal(3, 2))

r, g = normal(5), normal(5)
bce = F.binary_cross_entropy_with_logits
one, zero = torch.ones(5), torch.zeros(5)
case("GANLoss MINIMAX", lambda r, g: torch.stack([bce(r, one) + bce(g, zero), -bce(g, zero)]), "r g", r=r, g=g)
case("GANLoss NON_SATURATING", lambda r, g: torch.stack([bce(r, one) + bce(g, zero), bce(g, one)]), "r g", r=r, g=g)
case("GANLoss LEAST_SQUARES", lambda r, g: torch.stack(
    [(F.mse_loss(r, one) + F.mse_loss(g, zero)) / 2, F.mse_loss(g, one) / 2]), "r g", r=r, g=g)
case("GANLoss WASSERSTEIN", lambda r, g: torch.stack([g.mean() - r.mean(), -g.mean()]), "r g", r=r, g=g)
case("GANLoss HINGE", lambda r, g: torch.stack([F.relu(1 - r).mean() + F.relu(1 + g).mean(), -g.mean()]), "r g", r=r, g=g)


def penalty(w, u, r, g, e):
    between = (e * r + (1 - e) * g).requires_grad_()
    scores = torch.tanh(between @ w.t()) @ u
    slope, = torch.autograd.grad(scores.sum(), between, create_graph=True)
    return 3 * (slope.norm(2, dim=1) - 1).square().mean()


case("GradientPenalty", penalty, "w u", w=normal(4, 3), u=normal(4), r=normal(5, 3), g=normal(5, 3), e=uniform(5, 1))

lines = ",\n".join(json.dumps(c, separators=(",", ":"), ensure_ascii=True) for c in CASES)
print('{"source":"losses.py, PyTorch ' + torch.__version__ + '","cases":[\n' + lines + "\n]}")
