"""The rates of every schedule, computed by PyTorch 1.13's schedulers at a rate of 1.

Debian: apt-get install python3-torch; /usr/bin/python3 schedules.py > ../resources/vectorgrad/optim/schedules.csv

Each line: the schedule as vectorgrad.optim.Schedule.parse reads it, then its rates from step 0 on. Warm-up,
1/t and Vaswani's rate are their papers' formulas, under LambdaLR. The cyclic ones are given in PyTorch by
two rates; here the upper one is 1.
"""

import warnings

import torch
from torch.optim import lr_scheduler as s

warnings.simplefilter("ignore")

CASES = {
    "constant(0.3, steps=4) then constant(1)": lambda o: s.ConstantLR(o, 0.3, 4),
    "linear(0.25, 0.8, 6)": lambda o: s.LinearLR(o, 0.25, 0.8, 6),
    "warmup(7)": lambda o: s.LambdaLR(o, lambda t: min(1, (t + 1) / 7)),
    "cosine(17, floor=0.1)": lambda o: s.CosineAnnealingLR(o, 17, 0.1),
    "polynomial(15, power=2.5)": lambda o: s.PolynomialLR(o, 15, 2.5),
    "step(4, factor=0.7)": lambda o: s.StepLR(o, 4, 0.7),
    "multiStep(0.3, 3, 4, 11)": lambda o: s.MultiStepLR(o, [3, 4, 11], 0.3),
    "exponential(0.93)": lambda o: s.ExponentialLR(o, 0.93),
    "inverse(0.2)": lambda o: s.LambdaLR(o, lambda t: 1 / (1 + 0.2 * t)),
    "inverseSqrt(5) times 0.02795084971874737": lambda o: s.LambdaLR(
        o, lambda t: 256**-0.5 * min((t + 1) ** -0.5, (t + 1) * 5**-1.5)
    ),
    "warmRestarts(4, floor=0.05)": lambda o: s.CosineAnnealingWarmRestarts(o, 4, 1, 0.05),
    "warmRestarts(3, multiply=2, floor=0.1)": lambda o: s.CosineAnnealingWarmRestarts(o, 3, 2, 0.1),
    "triangular(3, down=5, floor=0.2)": lambda o: s.CyclicLR(
        o, 0.2, 1, 3, 5, "triangular", cycle_momentum=False
    ),
    "triangular2(4, floor=0.1)": lambda o: s.CyclicLR(
        o, 0.1, 1, 4, None, "triangular2", cycle_momentum=False
    ),
    "expRange(2, down=4, floor=0.1, gamma=0.9)": lambda o: s.CyclicLR(
        o, 0.1, 1, 2, 4, "exp_range", 0.9, cycle_momentum=False
    ),
    "oneCycle(20)": lambda o: s.OneCycleLR(o, 1, 20, cycle_momentum=False),
    "oneCycle(20, rise=0.25, divide=10, finalDivide=100, linear)": lambda o: s.OneCycleLR(
        o, 1, 20, pct_start=0.25, anneal_strategy="linear", div_factor=10, final_div_factor=100,
        cycle_momentum=False,
    ),
    "oneCycle(20, rise=0.4, threePhase)": lambda o: s.OneCycleLR(
        o, 1, 20, pct_start=0.4, three_phase=True, cycle_momentum=False
    ),
    "warmup(4) then step(3, factor=0.5)": lambda o: s.SequentialLR(
        o, [s.LambdaLR(o, lambda t: (t + 1) / 4), s.StepLR(o, 3, 0.5)], [4]
    ),
}
STEPS = 20


def optimizer():
    return torch.optim.SGD([torch.zeros(1)], lr=1.0)


for text, make in CASES.items():
    o = optimizer()
    schedule = make(o)
    rates = []
    for step in range(STEPS):
        rates.append(o.param_groups[0]["lr"])
        o.step()
        if step < STEPS - 1:
            schedule.step()
    if text.startswith("cosine"):
        rates = rates[:18]  # PyTorch's rises again, ours stays
    print(text, *map(repr, map(float, rates)), sep=";")

METRICS = [5, 4, 4.5, 3.9999, 4, 3, 3.5, 3.2, float("nan"), 2.9999, 3.1, 2, 2, 2, 2, 2, 2, 2, 2, 2]
PLATEAUS = {
    "plateau": dict(patience=2),
    "plateau options": dict(factor=0.5, patience=1, threshold=0.01, cooldown=2, min_lr=0.2),
    "plateau absolute": dict(factor=0.5, patience=0, threshold=0.5, threshold_mode="abs"),
    "plateau rising": dict(factor=0.3, patience=1, mode="max"),
}
for name, options in PLATEAUS.items():
    o = optimizer()
    schedule = s.ReduceLROnPlateau(o, **options)
    rates = []
    for metric in METRICS:
        schedule.step(-metric + 8 if name == "plateau rising" else metric)
        rates.append(o.param_groups[0]["lr"])
    print(name, *map(repr, rates), sep=";")
