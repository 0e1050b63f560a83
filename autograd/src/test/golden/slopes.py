"""Exact slopes of elementary functions at ordinary and extreme inputs, for SlopesTest.

    python3 autograd/src/test/golden/slopes.py > autograd/src/test/resources/vectorgrad/autograd/slopes.txt

A line: function, precision, inputs, slopes, in hexadecimal. Computed with mpmath in 2000 digits of which
the nearest double is written; "inf" where that is out of the range of the precision.
"""
import struct
from mpmath import mp, mpf, sqrt, exp, log, cosh, sinh, tan, sin, cos, tanh, pi, cbrt

mp.dps = 400  # enough for 1e-300 beside 1


def sigmoid(x):
    return 1 / (1 + exp(-x)) if x > -100000 else mpf(0)


ONE = {  # name: slope, domain
    "log": (lambda x: 1 / x, lambda x: x > 0),
    "log2": (lambda x: 1 / (x * log(2)), lambda x: x > 0),
    "log10": (lambda x: 1 / (x * log(10)), lambda x: x > 0),
    "log1p": (lambda x: 1 / (x + 1), lambda x: x > -1),
    "exp": (exp, lambda x: True),
    "exp2": (lambda x: log(2) * mpf(2) ** x, lambda x: True),
    "expm1": (exp, lambda x: True),
    "sqrt": (lambda x: 1 / (2 * sqrt(x)), lambda x: x > 0),
    "rsqrt": (lambda x: -1 / (2 * x * sqrt(x)), lambda x: x > 0),
    "cbrt": (lambda x: 1 / (3 * cbrt(abs(x)) ** 2), lambda x: x != 0),
    "reciprocal": (lambda x: -1 / x**2, lambda x: x != 0),
    "square": (lambda x: 2 * x, lambda x: True),
    "sin": (cos, lambda x: abs(x) <= 2**20),
    "cos": (lambda x: -sin(x), lambda x: abs(x) <= 2**20),
    "tan": (lambda x: 1 + tan(x) ** 2, lambda x: abs(x) <= 2**20),
    "asin": (lambda x: 1 / sqrt((1 - x) * (1 + x)), lambda x: abs(x) < 1),
    "acos": (lambda x: -1 / sqrt((1 - x) * (1 + x)), lambda x: abs(x) < 1),
    "atan": (lambda x: 1 / (1 + x * x), lambda x: True),
    "sinh": (cosh, lambda x: True),
    "cosh": (sinh, lambda x: True),
    "tanh": (lambda x: 1 / cosh(x) ** 2, lambda x: True),
    "asinh": (lambda x: 1 / sqrt(1 + x * x), lambda x: True),
    "acosh": (lambda x: 1 / sqrt((x - 1) * (x + 1)), lambda x: x > 1),
    "atanh": (lambda x: 1 / ((1 - x) * (1 + x)), lambda x: abs(x) < 1),
    "erf": (lambda x: 2 / sqrt(pi) * exp(-x * x), lambda x: True),
    "erfc": (lambda x: -2 / sqrt(pi) * exp(-x * x), lambda x: True),
    "sigmoid": (lambda x: sigmoid(x) * sigmoid(-x), lambda x: True),
    "softplus": (sigmoid, lambda x: True),
    "logSigmoid": (lambda x: sigmoid(-x), lambda x: True),
    "logit": (lambda x: 1 / (x * (1 - x)), lambda x: 0 < x < 1),
}

TWO = {  # name: both slopes, domain
    "atan2": (lambda y, x: (x / (x * x + y * y), -y / (x * x + y * y)), lambda y, x: True),
    "hypot": (lambda x, y: (x / sqrt(x * x + y * y), y / sqrt(x * x + y * y)), lambda x, y: True),
    "pow": (lambda x, y: (y * x ** (y - 1), x**y * log(x)), lambda x, y: x > 0 and abs(y) < 50),
    "logaddexp": (lambda x, y: (sigmoid(x - y), sigmoid(y - x)), lambda x, y: True),
    "xlogy": (lambda x, y: (log(y), x / y), lambda x, y: y > 0),
}

RANGE = {"F32": (mpf(2) ** 128, 24, -126), "F64": (mpf(2) ** 1024, 53, -1022)}
POINTS = {
    "F32": [1e-37, 1e-30, 1e-8, 0.25, 0.5, 1 - 2.0**-24, 1, 1 + 2.0**-23, 1.5, 3, 9, 20, 40, 88.5, 1e4, 1e20, 1e30, 1e38],
    "F64": [1e-307, 1e-300, 1e-16, 0.25, 0.5, 1 - 2.0**-53, 1, 1 + 2.0**-52, 1.5, 3, 9, 26, 40, 700, 1e4, 1e160, 1e200, 1e300],
}


def single(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def rounded(v, precision):
    """To a double; infinite where it would round to infinity in the precision."""
    top, digits, _ = RANGE[precision]
    if abs(v) >= top * (1 - mpf(2) ** -(digits + 1)):
        return "inf" if v > 0 else "-inf"
    return float.hex(float(v))


for precision, points in POINTS.items():
    points = [single(p) if precision == "F32" else float(p) for p in points]
    points = [-p for p in reversed(points)] + [0.0] + points
    for name, (slope, domain) in ONE.items():
        for x in points:
            if domain(x):
                print(name, precision, float.hex(x), rounded(slope(mpf(x)), precision))
    few = {"F32": [1e-30, 0.5, 3, 1e30], "F64": [1e-200, 0.5, 3, 1e200]}[precision]
    few = [single(p) if precision == "F32" else float(p) for p in few]
    some = [-p for p in few] + [0.0] + few
    for name, (slopes, domain) in TWO.items():
        for x in some:
            for y in some:
                if (x, y) != (0, 0) and domain(x, y):
                    a, b = slopes(mpf(x), mpf(y))
                    print(name, precision, float.hex(x), float.hex(y), rounded(a, precision), rounded(b, precision))
