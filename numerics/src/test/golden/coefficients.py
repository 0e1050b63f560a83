"""Prints the coefficients of numerics/.../elementary functions: near-minimax polynomials by Chebyshev interpolation.

Needs mpmath. For each function the lowest degree whose error, relative to the weight the polynomial has in the
result, is below the bound is taken; coefficients are printed highest power first, as Java literals.
"""
import struct
from mpmath import mp, mpf, atan, asin, sin, cos, sinh, erf, erfc, exp, log, sqrt, cbrt, chebyfit, polyval, taylor, pi, fabs

mp.dps = 60


def f32(x):
    return struct.unpack("f", struct.pack("f", float(x)))[0]


def show(name, f, lo, hi, bound32, bound64, weight=lambda t: 1, hi32=None):
    for bits, bound, top in ((32, bound32, hi32 or hi), (64, bound64, hi)):
        for degree in range(1, 40):
            p = chebyfit(f, [mpf(lo), mpf(top)], degree + 1)
            rounded = [mpf(f32(c)) if bits == 32 else mpf(float(c)) for c in p]
            points = [mpf(lo) + (mpf(top) - mpf(lo)) * i / 400 for i in range(1, 401)]
            worst = max(fabs((polyval(p, t) - f(t)) * weight(t)) for t in points)
            if worst < bound:
                kept = max(fabs((polyval(rounded, t) - f(t)) * weight(t)) for t in points)
                print(f"// {name}, f{bits}, degree {degree}: error 2^{float(log(worst, 2)):.1f}, rounded 2^{float(log(kept, 2)):.1f}")
                print(", ".join(repr(f32(c)) if bits == 32 else repr(float(c)) for c in p))
                break


def series(f, at_zero):
    """`f` near 0, where its quotient loses digits."""
    return lambda z: at_zero if z < mpf(10) ** -25 else f(z)


B32, B64 = mpf(2) ** -28, mpf(2) ** -57
show("log", lambda z: (lambda s: (2 * (log(1 + s) - log(1 - s)) / 2 - 2 * s - 2 * s**3 / 3) / s**5)(sqrt(z)) if z > mpf(10) ** -8 else mpf(2) / 5 + 2 * z / 7 + 2 * z * z / 9,
     0, (3 - 2 * sqrt(mpf(2))) ** 2 * mpf("1.001"), mpf(2) ** -37, mpf(2) ** -69, lambda z: z * z / 2)
show("sin", series(lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, -mpf(1) / 6), 0, mpf("0.83") ** 2, B32, B64, lambda z: z)
show("cos", series(lambda z: (cos(sqrt(z)) - 1 + z / 2) / z**2, mpf(1) / 24), 0, mpf("0.83") ** 2, B32, B64, lambda z: z * z)
show("atan", series(lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, -mpf(1) / 3), 0, (sqrt(mpf(2)) - 1) ** 2 * mpf("1.001"), B32, B64, lambda z: z)
show("asin", series(lambda z: (asin(sqrt(z)) / sqrt(z) - 1) / z, mpf(1) / 6), 0, mpf("0.25"), B32, B64, lambda z: z)
show("sinh", series(lambda z: (sinh(sqrt(z)) / sqrt(z) - 1) / z, mpf(1) / 6), 0, 1, B32, B64, lambda z: z)
show("erf", series(lambda z: erf(sqrt(z)) / sqrt(z) - 1, 2 / sqrt(pi) - 1), 0, mpf("0.25"), B32, B64)
show("exp", lambda r: (exp(r) - 1 - r) / r**2 if fabs(r) > mpf(10) ** -20 else mpf(1) / 2, -mpf("0.3475"), mpf("0.3475"), mpf(2)**-30, mpf(2)**-59, lambda r: r * r)


def erfcx(k):
    return lambda t: (lambda x: (1 + 2 * x) * exp(x * x) * erfc(x))(k * (1 + t) / (1 - t))


for k in (2, 3, 4):
    k = mpf(k)
    show(f"erfcx, k = {int(k)}", erfcx(k), (mpf("0.5") - k) / (mpf("0.5") + k), (28 - k) / (28 + k), B32, B64, hi32=(mpf("10.5") - k) / (mpf("10.5") + k))
for degree in (2, 3, 4):
    p = chebyfit(lambda m: cbrt(m), [1, 2], degree + 1)
    print("// cbrt, degree", degree, float(log(max(fabs(polyval(p, 1 + mpf(i) / 100) / cbrt(1 + mpf(i) / 100) - 1) for i in range(101)), 2)))
    print(", ".join(repr(float(c)) for c in p))
