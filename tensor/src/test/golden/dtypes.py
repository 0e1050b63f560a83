"""Writes the tables of DTypeTest and ConversionsTest, with NumPy 2.4.6.

    python3 dtypes.py promotion   > ../resources/vectorgrad/tensor/promotion.csv
    python3 dtypes.py conversions > ../resources/vectorgrad/tensor/conversions.csv

NumPy has no bf16. What it promotes to is that of ml_dtypes 0.5, by hand; its roundings are computed here with
fractions."""
import sys
import warnings
from fractions import Fraction

import numpy as np

warnings.simplefilter("ignore")
NUMPY = {
    "F32": np.float32, "F64": np.float64, "I32": np.int32, "I64": np.int64,
    "U8": np.uint8, "BOOL": np.bool_, "F16": np.float16,
}
NAMES = {np.dtype(t): name for name, t in NUMPY.items()}
BF16 = {"F32": "F32", "F64": "F64", "I32": "F64", "I64": "F64", "U8": "BF16", "BOOL": "BF16", "F16": "F32", "BF16": "BF16"}


def promotion():
    for a in NUMPY:
        for b in NUMPY:
            print(f"{a},{b},{NAMES[np.result_type(NUMPY[a], NUMPY[b])]}")
    for other, result in BF16.items():
        print(f"BF16,{other},{result}")


def bf16(x):
    """The bits of the bfloat16 nearest to the int or float x, ties to even."""
    if x != x:
        return 0x7FC0
    sign = 0x8000 if x < 0 or (x == 0 and np.signbit(x)) else 0
    if np.isinf(float(x)):
        return sign | 0x7F80
    exact = abs(Fraction(x))
    exponent = -126
    while exact >= Fraction(2) ** (exponent + 1):
        exponent += 1
    steps = exact / Fraction(2) ** (exponent - 7)  # of the last place
    whole = steps.numerator // steps.denominator
    rest = steps - whole
    whole += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and whole % 2 == 1)
    return sign | min(0x7F80, ((exponent + 126) << 7) + whole)


FLOATS = [
    0.0, -0.0, 1.0, -1.5, 2.5, -0.99, 254.7, 255.0, float("nan"), float("inf"), -float("inf"),
    65504.0, 65519.99, 65520.0, -65519.999999999, 2.0**-24, 2.0**-25, 2.0**-25 * (1 + 2.0**-40), -(2.0**-14), 3 * 2.0**-26,
    1 + 2.0**-11, 1 + 2.0**-11 + 2.0**-40, 1 + 3 * 2.0**-11, 1 + 2.0**-8, 1 + 2.0**-8 + 2.0**-40, 1 + 3 * 2.0**-8,
    1 + 2.0**-24, 1 + 2.0**-24 + 2.0**-50, 3.4028235677973366e38, 3.39617752923046e38, 3.3961775292304598e38, 1e300, 5e-324, 1.5e-45,
    2.0**-134, 2.0**-134 * (1 + 2.0**-30), 9.2e-41, 2147483646.5, -2147483648.5, 9.007199254740993e15,
]
WHOLE = [
    0, 1, -1, 44, 127, 128, 255, 256, 300, -129, 2048, 2049, 2051, 65504, 65519, 65520, 2**24 + 1, 2**24 + 3, 2**31 - 1, -(2**31),
    2**31, 2**32 + 5, 2**53 + 1, 2**62 + 2**38, 2**62 + 2**38 + 1, 2**62 + 2**54, 2**62 + 2**54 + 1, -(2**62) - 2**54 - 1, 2**63 - 1, -(2**63),
    2**30 + 2**22, 2**30 + 2**22 + 1, 257, 259,
]
BITS = {"F32": np.uint32, "F64": np.uint64, "F16": np.uint16}


def text(value, to):
    """Whole numbers as they are, floating ones as their bits."""
    if to in BITS:
        return "nan" if np.isnan(value) else f"{int(np.asarray(value).view(BITS[to])):x}"
    return str(int(value))


def conversions():
    for name in ["F64", "F32", "F16"]:
        for x in FLOATS:
            source = NUMPY[name](x)
            for to in ["F32", "F64", "F16", "BOOL", "I32", "I64", "U8"]:
                least, most = {"I32": (-(2**31), 2**31), "I64": (-(2**63), 2**63), "U8": (0, 256)}.get(to, (None, None))
                if least is not None and not (np.isfinite(source) and least <= np.trunc(source) < most):
                    continue  # NumPy does not say what becomes of these
                print(f"{name},{to},{float(source).hex()},{text(source.astype(NUMPY[to]), to)}")
            print(f"{name},BF16,{float(source).hex()},{'nan' if source != source else f'{bf16(float(source)):x}'}")
    for name, least, most in [("I64", -(2**63), 2**63), ("I32", -(2**31), 2**31), ("U8", 0, 256), ("BOOL", 0, 2)]:
        for x in WHOLE:
            if least <= x < most:
                source = NUMPY[name](x)
                for to in NUMPY:
                    print(f"{name},{to},{x},{text(source.astype(NUMPY[to]), to)}")
                print(f"{name},BF16,{x},{bf16(x):x}")


{"promotion": promotion, "conversions": conversions}[sys.argv[1]]()
