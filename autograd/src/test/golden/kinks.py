"""Asks PyTorch whether the table of ties and kinks in autograd's package-info.java is true.

Prints the rows in which PyTorch computes another gradient, or has none. Last run with PyTorch 1.13.1 (Debian's
python3-torch), whose answer is kept in kinks.txt beside this file:

    /usr/bin/python3 autograd/src/test/golden/kinks.py > autograd/src/test/golden/kinks.txt
"""

import math
import pathlib
import re

import torch

torch.set_default_dtype(torch.float64)

FUNCTIONS = {
    "nanToNum": torch.nan_to_num,
    "max": torch.amax,
    "min": torch.amin,
    "norm": torch.linalg.vector_norm,
    "clampMin": lambda x, low: torch.clamp(x, min=low),
    "clampMax": lambda x, high: torch.clamp(x, max=high),
    "clamp": torch.clamp,
}


def numbers(text):
    text = re.sub(r"[a-z]+ = ", "", text).replace("`", "").strip()
    plain = text.replace("−", "-").replace("½", ".5").replace("∞", "inf")
    if plain.startswith("["):
        return [[float(word) for word in plain[1:-1].split(",")]]
    return [[float(word)] for word in plain.split(",")]


def same(a, b):
    return (math.isnan(a) and math.isnan(b)) or a == b


def main():
    source = pathlib.Path(__file__).parents[2] / "main/java/vectorgrad/autograd/package-info.java"
    rows = 0
    for line in source.read_text().splitlines():
        if not line.startswith("/// | `"):
            continue
        functions, at, gradients = line[5:].strip("| ").split("|")
        for name in re.findall(r"`(\w+)\(", functions):
            rows += 1
            inputs = [torch.tensor(x, requires_grad=True) for x in numbers(at)]
            expected = numbers(gradients)
            try:
                y = FUNCTIONS.get(name) or getattr(torch, name)
                y(*inputs).sum().backward()
            except Exception as e:
                print(f"{name} at {at.strip()}: PyTorch says: {str(e).splitlines()[0]}")
                continue
            for i, (x, wanted) in enumerate(zip(inputs, expected)):
                found = x.grad.tolist() if x.grad is not None else [0.0] * len(wanted)
                if not all(same(a, b) for a, b in zip(found, wanted)):
                    print(f"{name} at {at.strip()}: input {i}: the table says {wanted}, PyTorch {found}")
    print(f"{rows} rows compared with PyTorch {torch.__version__}")


main()
