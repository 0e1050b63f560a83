"""Ten steps of every optimizer, computed by PyTorch 1.13 in float64.

Debian: apt-get install python3-torch; /usr/bin/python3 trajectories.py > ../resources/vectorgrad/optim/trajectories.csv

The valley is f(p) = a . (p^4 / 4 + p^2 / 2) with a = (1, 10, 0.1), from p = (1, -2, 3): smooth, with
slopes of different size in each direction, and curved, so that every state matters. Three optimizers are
written out here: Lion and Lamb, which PyTorch 1.13 does not have, after program 1 of Chen et al. 2023 and
algorithm 2 of You et al. 2020; and NAdam, where PyTorch 1.13 multiplies the next product of momenta by the
present momentum twice (put right in 2.0). L1 is a penalty in the loss, decoupled decay a factor before the
step. Where an optimizer maximizes, it is given -f.
"""

import torch

torch.set_default_dtype(torch.float64)
A = torch.tensor([1.0, 10.0, 0.1])
START = [1.0, -2.0, 3.0]


def loss(p):
    return (A * (p**4 / 4 + p**2 / 2)).sum()


class Lion(torch.optim.Optimizer):
    def __init__(self, params, lr, betas, weight_decay):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = torch.sign(beta1 * m + (1 - beta1) * p.grad)
                p -= group["lr"] * (update + group["weight_decay"] * p)
                m.mul_(beta2).add_((1 - beta2) * p.grad)


class Lamb(torch.optim.Optimizer):
    def __init__(self, params, lr, betas, eps, weight_decay, norms=(0, float("inf"))):
        super().__init__(params, dict(lr=lr, betas=betas, eps=eps, wd=weight_decay, norms=norms))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (beta1, beta2), (least, most) = group["betas"], group["norms"]
            for p in group["params"]:
                s = self.state[p]
                if not s:
                    s.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                s["t"] += 1
                s["m"] = beta1 * s["m"] + (1 - beta1) * p.grad
                s["v"] = beta2 * s["v"] + (1 - beta2) * p.grad**2
                m, v = s["m"] / (1 - beta1 ** s["t"]), s["v"] / (1 - beta2 ** s["t"])
                u = m / (v.sqrt() + group["eps"]) + group["wd"] * p
                phi = min(max(p.norm().item(), least), most)
                p -= group["lr"] * phi / u.norm().item() * u


class NAdam(torch.optim.Optimizer):
    def __init__(self, p, lr=2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0, momentum_decay=4e-3):
        super().__init__(p, dict(lr=lr, betas=betas, eps=eps, wd=weight_decay, psi=momentum_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            (beta1, beta2), lr, psi = group["betas"], group["lr"], group["psi"]
            for p in group["params"]:
                s = self.state[p]
                if not s:
                    s.update(t=0, product=1.0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                s["t"] += 1
                mu, mu_next = (
                    beta1 * (1 - 0.5 * 0.96 ** (t * psi)) for t in (s["t"], s["t"] + 1)
                )
                s["product"] *= mu
                grad = p.grad + group["wd"] * p
                s["m"] = beta1 * s["m"] + (1 - beta1) * grad
                s["v"] = beta2 * s["v"] + (1 - beta2) * grad**2
                denominator = (s["v"] / (1 - beta2 ** s["t"])).sqrt() + group["eps"]
                p -= lr * (1 - mu) / (1 - s["product"]) * grad / denominator
                p -= lr * mu_next / (1 - s["product"] * mu_next) * s["m"] / denominator


o = torch.optim
CASES = {
    "sgd": lambda p: o.SGD(p, lr=0.005),
    "sgd decay": lambda p: o.SGD(p, lr=0.005, weight_decay=0.1),
    "sgd momentum": lambda p: o.SGD(p, lr=0.002, momentum=0.9, weight_decay=0.1),
    "sgd dampening": lambda p: o.SGD(p, lr=0.002, momentum=0.8, dampening=0.3),
    "sgd nesterov": lambda p: o.SGD(p, lr=0.002, momentum=0.9, nesterov=True, weight_decay=0.1),
    "adam": lambda p: o.Adam(p, lr=0.1),
    "adam options": lambda p: o.Adam(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
    "adam amsgrad": lambda p: o.Adam(p, lr=0.1, betas=(0.8, 0.9), amsgrad=True),
    "adamw": lambda p: o.AdamW(p, lr=0.1),
    "adamw options": lambda p: o.AdamW(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.3),
    "adamw amsgrad": lambda p: o.AdamW(p, lr=0.1, betas=(0.8, 0.9), amsgrad=True),
    "rmsprop": lambda p: o.RMSprop(p, lr=0.01),
    "rmsprop options": lambda p: o.RMSprop(
        p, lr=0.01, alpha=0.9, eps=1e-3, weight_decay=0.1, momentum=0.5, centered=True
    ),
    "adagrad": lambda p: o.Adagrad(p, lr=0.1),
    "adagrad options": lambda p: o.Adagrad(
        p, lr=0.1, lr_decay=0.1, weight_decay=0.1, initial_accumulator_value=0.5, eps=1e-3
    ),
    "adadelta": lambda p: o.Adadelta(p),
    "adadelta options": lambda p: o.Adadelta(p, lr=0.5, rho=0.8, eps=1e-3, weight_decay=0.1),
    "nadam": lambda p: NAdam(p),
    "nadam options": lambda p: NAdam(
        p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1, momentum_decay=0.1
    ),
    "radam": lambda p: o.RAdam(p, lr=0.01),
    "radam options": lambda p: o.RAdam(p, lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1),
    "lion": lambda p: Lion(p, lr=0.07, betas=(0.9, 0.99), weight_decay=0),
    "lion options": lambda p: Lion(p, lr=0.1, betas=(0.5, 0.8), weight_decay=0.1),
    "lamb": lambda p: Lamb(p, lr=0.02, betas=(0.9, 0.999), eps=1e-6, weight_decay=0.01),
    "lamb options": lambda p: Lamb(
        p, lr=0.05, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.3, norms=(0.5, 2.5)
    ),
    "lbfgs": lambda p: o.LBFGS(p, max_iter=1, history_size=10, line_search_fn="strong_wolfe"),
    "lbfgs options": lambda p: o.LBFGS(
        p,
        lr=0.5,
        max_iter=2,
        max_eval=6,
        history_size=2,
        tolerance_grad=1e-10,
        tolerance_change=1e-12,
        line_search_fn="strong_wolfe",
    ),
    "lbfgs fixed step": lambda p: o.LBFGS(p, lr=0.3, max_iter=1, history_size=3),
    "sgd maximize": lambda p: o.SGD(
        p, lr=0.002, momentum=0.9, weight_decay=0.1, maximize=True
    ),
    "adam maximize": lambda p: o.Adam(p, lr=0.1, weight_decay=0.1, maximize=True),
    "sgd l1": lambda p: o.SGD(p, lr=0.005),
    "adam l1": lambda p: o.Adam(p, lr=0.1),
    "sgd decoupled": lambda p: o.SGD(p, lr=0.002, momentum=0.9),
    "nadam decoupled": lambda p: NAdam(p, lr=0.1),
    "rmsprop decoupled": lambda p: o.RMSprop(p, lr=0.01, momentum=0.5),
}


def closure(name, optimizer, p):
    optimizer.zero_grad()
    value = loss(p)
    if name.endswith("l1"):
        value = value + 0.7 * p.abs().sum()
    if name.endswith("maximize"):
        value = -value
    value.backward()
    return value


print("optimizer,step,p0,p1,p2")
for name, make in CASES.items():
    p = torch.tensor(START, requires_grad=True)
    optimizer = make([p])
    for step in range(1, 11):
        if name.startswith("lbfgs"):
            optimizer.step(lambda: closure(name, optimizer, p))
        else:
            closure(name, optimizer, p)
            if name.endswith("decoupled"):
                with torch.no_grad():
                    p *= 1 - optimizer.param_groups[0]["lr"] * 0.3
            optimizer.step()
        print(name, step, *(repr(x) for x in p.tolist()), sep=",")
