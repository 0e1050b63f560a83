"""Ten steps of every optimizer, computed by PyTorch 1.13 in float64.

Debian: apt-get install python3-torch; /usr/bin/python3 trajectories.py > ../resources/vectorgrad/optim/trajectories.csv

The valley is f(p) = a . (p^4 / 4 + p^2 / 2) with a = (1, 10, 0.1), from p = (1, -2, 3): smooth, with
slopes of different size in each direction, and curved, so that every state matters. Two optimizers are
written out here: Lion, which PyTorch 1.13 does not have, after program 1 of Chen et al. 2023; and NAdam,
where PyTorch 1.13 multiplies the next product of momenta by the present momentum twice (put right in 2.0).
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
}

print("optimizer,step,p0,p1,p2")
for name, make in CASES.items():
    p = torch.tensor(START, requires_grad=True)
    optimizer = make([p])
    for step in range(1, 11):
        optimizer.zero_grad()
        loss(p).backward()
        optimizer.step()
        print(name, step, *(repr(x) for x in p.tolist()), sep=",")
